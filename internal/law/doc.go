// Package law owns every number that a statute, an office or our own rules of conduct may change: deadlines, ages,
// fees, levels, lengths, attempts. Each is a dated row with its source, one file a topic; code asks the table with a
// moment and never holds a number of its own. The day that counts is the calendar day in Budapest.
//
// Before a rule's first day, and after its last, the look-up answers the zero value of its type, which always means
// the stricter: nothing permitted. It refuses to know clocks, configuration files and the people it judges, and
// imports the standard library and identity only.
package law
