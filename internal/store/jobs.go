package store

import "time"

// Job is the bookkeeping of work that comes round, shared by all processes.
type Job struct {
	Name  string
	Lease time.Time // until when one process has it; it also tells leases apart
	Began time.Time // the last run
	Ended time.Time // the last run that ended well
	Done  int64     // by the last run
	Total int64     // by all runs
	Fault string    // kind of the last run's fault; "" for none
}

// ClaimJob takes a job until the given time and marks its beginning. ErrStale:
// another process has it, or it began after since.
func (tx *Tx) ClaimJob(name string, until, since time.Time) error {
	return tx.one(ErrStale, `INSERT INTO jobs (name, lease, began, ended, done, total, fault) VALUES ($1, $2, $3, 0, 0, 0, '')
		ON CONFLICT (name) DO UPDATE SET lease = excluded.lease, began = excluded.began
		WHERE jobs.lease <= $3 AND (jobs.began <= $4 OR jobs.began > $3)`, name, millis(until), millis(tx.Now), millis(since))
}

// RenewJob makes a lease longer. ErrStale: it ran out and another process has the job.
func (tx *Tx) RenewJob(name string, lease, until time.Time) error {
	return tx.one(ErrStale, "UPDATE jobs SET lease = $3 WHERE name = $1 AND lease = $2", name, millis(lease), millis(until))
}

// EndJob gives a job back under its lease, with what the run did. ErrStale: the
// lease ran out and another process has the job.
func (tx *Tx) EndJob(j Job) error {
	return tx.one(ErrStale, `UPDATE jobs SET lease = 0, ended = CASE WHEN ended > $3 THEN ended ELSE $3 END, done = $4, total = total + $4, fault = $5
		WHERE name = $1 AND lease = $2`, j.Name, millis(j.Lease), millis(j.Ended), j.Done, j.Fault)
}

// NoteJob books a run of a job that needs no lease.
func (tx *Tx) NoteJob(j Job) error {
	_, err := tx.exec(`INSERT INTO jobs (name, lease, began, ended, done, total, fault) VALUES ($1, 0, $2, $3, $4, $4, $5)
		ON CONFLICT (name) DO UPDATE SET began = excluded.began, ended = CASE excluded.ended WHEN 0 THEN jobs.ended ELSE excluded.ended END,
			done = excluded.done, total = jobs.total + excluded.done, fault = excluded.fault`,
		j.Name, millis(j.Began), millis(j.Ended), j.Done, j.Fault)
	return err
}

// Jobs returns the bookkeeping of all jobs, by name.
func (tx *Tx) Jobs() (all []Job, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var j Job
		var lease, began, ended int64
		err := scan(&j.Name, &lease, &began, &ended, &j.Done, &j.Total, &j.Fault)
		j.Lease, j.Began, j.Ended = fromMillis(lease), fromMillis(began), fromMillis(ended)
		all = append(all, j)
		return err
	}, "SELECT name, lease, began, ended, done, total, fault FROM jobs ORDER BY name")
	return all, err
}

// Took is how long the last run took; not known while it runs and after a fault.
func (j Job) Took() (took time.Duration, known bool) {
	return j.Ended.Sub(j.Began), j.Fault == "" && !j.Ended.IsZero() && !j.Ended.Before(j.Began)
}
