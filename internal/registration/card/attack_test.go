package card

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/papercode"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestAnUnknownDocumentIsNotToldFromAWrongCode(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	code := w.issue(e)
	answer := func(number, code string) (string, int64) {
		before := w.hasher.Calls()
		b := w.Browser(t).Visit(checkPath).Submit("document", number, "code", code).See(http.StatusUnprocessableEntity)
		return main(b.Body), w.hasher.Calls() - before
	}
	known, cost := answer(e.Documents[0].Number, wrong(t, code))
	unknown, same := answer("000000ZZ", code)
	if known != unknown || cost != 1 || same != 1 {
		t.Errorf("they differ: %d hashes and %d\n%s\n%s", cost, same, known, unknown)
	}
}

// guess types wrong codes, waiting out every delay, until n were looked at.
func (w *world) guess(e population.Entry, code string, n int) *roomtest.Browser {
	w.Helper()
	b := w.Browser(w.T)
	for n > 0 {
		if check(b, e, wrong(w.T, code)); b.Status == http.StatusTooManyRequests {
			b.See(http.StatusTooManyRequests, "Túl sok volt", `value="`+e.Documents[0].Number)
			w.Clock.Advance(time.Minute)
			continue
		}
		b.See(http.StatusUnprocessableEntity, "nem tartozik össze")
		n--
	}
	return b
}

func TestTooManyWrongCodesBlockTheCard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		e := w.holder(population.Crowd)
		code := w.issue(e)
		tries := w.cards.Law.CardCodeTries(clock.Now())
		w.guess(e, code, tries-1)
		w.stands(e, Issued)
		w.guess(e, code, 1)
		w.stands(e, Blocked)
		w.guess(e, code, 1) // told the same as before
		clock.Advance(w.cards.Law.AttemptsMemory(clock.Now()))
		check(w.Browser(t), e, code).See(http.StatusGone, "letiltottuk")
		if n := w.kinds(); n["card-code.blocked"] != 1 || n["registration.opened"] != 0 {
			t.Errorf("%v", n)
		}
	})
}

func TestOneCodeMakesOneAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		e := w.holder(population.Crowd)
		code, err := papercode.Parse(w.issue(e))
		w.must(err)
		id, err := w.cards.Check(context.Background(), Attempt{Number: e.Documents[0].Number, Code: code, Address: "192.0.2.1", Browser: "b"})
		w.must(err)
		var tabs sync.WaitGroup
		names := []identity.Username{"KisAnna", "NagyAnna", "ÓriásAnna", "TörpeAnna"}
		done := make([]error, len(names))
		for i, name := range names {
			tabs.Go(func() {
				_, done[i] = w.cards.Finish(context.Background(), id, "b", registration.Choice{Username: name, Email: "a@posta.example", Lang: "hu", Years: 1})
			})
		}
		tabs.Wait()
		made := 0
		for i, err := range done {
			switch {
			case err == nil:
				made++
			case !errors.As(err, new(*Over)) && !errors.As(err, new(*Refused)):
				t.Errorf("%s: %v", names[i], err)
			}
		}
		if letters := w.Letters(t); made != 1 || len(letters) != 1 {
			t.Errorf("%d accounts, %d letters", made, len(letters))
		}
		_, err = w.cards.Finish(context.Background(), id, "another", registration.Choice{Username: "HamisAnna", Email: "a@posta.example", Lang: "hu", Years: 1})
		if !errors.Is(err, ErrReleased) {
			t.Errorf("another browser: %v", err)
		}
	})
}

func TestANewCodeTakesThePlaceOfTheOld(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	old := w.issue(e)
	b := check(w.Browser(t), e, old).At(formPath)
	clock.Advance(time.Minute)
	fresh := w.issue(e)
	enter(b, "KisAnna").See(http.StatusGone, "újabb kódot adtak ki")
	check(w.Browser(t), e, old).See(http.StatusUnprocessableEntity)
	enter(check(w.Browser(t), e, fresh).At(formPath), "KisAnna").At(donePath)
}

func TestACodeEndsWithItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newWorld(t, db, clock)
		e := w.holder(population.Crowd)
		code := w.issue(e)
		life := w.cards.Law.CardCodeLife(clock.Now())
		clock.Advance(life - time.Minute)
		b := check(w.Browser(t), e, code).At(formPath)
		clock.Advance(time.Minute)
		enter(b, "KisAnna").See(http.StatusGone, "Letelt a kód érvényessége")
		check(w.Browser(t), e, code).See(http.StatusGone, "Letelt a kód érvényessége")
		w.swept(1)
		if c := w.state(e); State(c.State) != Expired || c.Reference != "" || c.Document != (identity.Document{}) {
			t.Errorf("after the sweep: %+v", c)
		}
		check(w.Browser(t), e, code).See(http.StatusGone, "Letelt a kód érvényessége")
		w.swept(0)
		clock.Advance(life + time.Minute)
		w.swept(1)
		check(w.Browser(t), e, code).See(http.StatusUnprocessableEntity)
	})
}

func (w *world) swept(want int) {
	w.Helper()
	done, err := w.cards.Sweep(context.Background())
	if err != nil || done != want {
		w.Errorf("swept %d, not %d: %v", done, want, err)
	}
}

func TestIssuedForTheFirstAccountAndElectronicCardsOnly(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	card := e.Documents[0].Document
	changed := func(change func(*identity.Document)) identity.Document {
		d := card
		change(&d)
		return d
	}
	issue := func(d identity.Document) error {
		draft, err := w.cards.Draw(context.Background())
		w.must(err)
		return db.Update(context.Background(), func(tx *store.Tx) error {
			_, _, err := w.cards.Issue(tx, draft, "clerk", "kisfalud", e.Reference, d)
			return err
		})
	}
	for name, d := range map[string]identity.Document{
		"passport":          changed(func(d *identity.Document) { d.Kind = identity.Passport }),
		"before the chip":   changed(func(d *identity.Document) { d.Issued = identity.Date{Year: 2015, Month: 12, Day: 31} }),
		"expired yesterday": changed(func(d *identity.Document) { d.Expires = identity.Date{Year: 2026, Month: 3, Day: 1} }),
	} {
		if err := issue(d); !errors.Is(err, ErrNotElectronic) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := issue(changed(func(d *identity.Document) { d.Issued = identity.Date{Year: 2016, Month: 1, Day: 1} })); err != nil {
		t.Error(err)
	}
	w.account(e, "KisAnna")
	if err := issue(card); !errors.Is(err, ErrHasAccount) {
		t.Errorf("a second account: %v", err)
	}
}

func TestAnAccountMadeMeanwhileIsTold(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	b := check(w.Browser(t), e, w.issue(e)).At(formPath)
	w.account(e, "AsztalAnna")
	enter(b, "KisAnna").See(http.StatusForbidden, "már van ügyfélkapuja").Visit(formPath).See(http.StatusForbidden)
	w.stands(e, Reserved)
}

// rumour is a register that says something else of everybody.
type rumour struct {
	*population.Register
	record  func(*register.Record)
	verdict func(*register.Verdict)
	err     error
}

func (p rumour) ByReference(ctx context.Context, ref register.Reference) (register.Record, error) {
	if p.err != nil {
		return register.Record{}, p.err
	}
	r, err := p.Register.ByReference(ctx, ref)
	if p.record != nil {
		p.record(&r)
	}
	return r, err
}

func (p rumour) Check(ctx context.Context, q register.Query) (register.Verdict, error) {
	v, err := p.Register.Check(ctx, q)
	if p.verdict != nil {
		p.verdict(&v)
		v.Record, v.Reference = nil, ""
	}
	return v, err
}

func TestWhatTheRegisterHasAgainstIt(t *testing.T) {
	document := func(s register.DocumentStatus) rumour {
		return rumour{verdict: func(v *register.Verdict) { v.Document = s }}
	}
	for name, c := range map[string]struct {
		rumour
		words string
	}{
		"deceased":  {rumour{record: func(r *register.Record) { r.Status = register.Deceased }}, "elhunyt"},
		"gone":      {rumour{err: register.ErrUnknown}, "nem tudtuk lekérni"},
		"lost":      {document(register.DocumentLost), "elveszettként"},
		"no longer": {document(register.DocumentUnknown), "másikat adtak ki"},
		"changing":  {rumour{record: func(r *register.Record) { r.Person.BirthDate.Year-- }}, "nem tudtuk lekérni"},
	} {
		t.Run(name, func(t *testing.T) {
			db, clock := storetest.SQLite(t)
			w := newWorld(t, db, clock)
			e := w.holder(population.Crowd)
			c.rumour.Register = w.people
			w.cards.Population = c.rumour
			check(w.Browser(t), e, w.issue(e)).At(formPath).See(http.StatusForbidden, c.words)
			_, err := w.cards.Finish(t.Context(), w.state(e).ID, w.state(e).ReservedBy, registration.Choice{Username: "KisAnna", Email: "a@b.hu", Lang: "hu", Years: 1})
			if !errors.As(err, new(*Refused)) {
				t.Errorf("finished all the same: %v", err)
			}
			w.stands(e, Reserved)
			if n := w.kinds(); n["registration.checked"] != 1 || n["registration.finished"] != 0 {
				t.Errorf("%v", n)
			}
		})
	}
}

func TestAMinorIsToldKindly(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	for _, e := range w.people.In(population.Minor) {
		e.Documents[0].Kind, e.Documents[0].Number = identity.IdentityCard, "123456AB"
		c := store.CardCode{Reference: string(e.Reference), Document: e.Documents[0].Document}
		err := w.cards.judge(Holder{Person: e.Person, code: c}, confirmed(e))
		if refused := new(Refused); !errors.As(err, &refused) || refused.Why != RefusedAge {
			t.Errorf("%v", err)
		}
	}
}

func confirmed(e population.Entry) register.Verdict {
	v := register.Verdict{Person: register.Alive, Document: register.DocumentValid, Reference: e.Reference}
	for _, f := range register.Fields() {
		v.Findings = append(v.Findings, register.Finding{Field: f, Result: register.Match})
	}
	return v
}

func TestTheDatabaseHoldsNoCode(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	code := strings.ReplaceAll(w.issue(e), "-", "")
	if c := w.state(e); strings.Contains(c.Record, code) || !strings.HasPrefix(c.Record, "$argon2id$") || !strings.Contains(c.Record, "keyid=") {
		t.Errorf("the record is no peppered argon2id: %s", c.Record)
	}
}

// A forged cookie, or one of another gateway, is no cookie.
func TestCookiesAreSealed(t *testing.T) {
	db, clock := storetest.SQLite(t)
	w := newWorld(t, db, clock)
	e := w.holder(population.Crowd)
	check(w.Browser(t), e, w.issue(e)).At(formPath)
	for _, value := range []string{"x", strings.Repeat("A", cookieLimit+1), `{"i":"` + w.state(e).ID + `"}`} {
		r, _ := http.NewRequest(http.MethodGet, formPath, nil)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: value})
		if k := w.room.recall(r); k.ID != "" || k.Token != "" {
			t.Errorf("%.20q: %+v", value, k)
		}
	}
}
