package job

import (
	"context"
	"time"

	"kapu/internal/store"
)

// noteEvery is how often a job that runs everywhere is booked, unless its fault changes.
const noteEvery = time.Minute

// note is what is to be booked of such a job.
type note struct {
	booked time.Time
	done   int
	fault  string
}

// everywhere runs a job without a lease. What it does is summed up and booked now
// and then: a job that comes round every second must not write every second.
func (r *Runner) everywhere(ctx context.Context, j Job) error {
	began := r.Now()
	done, err := safely(ctx, j)
	if ctx.Err() != nil {
		return err
	}
	fault := Fault(err)
	sum, due := r.noted(j.Name, done, fault, began)
	if !due {
		return err
	}
	booked := r.DB.Apply(ctx, func(tx *store.Tx) error {
		return tx.NoteJob(store.Job{Name: j.Name, Began: began, Ended: endOf(tx.Now, err), Done: int64(sum), Fault: fault})
	})
	if err != nil {
		return err
	}
	return booked
}

// noted adds a run to the note and tells whether it is to be booked now.
func (r *Runner) noted(name string, done int, fault string, now time.Time) (sum int, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.notes[name]
	sum = n.done + done
	if !n.booked.IsZero() && n.fault == fault && now.Before(n.booked.Add(noteEvery)) {
		n.done = sum
		r.notes[name] = n
		return sum, false
	}
	r.notes[name] = note{booked: now, fault: fault}
	return sum, true
}
