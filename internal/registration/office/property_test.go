package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// town is a desk in the country and one abroad with one clerk for both, people of every
// situation, and what must be known of the past to judge the present.
type town struct {
	*Desk
	clock  *storetest.Clock
	people *population.Register
	known  map[string]population.Entry // by the register's reference
	self   population.Entry            // the clerk
	clerk  Clerk                       // Office is set by each step
	named  map[string]bool             // provisional accounts whose names were said at the desk
	paid   map[string]bool             // accounts that a receipt was used up for
	began  time.Time
	serial int

	*count
}

// count is how often something happened.
type count struct{ finished, finals, refusedOwn, ended, paid int }

func newTown(t *testing.T, c *count) *town {
	db, clock := storetest.SQLite(t)
	ring := storetest.Ring(t)
	w := &town{clock: clock, people: population.New(population.Options{Now: clock.Now, Size: 60}), began: clock.Now(),
		known: map[string]population.Entry{}, named: map[string]bool{}, paid: map[string]bool{}, count: c}
	w.Desk = New(Config{DB: db, Ledger: ledger.New(ledger.Config{DB: db, Ring: ring}), Law: law.Default(), Population: w.people, Now: clock.Now,
		Activation: registration.Activation{Ring: ring, Law: law.Default(), Link: "https://kapu.example/activate"},
		Hash:       func(_ context.Context, p string) (string, error) { return "hash of " + p, nil }})
	for _, e := range w.people.People() {
		w.known[string(e.Reference)] = e
	}
	w.self = w.people.In(population.Clerk)[0]
	w.update(t, func(tx *store.Tx) error {
		for id, kind := range map[string]identity.OfficeKind{"kisfalud": identity.GovernmentWindow, "becs": identity.Consulate} {
			if err := tx.PutOffice(identity.Office{ID: id, Kind: kind, Name: id}); err != nil {
				return err
			}
		}
		person, err := tx.SavePerson(string(w.self.Reference), w.self.Person)
		if err != nil {
			return err
		}
		a, err := tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: "SzantoErika", Email: "e@kisfalud.example", ValidUntil: tx.Now.AddDate(5, 0, 0)})
		w.clerk = Clerk{Account: a.ID, Person: person}
		return err
	})
	return w
}

type failing interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func (w *town) update(t failing, f func(*store.Tx) error) {
	if err := w.DB.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// at is the clerk at one of the desks.
func (w *town) at(office string) Clerk {
	k := w.clerk
	k.Office = office
	return k
}

// name is a username that nobody had before.
func (w *town) name() identity.Username {
	w.serial++
	letters := fmt.Appendf(nil, "Nev%d", w.serial)
	for i, c := range letters {
		if c >= '0' && c <= '9' {
			letters[i] = 'a' + c - '0'
		}
	}
	return identity.Username(letters)
}

// expected are the refusals that a page makes words of.
var expected = []error{ErrOwn, ErrFurther, ErrReceipt, ErrProvisionalFirst, ErrNotNamed, ErrTaken, ErrOutdated, ErrUnsigned,
	registration.ErrStep, store.ErrStale, store.ErrNotFound}

func (w *town) judge(r *rapid.T, step string, err error) {
	var refused *Refused
	var wrong *WrongFee
	var invalid *identity.Invalid
	known := err == nil || errors.As(err, &refused) || errors.As(err, &wrong) || errors.As(err, &invalid) ||
		slices.ContainsFunc(expected, func(e error) bool { return errors.Is(err, e) })
	if !known {
		r.Fatalf("%s: %v", step, err)
	}
}

// statement is what somebody states: the truth, or nearly.
func statement(r *rapid.T, e population.Entry) registration.Stated {
	p := e.Person
	s := registration.Stated{CurrentName: p.CurrentName, Core: p.Core, Address: p.Address, Nationality: p.Nationality}
	s.Document = e.Documents[rapid.IntRange(0, len(e.Documents)-1).Draw(r, "document")].Document
	switch rapid.SampledFrom([]string{"truth", "truth", "truth", "truth", "moved", "mother", "nationality", "number"}).Draw(r, "statement") {
	case "moved":
		s.Address = e.FormerAddress
	case "mother":
		s.MotherBirthName.Given += "né"
	case "nationality":
		s.Nationality = "FR"
	case "number":
		s.Document.Number = "000000AA"
	}
	return s
}

var situations = []population.Situation{population.Ordinary, population.Ordinary, population.Ordinary, population.Ordinary, population.Dead, population.LostDocument, population.ExpiredDocument,
	population.OldLicence, population.Namesake, population.Foreigner, population.Minor, population.Moved, population.Abroad, population.Clerk}

// guest is one human being at one desk with one case.
type guest struct {
	who    population.Entry
	office string
	c      registration.Case
}

// TestTheCaseTableIsWalked does what people do at desks, in whatever order and
// often wrongly, and then looks at what is there.
func TestTheCaseTableIsWalked(t *testing.T) {
	const days = 10 // that a town stands: looking at everything takes longer the more there is
	c, w, day := new(count), (*town)(nil), 0
	rapid.Check(t, func(r *rapid.T) {
		if day%days == 0 {
			w = newTown(t, c)
		}
		day++
		w.people.SetDown(false)
		var guests []*guest
		for range rapid.IntRange(30, 70).Draw(r, "steps") {
			if len(guests) == 0 || rapid.IntRange(0, 9).Draw(r, "new") == 0 {
				situation := rapid.SampledFrom(situations).Draw(r, "situation")
				people := w.people.In(situation)
				v := &guest{who: people[rapid.IntRange(0, min(1, len(people)-1)).Draw(r, "who")], office: rapid.SampledFrom([]string{"kisfalud", "becs"}).Draw(r, "office")}
				if rapid.IntRange(0, 2).Draw(r, "web") == 0 {
					w.provisional(r, v.who)
				}
				w.open(r, v)
				guests = append(guests, v)
				continue
			}
			w.step(r, guests[rapid.IntRange(0, len(guests)-1).Draw(r, "visit")])
		}
		w.look(r)
	})
	t.Logf("%+v", *c)
	if c.finished == 0 || c.finals == 0 || c.refusedOwn == 0 || c.ended == 0 || c.paid == 0 {
		t.Errorf("the walk came nowhere: %+v", *c)
	}
}

func (w *town) open(r *rapid.T, v *guest) {
	s := statement(r, v.who)
	c, err := w.Open(context.Background(), w.at(v.office), s)
	w.judge(r, "open", err)
	v.c = c
	w.own(r, v, err)
}

// own checks that a clerk's own registration ends wherever the register recognises them.
func (w *town) own(r *rapid.T, v *guest, err error) {
	switch {
	case errors.Is(err, ErrOwn):
		w.refusedOwn++
		if v.who.Reference != w.self.Reference {
			r.Fatalf("%s is no clerk", v.who.Person.CurrentName)
		}
	case v.who.Reference == w.self.Reference && v.c.ID != "" && v.c.Stands() != registration.Withdrawn && v.c.Answer != nil && v.c.Answer.Verdict.Confirmed():
		r.Fatalf("a clerk registers themselves: %s", v.c.State)
	}
}

// step does one thing with a case, or to the world around it.
func (w *town) step(r *rapid.T, v *guest) {
	ctx, k, id, version := context.Background(), w.at(v.office), v.c.ID, v.c.Version
	if rapid.IntRange(0, 15).Draw(r, "stale") == 0 {
		version--
	}
	name, before := w.said(r, v)
	years := rapid.SampledFrom([]int{1, 2, 5, 5, 0, 6}).Draw(r, "years")
	var c registration.Case
	var err error
	step := w.next(r, v)
	switch step {
	case "check":
		c, err = w.Check(ctx, k, id, version)
	case "correct":
		c, err = w.Correct(ctx, k, id, version, statement(r, v.who))
	case "pay":
		c, err = w.Pay(ctx, k, id, version, rapid.SampledFrom([]int{3000, 3000, 3000, 2500}).Draw(r, "forints"), fmt.Sprintf("R-%d", rapid.IntRange(w.serial/2, 2*w.serial).Draw(r, "receipt")))
	case "choose", "issue":
		c, err = w.Choose(ctx, k, id, version, registration.Choice{Username: w.name(), Email: "somebody@example.hu", Lang: "hu", Years: years, Issued: step == "issue"})
	case "final":
		if c, err = w.Finalise(ctx, k, id, version, name, years); err == nil {
			w.named[before] = true
		}
	case "end":
		c, err = w.EndProvisional(ctx, k, id, version, name, rapid.Bool().Draw(r, "disowned"))
		if err == nil {
			w.ended++
		}
	case "finish":
		c, err = w.finishing(r, v, k, version)
	case "withdraw":
		err = w.Withdraw(ctx, k, id, version)
	case "abandon":
		err = w.Abandon(ctx)
	default:
		w.around(r, v, step)
	}
	w.judge(r, step, err)
	w.reread(v)
	if c.ID != "" {
		w.own(r, v, err)
	}
}

// around is what happens elsewhere meanwhile.
func (w *town) around(r *rapid.T, v *guest, step string) {
	switch step {
	case "activate":
		w.activate(r, v)
	case "provisional":
		w.provisional(r, v.who)
	case "register":
		w.people.SetDown(!w.people.Down() && rapid.Bool().Draw(r, "down"))
	case "rest":
		w.clock.Advance(time.Duration(rapid.IntRange(1, 12).Draw(r, "hours")) * time.Hour)
	}
}

// next is what a clerk would do next, or anything else.
func (w *town) next(r *rapid.T, v *guest) string {
	sensible := map[registration.State][]string{
		registration.Data: {"check"}, registration.Unchecked: {"register", "check"}, registration.Differs: {"correct", "withdraw"},
		registration.Checked: {"choose", "issue", "final", "final", "pay", "pay", "end"}, registration.Declaration: {"finish", "finish", "finish", "pay"}, registration.Finished: {"activate"},
	}[v.c.Stands()]
	if len(sensible) > 0 && rapid.IntRange(0, 9).Draw(r, "sense") < 7 {
		return rapid.SampledFrom(sensible).Draw(r, "step")
	}
	return rapid.SampledFrom([]string{"check", "correct", "pay", "choose", "issue", "final", "end", "finish", "withdraw", "activate",
		"provisional", "register", "rest", "abandon"}).Draw(r, "step")
}

// said is the username that the citizen says, often rightly, with the account it is of.
func (w *town) said(r *rapid.T, v *guest) (name identity.Username, account string) {
	found, err := w.Provisional(context.Background(), v.c)
	if err != nil {
		r.Fatal(err)
	}
	if len(found) == 0 || rapid.IntRange(0, 3).Draw(r, "forgotten") == 0 {
		return "SosemVolt", ""
	}
	a := found[rapid.IntRange(0, len(found)-1).Draw(r, "said")]
	return a.Username, a.ID
}

// finishing makes an account, which must have every reason to be there.
func (w *town) finishing(r *rapid.T, v *guest, k Clerk, version int64) (registration.Case, error) {
	before := v.c
	result, err := w.Finish(context.Background(), k, v.c.ID, version, rapid.IntRange(0, 4).Draw(r, "signed") > 0)
	if err != nil {
		return registration.Case{}, err
	}
	w.finished++
	w.receipt(r, v.office, before.Fee, result.Account)
	if before.Choice.Final != "" {
		w.finals++
	}
	if before.Answer == nil || !before.Answer.Agrees(before.Stated) || law.Day(before.Answer.At) != law.Day(w.clock.Now()) {
		r.Fatalf("finished on the answer %+v", before.Answer)
	}
	if before.Choice.Issued != (result.First != "") || result.Account.State != identity.Pending {
		r.Fatalf("finished as %+v", result)
	}
	return registration.Case{}, nil
}

// receipt notes what the account was paid with, if it was.
func (w *town) receipt(r *rapid.T, office string, fee *registration.Fee, a identity.Account) {
	if fee == nil {
		return
	}
	w.update(r, func(tx *store.Tx) error {
		used, err := tx.Fee(office, fee.Receipt)
		if err == nil && used.Account == a.ID && used.Forints == 3000 {
			w.paid[a.ID] = true
			w.count.paid++
		}
		if errors.Is(err, store.ErrNotFound) { // the account turned out to be free
			return nil
		}
		return err
	})
}

func (w *town) activate(r *rapid.T, v *guest) {
	if v.c.Account == "" || v.c.Stands() != registration.Finished {
		return
	}
	w.update(r, func(tx *store.Tx) error {
		a, err := tx.Account(v.c.Account)
		if err != nil {
			return err
		}
		return errors.Join(tx.Activate(a.ID, a.ValidUntil), tx.CloseCasesOf(a.ID, string(registration.Activated)))
	})
}

// provisional is an account that somebody, whoever, makes on the web with a person's data.
func (w *town) provisional(r *rapid.T, e population.Entry) {
	w.update(r, func(tx *store.Tx) error {
		person, err := tx.AddProvisionalPerson(identity.Person{CurrentName: e.Person.CurrentName, Core: e.Person.Core})
		if err != nil {
			return err
		}
		_, err = tx.AddAccount(identity.Account{PersonID: person, State: identity.Active, Username: w.name(), Email: "web@example.hu", Lang: "hu",
			Channel: identity.ChannelProvisional, Provisional: true, Activated: tx.Now, ValidUntil: tx.Now.Add(w.Law.ProvisionalLife(tx.Now))})
		return err
	})
}

func (w *town) reread(v *guest) {
	if c, err := w.Case(context.Background(), w.at(v.office), v.c.ID); err == nil {
		v.c = c
	}
}
