package office

import (
	"context"
	"errors"
	"slices"

	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// Results of a case that somebody reported.
const (
	// ResultRestored: the owner stood at the desk and was proved; what they forbade, or had forbidden by the link, is
	// taken back.
	ResultRestored = "restored"
	// ResultMisuse: it was somebody else. The ways stay closed.
	ResultMisuse = "misuse"
	// ResultUnanswered: nobody came, and nothing was found out. The ways stay closed.
	ResultUnanswered = "unanswered"
)

// Results are all of them.
func Results() []string { return []string{ResultRestored, ResultMisuse, ResultUnanswered} }

// Complaint is a case that somebody opened by the link in a notice. Only whoever has
// taken it sees whose it is.
type Complaint struct {
	store.Report
	Office identity.Office
	Holder Holder // zero until taken
	Here   bool   // the owner stands at this desk and is proved
}

// Mine tells whether a clerk has taken the case.
func (r Complaint) Mine(k Clerk) bool { return r.State == store.ReportTaken && r.Clerk == k.Account }

// Reports are a page of the cases that wait at the clerk's office, oldest first,
// with those of accounts that no office keeps. Never the clerk's own.
func (d *Desk) Reports(ctx context.Context, k Clerk, after string) (p Page[Complaint], err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		found, err := tx.OpenReports(k.Office, k.Person, after, PageSize+1)
		if err != nil {
			return err
		}
		page := pageOf(found, func(r store.Report) string { return r.ID })
		p = Page[Complaint]{After: page.After}
		for _, r := range page.Lines {
			o, err := officeNamed(tx, r.Office)
			if err != nil {
				return err
			}
			p.Lines = append(p.Lines, Complaint{Report: r, Office: o})
		}
		return nil
	})
	return p, err
}

// report reads a case that the clerk may look after; any other is store.ErrNotFound.
func report(tx *store.Tx, k Clerk, id string) (r Complaint, err error) {
	if r.Report, err = tx.Report(id); err != nil {
		return r, err
	}
	if r.Person == k.Person || r.Report.Office != "" && r.Report.Office != k.Office {
		return r, store.ErrNotFound
	}
	if r.Office, err = officeNamed(tx, r.Report.Office); err != nil || !r.Mine(k) {
		return r, err
	}
	if r.Holder, err = holder(tx, r.Account); err != nil {
		return r, err
	}
	_, err = present(tx, k, r.Account)
	r.Here = err == nil
	if errors.Is(err, ErrAway) {
		err = nil
	}
	return r, err
}

// Report is a case as the clerk may see it now: whole if they have taken it.
func (d *Desk) Report(ctx context.Context, k Clerk, id string) (r Complaint, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) error {
		r, err = report(tx, k, id)
		return err
	})
	return r, err
}

// reportReason is the reason of a look-up for a case that was reported.
const reportReason = "report"

// TakeReport has the clerk look after a case, which its owner will read as a
// look-up. Whoever takes it last has it. store.ErrStale: it is closed.
func (d *Desk) TakeReport(ctx context.Context, k Clerk, id string) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := report(tx, k, id)
		if err != nil {
			return err
		}
		if err := tx.TakeReport(id, k.Account); err != nil {
			return err
		}
		if _, err := d.Ledger.Append(tx, r.Person, ledger.ReportTaken{Report: id, Office: k.Office, Clerk: k.Account}); err != nil {
			return err
		}
		a, err := tx.Account(r.Account)
		if err != nil {
			return err
		}
		return d.record(tx, k, a, reportReason, "")
	})
}

// CloseReport closes a case that the clerk has taken, with its result and words for
// the owner to read, and writes to the owner. What was forbidden is taken back only
// if the owner was proved at this desk today. It errs with *identity.Invalid,
// ErrAway, ErrNotOpened and store.ErrNotFound.
func (d *Desk) CloseReport(ctx context.Context, k Clerk, id, result, words string) error {
	switch {
	case !slices.Contains(Results(), result):
		return &identity.Invalid{Field: "result", Reason: identity.ReasonEmpty}
	case words == "":
		return &identity.Invalid{Field: "words", Reason: identity.ReasonEmpty}
	}
	err := d.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := report(tx, k, id)
		if err != nil {
			return err
		}
		if !r.Mine(k) {
			return ErrNotOpened
		}
		if err := tx.CloseReport(id, k.Account, result); err != nil {
			return err
		}
		return d.closeReport(tx, k, r, result, words)
	})
	if errors.Is(err, store.ErrStale) {
		err = ErrNotOpened
	}
	return err
}

// closeReport does what goes with a result and records it. It is an act of the desk
// like others: the lot may have it reviewed.
func (d *Desk) closeReport(tx *store.Tx, k Clerk, r Complaint, result, words string) error {
	if result == ResultRestored {
		if !r.Here {
			return ErrAway
		}
		if err := d.Dispositions.Free(tx, r.Person, disposition.Actor{Channel: disposition.Desk, Clerk: k.Account, Office: k.Office}); err != nil {
			return err
		}
	}
	for _, e := range []ledger.Event{
		ledger.ReportClosed{Report: r.ID, Result: result, Office: k.Office, Words: words, Clerk: k.Account},
		ledger.DeskActed{Act: reportReason, Office: k.Office, Reason: "misuse", Words: words, Clerk: k.Account, Account: r.Account},
	} {
		if _, err := d.Ledger.Append(tx, r.Person, e); err != nil {
			return err
		}
	}
	return d.Herald.Closed(tx, r.Holder.Account, result)
}
