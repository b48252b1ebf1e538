package herald_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// town is a herald with one person.
type town struct {
	*herald.Herald
	t     *testing.T
	clock *storetest.Clock
	anna  identity.Account
}

func newTown(t *testing.T, db *store.DB, clock *storetest.Clock) *town {
	t.Helper()
	ring := storetest.Ring(t)
	w := &town{t: t, clock: clock, Herald: &herald.Herald{Config: herald.Config{
		DB: db, Ledger: ledger.New(ledger.Config{DB: db, Ring: ring}), Law: law.Default(), Ring: ring, Now: clock.Now, Home: "https://kapu.example/account",
		Service: func(id, lang string) string { return id + " " + lang },
		Link: func(tx *store.Tx, a identity.Account, _ string, _ law.Method) (string, time.Time, error) {
			return "https://kapu.example/revoke?c=x", tx.Now.Add(time.Hour), nil
		},
	}}}
	w.update(func(tx *store.Tx) error {
		person, err := tx.SavePerson("r1", identity.Person{CurrentName: identity.Name{Family: "Kiss", Given: "Anna"}})
		if err != nil {
			return err
		}
		if err := tx.PutOffice(identity.Office{ID: "kisfalud", Kind: identity.GovernmentWindow, Name: "Kormányablak"}); err != nil {
			return err
		}
		w.anna, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: "KisAnna", Email: "anna@example.hu", Lang: "hu", ValidUntil: tx.Now.AddDate(4, 0, 0)})
		return err
	})
	return w
}

func (w *town) update(f func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.DB.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) happen(events ...ledger.Event) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		for _, e := range events {
			if _, err := w.Ledger.Append(tx, w.anna.PersonID, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// posted takes what waits in the outbox, as template and recipient.
func (w *town) posted() (all []store.Message) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) {
		all, err = tx.ClaimMessages(100, time.Minute)
		for _, m := range all {
			if err == nil {
				err = tx.MessageSent(m.ID)
			}
		}
		return err
	})
	return all
}

func (w *town) statements() (n int) {
	w.t.Helper()
	n, err := w.Statements(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// goTo moves the clock on to a moment in Budapest.
func (w *town) goTo(year int, month time.Month, day, hour int) {
	w.clock.Advance(time.Date(year, month, day, hour, 0, 0, 0, law.Budapest).Sub(w.clock.Now()))
}

func TestStatementsComeOnceAMonth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newTown(t, db, clock)
		w.goTo(2031, time.March, 20, 9)
		w.happen(ledger.Identified{Method: law.TOTP}) // before they wished a statement; the month is told as a whole
		w.update(func(tx *store.Tx) error {
			return w.Wish(tx, w.anna, law.TOTP, herald.Wishes{Wish: notice.Important, Mail: true, Monthly: true})
		})
		w.posted()
		w.happen(ledger.Identified{Method: law.TOTP}, ledger.Identified{Method: law.Passkey}, ledger.Released{Service: "tax"}, ledger.Released{Service: "tax"},
			ledger.LookedUp{Office: "kisfalud"}, ledger.PasswordSet{Occasion: "change"}, ledger.Searched{Office: "kisfalud"})
		if n := w.statements(); n != 0 {
			t.Errorf("%d before the month was over", n)
		}
		w.goTo(2031, time.April, 1, 12)
		w.happen(ledger.Identified{Method: law.TOTP}) // of the next month
		if n := w.statements(); n != 0 {
			t.Errorf("%d before their day", n)
		}
		w.goTo(2031, time.April, 2, 0)
		if n := w.statements(); n != 1 {
			t.Fatalf("%d statements", n)
		}
		if n := w.statements(); n != 0 {
			t.Errorf("%d came again", n)
		}
		var said struct {
			Lines []notify.Line `json:"lines"`
		}
		all := w.posted()
		if len(all) != 1 || all[0].Template != "statement" || all[0].Recipient != "anna@example.hu" || json.Unmarshal(all[0].Data, &said) != nil {
			t.Fatalf("%+v", all)
		}
		want := []notify.Line{{Kind: "signin", Method: law.TOTP, Count: 2}, {Kind: "signin", Method: law.Passkey, Count: 1}, {Kind: "release", Name: "tax hu", Count: 2},
			{Kind: "change", Count: 2}, {Kind: "office", Name: "Kormányablak", Count: 1}}
		if diff := cmp.Diff(want, said.Lines); diff != "" {
			t.Error(diff)
		}
		w.goTo(2031, time.July, 10, 9) // nobody ran for months: the last month is told, once
		if n := w.statements(); n != 1 {
			t.Errorf("%d after months of silence", n)
		}
		w.update(func(tx *store.Tx) error {
			return w.Wish(tx, w.anna, law.TOTP, herald.Wishes{Wish: notice.Important, Mail: true})
		})
		w.goTo(2031, time.August, 10, 9)
		if n := w.statements(); n != 0 {
			t.Errorf("%d to who wishes none any more", n)
		}
	})
}

// Rows of a person go with the person, and what somebody else changed meanwhile is not overwritten.
func TestSettingsAreOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newTown(t, db, clock)
		var n store.Notices
		w.update(func(tx *store.Tx) (err error) {
			if err := w.Identified(tx, notice.Identification{Person: w.anna.PersonID, Account: w.anna.ID, Method: law.TOTP, Address: "192.0.2.1"}); err != nil {
				return err
			}
			n, err = tx.Notices(w.anna.PersonID)
			return err
		})
		if len(n.Seen) == 0 || n.Version != 0 {
			t.Fatalf("%+v", n)
		}
		w.update(func(tx *store.Tx) error {
			if err := tx.SaveNotices(n); err != nil {
				return err
			}
			if err := tx.SaveNotices(n); err != store.ErrStale {
				t.Errorf("an old version was kept: %v", err)
			}
			after, err := tx.Notices(w.anna.PersonID)
			if string(after.Seen) != string(n.Seen) || after.Version != 1 {
				t.Errorf("%+v", after)
			}
			return err
		})
		w.update(func(tx *store.Tx) error {
			if err := tx.AddReport(store.Report{ID: store.NewID(), Account: w.anna.ID, Person: w.anna.PersonID, Kind: "signin", State: store.ReportOpen, Reported: tx.Now}); err != nil {
				return err
			}
			if err := tx.EndAccounts([]store.Ending{{Account: w.anna, Reason: "deleted", RestsUntil: tx.Now}}); err != nil {
				return err
			}
			open, err := tx.CountReports()
			if open != 0 {
				t.Errorf("%d reports of nobody", open)
			}
			if _, gone := tx.Notices(w.anna.PersonID); gone != store.ErrNotFound {
				t.Errorf("what was remembered outlives its person: %v", gone)
			}
			return err
		})
	})
}

// Suspicious places, on a device that is unknown: told whatever somebody wishes, and everywhere.
func TestSuspicionsAreTold(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newTown(t, db, clock)
	come := func(address string, m law.Method, known bool) (templates []string) {
		t.Helper()
		w.update(func(tx *store.Tx) error {
			return w.Identified(tx, notice.Identification{Person: w.anna.PersonID, Account: w.anna.ID, Method: m, Address: address, KnownDevice: known})
		})
		for _, m := range w.posted() {
			templates = append(templates, m.Template)
		}
		return templates
	}
	const home, work, afar = "192.0.2.1", "198.51.100.7", "203.0.113.9"
	for _, c := range []struct {
		what, address string
		method        law.Method
		known         bool
		after         time.Duration
		want          []string
	}{
		{"the very first", home, law.TOTP, false, 0, nil},
		{"at work, by the same device", work, law.TOTP, true, time.Hour, nil},
		{"a new device at home", home, law.TOTP, false, time.Hour, []string{"signin-notice"}},
		{"a new device at work, a minute later", work, law.TOTP, false, time.Minute, []string{"signin-alert"}},
		{"a new device afar", afar, law.TOTP, false, time.Hour, []string{"signin-alert"}},
		{"a new device, there again", afar, law.TOTP, false, time.Hour, []string{"signin-notice"}},
		{"a new method there", afar, law.MailCode, false, time.Hour, []string{"signin-alert"}},
		{"home, forgotten", home, law.TOTP, false, 200 * 24 * time.Hour, []string{"signin-alert"}},
	} {
		clock.Advance(c.after)
		if diff := cmp.Diff(c.want, come(c.address, c.method, c.known)); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
}
