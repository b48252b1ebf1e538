package store

import "time"

// Report is a notice with the link by which its receiver says that it was not
// them; once they did, it is a case of a desk.
type Report struct {
	ID       string
	Account  string
	Person   string
	Office   string // that keeps the account; "" for any
	Kind     string // what the notice was about
	Method   string // by which it was done
	Digest   string // of the token in the link
	State    string
	Created  time.Time
	Expires  time.Time // of the link
	Reported time.Time
	Clerk    string // account of whoever has taken it
	Taken    time.Time
	Closed   time.Time
	Result   string
}

// States of a report.
const (
	ReportSent   = "sent" // nobody has said anything
	ReportOpen   = "open"
	ReportTaken  = "taken"
	ReportClosed = "closed"
)

// AddReport records a notice with its link, or what was reported by another.
func (tx *Tx) AddReport(r Report) error {
	_, err := tx.exec(`INSERT INTO reports (id, account, person, office, kind, method, digest, state, created, expires, reported, clerk, taken, closed, result)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, 0, '')`,
		r.ID, r.Account, r.Person, r.Office, r.Kind, r.Method, r.Digest, r.State, millis(tx.Now), millis(r.Expires), millis(r.Reported))
	return err
}

const reportColumns = "SELECT id, account, person, office, kind, method, digest, state, created, expires, reported, clerk, taken, closed, result FROM reports WHERE "

func (tx *Tx) reports(where string, args ...any) (found []Report, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var r Report
		var created, expires, reported, taken, closed int64
		err := scan(&r.ID, &r.Account, &r.Person, &r.Office, &r.Kind, &r.Method, &r.Digest, &r.State, &created, &expires, &reported, &r.Clerk, &taken, &closed, &r.Result)
		r.Created, r.Expires, r.Reported, r.Taken, r.Closed = fromMillis(created), fromMillis(expires), fromMillis(reported), fromMillis(taken), fromMillis(closed)
		found = append(found, r)
		return err
	}, reportColumns+where, args...)
	return found, err
}

func (tx *Tx) report(where string, args ...any) (Report, error) {
	found, err := tx.reports(where, args...)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Report{}, err
	}
	return found[0], nil
}

// Report returns what was reported under that id; a notice of which nobody said
// anything is none.
func (tx *Tx) Report(id string) (Report, error) {
	return tx.report("id = $1 AND state <> $2", id, ReportSent)
}

// ReportByDigest finds a notice by the token in its link, whatever became of it.
func (tx *Tx) ReportByDigest(digest string) (Report, error) {
	return tx.report("digest = $1 AND digest <> ''", digest)
}

// OpenReport makes a desk's case of a notice. ErrStale: it is one already.
func (tx *Tx) OpenReport(id string) error {
	return tx.one(ErrStale, "UPDATE reports SET state = $2, reported = $3 WHERE id = $1 AND state = $4", id, ReportOpen, millis(tx.Now), ReportSent)
}

// OpenReports returns a page of what waits at an office, or at any, oldest first,
// without what concerns the person; after is the id of the last one of the page
// before, or "".
func (tx *Tx) OpenReports(office, person, after string, limit int) ([]Report, error) {
	return tx.reports("state IN ('open', 'taken') AND office IN ($1, '') AND person <> $2 AND id > $3 ORDER BY id LIMIT $4", office, person, after, limit)
}

// TakeReport records who looks after what was reported. ErrStale: it is closed.
func (tx *Tx) TakeReport(id, clerk string) error {
	return tx.one(ErrStale, "UPDATE reports SET state = $3, clerk = $2, taken = $4 WHERE id = $1 AND state IN ($3, $5)", id, clerk, ReportTaken, millis(tx.Now), ReportOpen)
}

// CloseReport records what came of it, by whoever has taken it. ErrStale: somebody
// else has it now, or it is closed.
func (tx *Tx) CloseReport(id, clerk, result string) error {
	return tx.one(ErrStale, "UPDATE reports SET state = $3, result = $4, closed = $5 WHERE id = $1 AND clerk = $2 AND state = $6",
		id, clerk, ReportClosed, result, millis(tx.Now), ReportTaken)
}

// SweepReports forgets notices whose links are over and of which nobody said anything.
func (tx *Tx) SweepReports(limit int) (int64, error) {
	return tx.exec("DELETE FROM reports WHERE id IN (SELECT id FROM reports WHERE state = $1 AND expires <= $2 LIMIT $3)", ReportSent, millis(tx.Now), limit)
}

// CountReports tells how much of what was reported waits for a desk.
func (tx *Tx) CountReports() (open int64, err error) {
	err = tx.row([]any{&open}, "SELECT COUNT(*) FROM reports WHERE state IN ('open', 'taken')")
	return open, err
}
