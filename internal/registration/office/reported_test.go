package office

import (
	"errors"
	"testing"
	"time"

	"kapu/internal/disposition"
	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// reports lays a report of the owner with that number before the desk.
func (w *village) reports(t *testing.T, i int) (id string) {
	t.Helper()
	w.desk.Dispositions = disposition.Register{Ledger: w.desk.Ledger, Home: "https://kapu.example/account"}
	w.desk.Herald = &herald.Herald{Config: herald.Config{Ledger: w.desk.Ledger, Home: "https://kapu.example/account"}}
	a := w.owners[i]
	err := w.desk.DB.Update(t.Context(), func(tx *store.Tx) error {
		id = store.NewID()
		if err := w.desk.Dispositions.Disown(tx, a.PersonID, law.TOTP); err != nil {
			return err
		}
		return tx.AddReport(store.Report{ID: id, Account: a.ID, Person: a.PersonID, Office: a.Office, Kind: "signin", Method: "totp", State: store.ReportOpen, Reported: tx.Now})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *village) disposition(t *testing.T, i int) (free bool) {
	t.Helper()
	err := w.desk.DB.View(t.Context(), func(tx *store.Tx) error {
		d, err := tx.Disposition(w.owners[i].PersonID)
		free = d.Free()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return free
}

// What a link has closed is opened again only by a clerk at whose desk the owner stands; the owner reads who looked
// after it, and what came of it.
func TestWhatWasReportedIsLookedAfter(t *testing.T) {
	w := newVillage(t)
	ctx, own, other := t.Context(), w.clerks[0], w.clerks[1]
	i := 0 // an account of the first office, or of the other clerk's
	if w.owners[i].Office != own.Office {
		own, other = other, own
	}
	id := w.reports(t, i)
	list, err := w.desk.Reports(ctx, own, "")
	if err != nil || len(list.Lines) != 1 || list.Lines[0].Holder.Account.ID != "" {
		t.Fatalf("%+v, %v", list, err)
	}
	if list, err := w.desk.Reports(ctx, other, ""); err != nil || len(list.Lines) != 0 {
		t.Errorf("another office sees %+v, %v", list, err)
	}
	if _, err := w.desk.Report(ctx, other, id); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if err := w.desk.CloseReport(ctx, own, id, ResultMisuse, "a"); !errors.Is(err, ErrNotOpened) {
		t.Errorf("closed by who has not taken it: %v", err)
	}
	if r, err := w.desk.Report(ctx, own, id); err != nil || r.Holder.Account.ID != "" {
		t.Errorf("whose it is shows before it is taken: %+v, %v", r, err)
	}
	if err := w.desk.TakeReport(ctx, own, id); err != nil {
		t.Fatal(err)
	}
	if r, err := w.desk.Report(ctx, own, id); err != nil || r.Holder.Account.ID != w.owners[i].ID || r.Here {
		t.Errorf("%+v, %v", r, err)
	}
	var invalid *identity.Invalid
	for _, c := range [][2]string{{"", "a"}, {"dance", "a"}, {ResultMisuse, ""}} {
		if err := w.desk.CloseReport(ctx, own, id, c[0], c[1]); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", c, err)
		}
	}
	if err := w.desk.CloseReport(ctx, own, id, ResultRestored, "telefonált"); !errors.Is(err, ErrAway) || w.disposition(t, i) {
		t.Errorf("opened without its owner: %v", err)
	}
	w.proves(t, own, i)
	w.clock.Advance(24 * time.Hour)
	if err := w.desk.CloseReport(ctx, own, id, ResultRestored, "tegnap itt volt"); !errors.Is(err, ErrAway) {
		t.Errorf("opened by a presence of yesterday: %v", err)
	}
	w.proves(t, own, i)
	if err := w.desk.CloseReport(ctx, own, id, ResultRestored, "okmánnyal igazolta magát"); err != nil {
		t.Fatal(err)
	}
	if !w.disposition(t, i) {
		t.Error("the way is still closed")
	}
	if err := w.desk.TakeReport(ctx, own, id); !errors.Is(err, store.ErrStale) {
		t.Errorf("taken after it was closed: %v", err)
	}
	w.read(t, i, ledger.ReportTaken{}, ledger.LookedUp{}, ledger.ReportClosed{}, ledger.DeskActed{}, ledger.NoticeSent{})
}

// proves has the owner come to a clerk and be proved.
func (w *village) proves(t *testing.T, k Clerk, i int) {
	t.Helper()
	if err := w.desk.Receive(t.Context(), k, w.owners[i].ID, ""); err != nil {
		t.Fatal(err)
	}
	if v, err := w.desk.Prove(t.Context(), k, w.owners[i].ID, w.version(k, w.owners[i]), w.stated(i)); err != nil || v.Stands() != Present {
		t.Fatalf("%v, %v", v.Stands(), err)
	}
}

// read ends the test unless the owner's history has all these kinds.
func (w *village) read(t *testing.T, i int, want ...ledger.Event) {
	t.Helper()
	kinds := map[string]bool{}
	err := w.desk.DB.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.LedgerOf(w.owners[i].PersonID, "", 100)
		for _, r := range rows {
			kinds[r.Kind] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range want {
		if !kinds[e.Kind()] {
			t.Errorf("the history lacks %s", e.Kind())
		}
	}
}

// A clerk never looks after what they reported themselves; what no office keeps is everybody's.
func TestWhoseReportsAreWhose(t *testing.T) {
	w := newVillage(t)
	k := w.clerks[0]
	err := w.desk.DB.Update(t.Context(), func(tx *store.Tx) error {
		for account, person := range map[string]string{k.Account: k.Person, w.owners[0].ID: w.owners[0].PersonID} {
			if err := tx.AddReport(store.Report{ID: store.NewID(), Account: account, Person: person, Kind: "change", State: store.ReportOpen, Reported: tx.Now}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		clerk Clerk
		want  int
	}{{k, 1}, {w.clerks[1], 2}} {
		if list, err := w.desk.Reports(t.Context(), c.clerk, ""); err != nil || len(list.Lines) != c.want {
			t.Errorf("%s sees %d, %v", c.clerk.Office, len(list.Lines), err)
		}
	}
}
