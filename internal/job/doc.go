// Package job owns the work that comes round: how often each job runs, that one
// process at a time runs it, and the book that says when it last ran, what it
// did and what went wrong.
//
// It refuses to know what a job does, and to write into the book anything but
// times, counts and kinds of faults. A job must bear being cut short and run
// again, and two runs at once: the lease saves work, it does not keep order.
package job
