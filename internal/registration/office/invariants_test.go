package office

import (
	"strings"

	"pgregory.net/rapid"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// look at everything that is there.
func (w *town) look(r *rapid.T) {
	w.update(r, func(tx *store.Tx) error {
		all, err := tx.FindAccounts(store.AccountSearch{Limit: 100_000})
		if err != nil {
			return err
		}
		of := map[string][]identity.Account{}
		for _, a := range all {
			of[a.PersonID] = append(of[a.PersonID], a)
			w.lookAt(r, tx, a)
		}
		for person, accounts := range of {
			if !accounts[0].Provisional {
				w.lookAtPerson(r, person, accounts)
			}
		}
		return w.lookAtCases(r, tx)
	})
}

// lookAt: no account without a person checked against the register, except the
// provisional ones, and those only become final by being named.
func (w *town) lookAt(r *rapid.T, tx *store.Tx, a identity.Account) {
	ref, err := tx.RegisterReference(a.PersonID)
	if err != nil {
		r.Fatal(err)
	}
	e, known := w.known[ref]
	if known == a.Provisional {
		r.Fatalf("provisional %t, and known to the register %t", a.Provisional, known)
	}
	if a.Provisional {
		return
	}
	if a.Channel == identity.ChannelProvisional && !w.named[a.ID] {
		r.Fatal("a provisional account became final and nobody named it")
	}
	p, err := tx.Person(a.PersonID)
	if err != nil || p != e.Person {
		r.Fatalf("the record differs from the register's: %v", err)
	}
	if !e.Died.IsZero() || e.Person.BirthDate.Age(law.Day(w.began)) < w.Law.EarliestAge(w.began) {
		r.Fatalf("%s has an account", e.Situation)
	}
}

// lookAtPerson: each account beyond the free ones was paid for, and clerks have
// made none for themselves.
func (w *town) lookAtPerson(r *rapid.T, person string, accounts []identity.Account) {
	if person == w.clerk.Person && len(accounts) != 1 {
		r.Fatalf("the clerk has %d accounts", len(accounts))
	}
	paid := 0
	for _, a := range accounts {
		if w.paid[a.ID] {
			paid++
		}
	}
	if want := len(accounts) - w.Law.FreeAccounts(w.began); paid != want {
		r.Fatalf("%d accounts, and %d fees", len(accounts), paid)
	}
}

// lookAtCases: a case that is over holds no personal data.
func (w *town) lookAtCases(r *rapid.T, tx *store.Tx) error {
	for _, office := range []string{"kisfalud", "becs"} {
		cases, err := tx.FindCases(store.CaseSearch{Office: office, Limit: 100_000})
		if err != nil {
			return err
		}
		for _, c := range cases {
			over := !registration.State(c.State).Open()
			if over && c.State != string(registration.Finished) && len(c.Data) > 0 {
				r.Fatalf("a case that is %s holds %s", c.State, c.Data)
			}
			if over && (strings.Contains(string(c.Data), "birth_name") || strings.Contains(string(c.Data), "@")) {
				r.Fatalf("a case that is %s holds %s", c.State, c.Data)
			}
		}
	}
	return nil
}
