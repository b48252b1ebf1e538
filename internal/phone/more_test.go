package phone_test

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/store"
)

var answers = map[int]string{1: "12", 2: "345-678", 5: "1968. 03. 14.", 6: "1980.5.2.", 7: "1985", 9: "20000101"}

func (w *world) remind(identifier string, with map[int]string) phone.Answer {
	w.t.Helper()
	asked, err := w.BeginReminders(context.Background(), identifier)
	if err != nil {
		w.t.Fatal(err)
	}
	var given []string
	for _, n := range asked.Positions {
		given = append(given, with[n])
	}
	w.clock.Advance(2 * time.Hour)
	a, err := w.Remind(context.Background(), asked, given, call)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func TestTheQuestionsUnlock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier := w.ready("Anna")
		if err := w.SetQuestions(context.Background(), w.Strong(person), answers); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			w.wrong(identifier)
		}
		asked, _ := w.BeginReminders(context.Background(), identifier)
		if len(asked.Positions) != 3 {
			t.Fatalf("%v", asked)
		}
		if a := w.remind(identifier, map[int]string{}); a.Verdict != phone.Wrong || a.Asked.Positions.String() != asked.Positions.String() {
			t.Errorf("%+v", a)
		}
		if a := w.remind(identifier, answers); a.Verdict != phone.Right {
			t.Fatalf("%+v", a)
		}
		if a := w.answer(identifier, own, call); a.Verdict != phone.Right {
			t.Errorf("%+v", a)
		}
		if kinds := w.kinds(person); !slices.Contains(kinds, "phone.unlocked") || !slices.Contains(kinds, "phone.questions-set") {
			t.Errorf("%v", kinds)
		}
	})
}

func TestTriesAtTheQuestionsAreFew(t *testing.T) {
	w := one(t)
	person, identifier := w.ready("Anna")
	if err := w.SetQuestions(context.Background(), w.Strong(person), answers); err != nil {
		t.Fatal(err)
	}
	wrong := map[int]string{1: "13", 2: "1", 5: "19680315", 6: "19800502", 7: "1986", 9: "20000101"}
	for range 3 {
		if a := w.remind(identifier, wrong); a.Verdict != phone.Wrong {
			t.Fatalf("%+v", a)
		}
	}
	if a := w.remind(identifier, answers); a.Verdict != phone.Wrong {
		t.Errorf("after three: %+v", a)
	}
	asked := w.hasher.asked
	if a := w.remind("40725816", answers); a.Verdict != phone.Wrong || w.hasher.asked != asked+1 {
		t.Errorf("nobody's: %+v, %d hashes", a, w.hasher.asked-asked)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		question int
		typed    string
		want     string
		reason   string
	}{
		{1, " 012 ", "12", ""}, {1, "0", "0", ""}, {2, "345-678", "345678", ""}, {1, "tizenkettő", "", "alphabet"}, {1, "", "", "empty"},
		{1, "12345678901", "", "long"}, {5, "1968. 03. 14.", "19680314", ""}, {5, "19680314", "19680314", ""}, {5, "19680231", "", "date"},
		{7, "85", "", "short"}, {7, "1985", "1985", ""}, {10, "1", "", "kind"}, {0, "1", "", "kind"},
	} {
		got, err := phone.ParseAnswer(c.question, c.typed)
		var invalid *identity.Invalid
		if got != c.want || c.reason == "" && err != nil || c.reason != "" && (!errors.As(err, &invalid) || invalid.Reason != c.reason) {
			t.Errorf("%d %q: %q %v", c.question, c.typed, got, err)
		}
	}
	w := one(t)
	person, _ := w.ready("Anna")
	for name, given := range map[string]map[int]string{
		"five":  {1: "1", 2: "2", 3: "3", 4: "4", 8: "5"},
		"seven": {1: "1", 2: "2", 3: "3", 4: "4", 8: "5", 7: "1985", 5: "19680314"},
		"alike": {1: "12", 2: "12", 3: "3", 4: "4", 8: "5", 7: "1985"},
	} {
		var invalid *identity.Invalid
		if err := w.SetQuestions(context.Background(), w.Strong(person), given); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestASpokenCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, identifier := w.ready("Anna")
		code, until, err := w.Spoken(context.Background(), w.answer(identifier, own, call).Holder)
		if err != nil || len(code) != 6 || !until.Equal(w.clock.Now().Add(5*time.Minute)) {
			t.Fatalf("%q %v %v", code, until, err)
		}
		try := func(id, typed string) phone.Verdict {
			a, err := w.CheckSpoken(context.Background(), w.begin(id), typed, phone.Line{Peer: "203.0.113.7"})
			if err != nil {
				t.Fatal(err)
			}
			return a.Verdict
		}
		if v := try("40725816", code); v != phone.Wrong {
			t.Errorf("for another identifier: %s", v)
		}
		if v := try(identifier, code[:3]+" "+code[3:]); v != phone.Right {
			t.Errorf("%s", v)
		}
		if v := try(identifier, code); v != phone.Wrong {
			t.Errorf("a second time: %s", v)
		}
		late, _, err := w.Spoken(context.Background(), w.answer(identifier, own, call).Holder)
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(5 * time.Minute)
		if v := try(identifier, late); v != phone.Wrong {
			t.Errorf("late: %s", v)
		}
	})
}

// A code that somebody else had spoken to them is worth nothing once its owner has
// another password, of their own choice or from a desk.
func TestASpokenCodeEndsWithThePassword(t *testing.T) {
	for what, another := range map[string]func(w *world, person string){
		"chosen": func(w *world, person string) {
			if _, err := w.Change(context.Background(), w.Strong(person), "493027"); err != nil {
				w.t.Fatal(err)
			}
		},
		"from a desk": func(w *world, person string) {
			w.update(func(tx *store.Tx) error {
				_, err := w.Issue(tx, phone.Order{Person: person, Contact: store.PhoneContact{Email: "anna@posta.example"}, Office: "office"})
				return err
			})
		},
	} {
		t.Run(what, func(t *testing.T) {
			w := one(t)
			person, identifier := w.ready("Anna")
			code, _, err := w.Spoken(context.Background(), w.answer(identifier, own, call).Holder)
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(time.Second)
			another(w, person)
			a, err := w.CheckSpoken(context.Background(), w.begin(identifier), code, phone.Line{Peer: "203.0.113.7"})
			if err != nil || a.Verdict != phone.Wrong {
				t.Errorf("%s %v", a.Verdict, err)
			}
		})
	}
}

func TestACallerIsShownToOneClerk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.update(func(tx *store.Tx) error {
			return tx.PutOffice(identity.Office{ID: "kisfalud", Kind: identity.GovernmentWindow, Name: "Kormányablak, Kisfalud"})
		})
		person, identifier := w.ready("Anna")
		d, err := w.OpenDesk(ctx, "kisfalud", "clerk")
		if err != nil || len(d.Code) != 4 {
			t.Fatalf("%+v %v", d, err)
		}
		if _, _, err := w.FindDesk(ctx, "x"); !errors.Is(err, phone.ErrDesk) {
			t.Error(err)
		}
		found, office, err := w.FindDesk(ctx, d.Code)
		if err != nil || office.Name != "Kormányablak, Kisfalud" {
			t.Fatalf("%+v %+v %v", found, office, err)
		}
		if now, err := w.DeskOf(ctx, "clerk"); err != nil || now.Person != "" {
			t.Errorf("before the consent: %+v %v", now, err)
		}
		if err := w.Show(ctx, w.answer(identifier, own, call).Holder, found); err != nil {
			t.Fatal(err)
		}
		if now, err := w.DeskOf(ctx, "clerk"); err != nil || now.Person != person {
			t.Errorf("%+v %v", now, err)
		}
		if _, err := w.DeskOf(ctx, "another"); !errors.Is(err, phone.ErrDesk) {
			t.Error(err)
		}
		if kinds := w.kinds(person); kinds[len(kinds)-1] != "caller.shown" {
			t.Errorf("%v", kinds)
		}
		if err := w.CloseDesk(ctx, "clerk"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DeskOf(ctx, "clerk"); !errors.Is(err, phone.ErrDesk) {
			t.Error(err)
		}
	})
}

// A session that was opened with the credential stands without any account.
func TestTheStandingOfAPersonWithoutAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, _ := w.ready("Anna")
		row := w.row(person)
		w.update(func(tx *store.Tx) error {
			s, err := tx.Standing(row.ID)
			if err != nil || s.Person != person || !slices.Equal(s.Has, []string{"phone"}) || s.State != identity.Active || !s.ValidUntil.After(tx.Now.AddDate(100, 0, 0)) {
				t.Errorf("%+v %v", s, err)
			}
			_, ended, owner, err := tx.StandingWith(row.ID, "grant", "session", store.BirthPlace)
			if err != nil || ended {
				t.Fatal(err)
			}
			p, err := owner.Person()
			mail, fault := owner.Email()
			if err != nil || fault != nil || p.BirthPlace != "Pécs" || mail != "" {
				t.Errorf("%+v %q %v %v", p, mail, err, fault)
			}
			if _, err := tx.Standing("nobody"); !errors.Is(err, store.ErrNotFound) {
				t.Error(err)
			}
			return nil
		})
	})
}

// What docs/threats.md says of listeners, counted out: every way in which so many
// calls ask the positions is as likely as every other.
func TestWhatAListenerKnows(t *testing.T) {
	asked, of := law.Default().TelephoneDigits(time.Now())
	var masks []int
	for m := range 1 << of {
		if ones(m) == asked {
			masks = append(masks, m)
		}
	}
	after := map[int]int64{0: 1} // known positions → in how many ways
	for calls, want := range []struct{ all, next string }{
		{"0.0000", "0.0000"}, {"0.0000", "0.0500"}, {"0.0500", "0.3675"}, {"0.3675", "0.6489"}, {"0.6489", "0.8173"},
	} {
		var ways, all, next int64
		for known, n := range after {
			ways += n
			if ones(known) == of {
				all += n
			}
			for _, m := range masks {
				if m&^known == 0 {
					next += n
				}
			}
		}
		if got := big.NewRat(all, ways).FloatString(4); got != want.all {
			t.Errorf("after %d calls all digits are known with %s, not %s", calls, got, want.all)
		}
		if got := big.NewRat(next, ways*int64(len(masks))).FloatString(4); got != want.next {
			t.Errorf("after %d calls the next can be answered with %s, not %s", calls, got, want.next)
		}
		then := map[int]int64{}
		for known, n := range after {
			for _, m := range masks {
				then[known|m] += n
			}
		}
		after = then
	}
	if law.Default().TelephoneHeard(time.Now()) != 3 {
		t.Error("docs/threats.md speaks of three calls")
	}
}

func ones(m int) (n int) {
	for ; m > 0; m &= m - 1 {
		n++
	}
	return n
}

func FuzzParseAnswer(f *testing.F) {
	f.Add(5, "1968. 03. 14.")
	f.Add(1, "00012")
	f.Fuzz(func(t *testing.T, question int, typed string) {
		got, err := phone.ParseAnswer(question, typed)
		if err != nil {
			return
		}
		if again, err := phone.ParseAnswer(question, got); err != nil || again != got {
			t.Errorf("%q is %q and then %q %v", typed, got, again, err)
		}
	})
}
