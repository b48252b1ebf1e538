package phone_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/authn"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/store"
)

func TestTheFirstPasswordIsChangedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, i, password := w.issued("Anna")
		if len(i.Identifier) != 8 || len(password) != 6 || i.Again || i.Medium != "mail" || !i.Until.Equal(w.clock.Now().Add(5*24*time.Hour)) {
			t.Fatalf("%+v", i)
		}
		a := w.answer(i.Identifier, password, call)
		if a.Verdict != phone.Right || !a.Holder.First {
			t.Fatalf("%+v", a)
		}
		if _, _, err := w.Spoken(context.Background(), a.Holder); !errors.Is(err, phone.ErrGone) {
			t.Errorf("something else before the change: %v", err)
		}
		for typed, reason := range map[string]string{
			"": "empty", "12345": "short", "1234567": "long", "12a456": "alphabet", "123456": "weak", "987654": "weak", "112211": "weak",
			"147147": "weak", "800409": "weak", "090480": "weak", i.Identifier[:6]: "weak", password: "old",
		} {
			var invalid *identity.Invalid
			if _, err := w.Change(context.Background(), a.Holder, typed); !errors.As(err, &invalid) || invalid.Reason != reason && invalid.Reason != "weak" {
				t.Errorf("%q: %v, want %s", typed, err, reason)
			}
		}
		h, err := w.Change(context.Background(), a.Holder, " 27 18-28")
		if err != nil || h.First || h.Calls != 2 { // the change itself was heard
			t.Fatalf("%+v %v", h, err)
		}
		if got := w.answer(i.Identifier, own, call); got.Verdict != phone.Right || got.Holder.First {
			t.Errorf("%+v", got)
		}
		want := []string{"phone.issued", "code.sent", "signin.succeeded", "phone.password-changed", "notice.sent", "signin.succeeded"}
		if kinds := w.kinds(person); !slices.Equal(kinds, want) {
			t.Errorf("%v", kinds)
		}
	})
}

func TestTheOneTimePasswordLapses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, i, password := w.issued("Anna")
		w.clock.Advance(5 * 24 * time.Hour)
		if a := w.answer(i.Identifier, password, call); a.Verdict != phone.Lapsed || a.Holder != (phone.Holder{}) {
			t.Fatalf("%+v", a)
		}
		for range 2 {
			if _, err := w.Sweep(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if kinds := w.kinds(person); !slices.Equal(kinds, []string{"phone.issued", "code.sent", "phone.lapsed", "notice.sent"}) {
			t.Errorf("%v", kinds)
		}
		var again phone.Issued
		w.update(func(tx *store.Tx) (err error) {
			again, err = w.Issue(tx, phone.Order{Person: person, Contact: store.PhoneContact{Phone: "+36301234567", Lang: "hu"}, Office: "office"})
			return err
		})
		if again.Identifier != i.Identifier || !again.Again || again.Medium != "sms" {
			t.Errorf("%+v", again)
		}
		if a := w.answer(i.Identifier, w.row(person).Password, call); a.Verdict != phone.Right {
			t.Errorf("%+v", a)
		}
	})
}

func TestTooYoung(t *testing.T) {
	w := one(t)
	child := w.person("Csilla", w.clock.Now().Year()-17)
	err := w.db.Update(context.Background(), func(tx *store.Tx) error {
		_, err := w.Issue(tx, phone.Order{Person: child, Contact: store.PhoneContact{Email: "c@posta.example"}})
		return err
	})
	if !errors.Is(err, phone.ErrAge) {
		t.Error(err)
	}
}

// Nothing that a stranger can see differs between an identifier that somebody has,
// one that is locked and one that nobody has.
func TestNobodyLearnsWhichIdentifiersExist(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, identifier := w.ready("Anna")
		nobody := "40725816"
		for _, id := range []string{identifier, nobody} {
			first := w.begin(id)
			if len(first.Positions) != 3 || !slices.IsSorted(first.Positions) || first.Positions[2] > 6 {
				t.Fatalf("%v", first)
			}
			for n := range 8 {
				w.clock.Advance(2 * time.Hour)
				asked := w.begin(id)
				if a := w.check(asked, "55", call); a.Verdict != phone.Wrong || n < 4 && a.Asked.Positions.String() != first.Positions.String() {
					t.Errorf("%d: %+v, first %v", n, a, first)
				}
				if a := w.check(asked, "555", call); n < 1 && a.Verdict == phone.Later {
					t.Errorf("%d: slowed too soon", n)
				}
			}
		}
		for _, typed := range []string{"", "1234567", "123456789", "1234567a"} {
			var invalid *identity.Invalid
			if _, err := w.Begin(context.Background(), typed); !errors.As(err, &invalid) {
				t.Errorf("%q: %v", typed, err)
			}
		}
	})
}

// What an identifier that nobody has is asked looks drawn, and changes now and then.
func TestPositionsOfNobody(t *testing.T) {
	w := one(t)
	first, moved := map[string]int{}, 0
	for n := range 400 {
		id := strconv.Itoa(10_000_000 + n)
		now := w.begin(id).Positions.String()
		first[now]++
		w.clock.Advance(0)
		if w.begin(id).Positions.String() != now {
			t.Errorf("%s changes at once", id)
		}
	}
	for at, n := range first {
		if n > 60 {
			t.Errorf("%s is asked %d times of 400", at, n)
		}
	}
	if len(first) != 20 {
		t.Errorf("%d ways to ask, want 20", len(first))
	}
	before := map[string]string{}
	for n := range 100 {
		id := strconv.Itoa(10_000_000 + n)
		before[id] = w.begin(id).Positions.String()
	}
	w.clock.Advance(40 * 24 * time.Hour)
	for id, was := range before {
		if w.begin(id).Positions.String() != was {
			moved++
		}
	}
	if moved < 40 || moved == 100 {
		t.Errorf("%d of 100 changed in forty days", moved)
	}
}

func TestOtherPositionsOnlyAfterARightAnswer(t *testing.T) {
	w := one(t)
	_, identifier := w.ready("Anna")
	seen := map[string]bool{}
	for range 40 {
		asked := w.begin(identifier)
		for range 3 {
			if again := w.begin(identifier); again.Positions.String() != asked.Positions.String() {
				t.Fatal("asked anew, and other positions")
			}
		}
		if a := w.check(phone.Asked{Identifier: identifier, Positions: phone.Positions{1, 2, 3}}, "271", phone.Line{}); asked.Positions.String() != "1 2 3" && a.Verdict != phone.Moved {
			t.Fatalf("positions that were not asked: %+v", a)
		}
		seen[asked.Positions.String()] = true
		if a := w.answer(identifier, own, phone.Line{}); a.Verdict != phone.Right {
			t.Fatalf("%+v", a)
		}
	}
	if len(seen) < 10 {
		t.Errorf("%d different ways were asked in 40", len(seen))
	}
}

func TestTheLock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier := w.ready("Anna")
		for range 5 {
			if a := w.wrong(identifier); a.Verdict != phone.Wrong {
				t.Fatalf("%+v", a)
			}
		}
		w.clock.Advance(2 * time.Hour)
		if a := w.answer(identifier, own, call); a.Verdict != phone.Wrong {
			t.Errorf("locked, and yet %+v", a)
		}
		for range 2 {
			if _, err := w.Sweep(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		kinds := w.kinds(person)
		if !slices.Equal(kinds[len(kinds)-2:], []string{"phone.locked", "notice.sent"}) {
			t.Errorf("%v", kinds)
		}
		if own, err := w.Own(context.Background(), person); err != nil || own.State != phone.StateLocked {
			t.Errorf("%+v %v", own, err)
		}
		w.clock.Advance(2 * time.Hour)
		if _, err := w.Change(context.Background(), w.Strong(person), "314159"); err != nil {
			t.Fatal(err)
		}
		if a := w.answer(identifier, "314159", call); a.Verdict != phone.Right {
			t.Errorf("%+v", a)
		}
	})
}

// Whatever a stranger does, and however often the owner signs in meanwhile, a
// password is compared with at most as many wrong answers as the law allows in all:
// 20 of 1,000, two in a hundred.
func TestTheChanceOfAStranger(t *testing.T) {
	_, inAll := law.Default().TelephoneLock(time.Now())
	rapid.Check(t, func(rt *rapid.T) {
		w := one(t)
		person, identifier := w.ready("Anna")
		looked := 0
		for range rapid.IntRange(25, 60).Draw(rt, "moves") {
			w.clock.Advance(2 * time.Hour)
			switch rapid.IntRange(0, 4).Draw(rt, "move") {
			case 0: // the owner signs in on the web
				w.answer(identifier, own, phone.Line{})
			default:
				before := w.row(person).Misses
				if a := w.wrong(identifier); a.Verdict == phone.Wrong && w.row(person).Misses > before {
					looked++
				}
			}
		}
		if looked > inAll {
			rt.Errorf("%d answers were compared", looked)
		}
	})
	if chance := float64(inAll) / 1000; chance > 0.02 {
		t.Errorf("docs/threats.md says two in a hundred, not %g", chance)
	}
}

func TestAPasswordThatOthersMayKnowRests(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier := w.ready("Anna")
		for n := range 3 {
			a := w.answer(identifier, own, call)
			if a.Verdict != phone.Right || a.Holder.Calls != 2-n {
				t.Fatalf("%d: %+v", n, a)
			}
		}
		for _, line := range []phone.Line{call, {}} {
			if a := w.answer(identifier, own, line); a.Verdict != phone.Paused || a.Holder != (phone.Holder{}) {
				t.Errorf("%+v", a)
			}
		}
		if _, err := w.Sweep(context.Background()); err != nil {
			t.Fatal(err)
		}
		if kinds := w.kinds(person); !slices.Contains(kinds, "phone.paused") {
			t.Errorf("%v", kinds)
		}
		if !w.rests(person) {
			t.Error("its owner is not asked for another")
		}
		if _, err := w.Change(context.Background(), w.Strong(person), "314159"); err != nil {
			t.Fatal(err)
		}
		if a := w.answer(identifier, "314159", call); a.Verdict != phone.Right || a.Holder.Calls != 2 {
			t.Errorf("%+v", a)
		}
		if w.rests(person) {
			t.Error("its owner is asked for another, having chosen one")
		}
		for range 10 { // on the web nobody listens
			if a := w.answer(identifier, "314159", phone.Line{}); a.Verdict != phone.Right {
				t.Fatalf("%+v", a)
			}
		}
	})
}

func TestTheTelephoneNeverLiftsItsOwnBan(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier := w.ready("Anna")
		h := w.answer(identifier, own, call).Holder
		ctx := context.Background()
		if _, err := w.Forbid(ctx, h, law.Card); !errors.Is(err, disposition.ErrChange) { // not offered
			t.Error(err)
		}
		w.clock.Advance(time.Second)
		after, err := w.Forbid(ctx, h, law.TOTP)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Ways(ctx, h); !errors.Is(err, phone.ErrGone) {
			t.Errorf("who was identified before goes on: %v", err)
		}
		h = after // the caller goes on
		if kinds := w.posted(); !slices.Contains(kinds, "disposition-changed") {
			t.Errorf("who has no account is not told: %v", kinds)
		}
		if _, err := w.Allow(ctx, h, law.TOTP); !errors.Is(err, disposition.ErrTooWeak) {
			t.Error(err)
		}
		ways, err := w.Ways(ctx, h)
		if err != nil || slices.Contains(ways, phone.Way{Method: law.TOTP, Allowed: true}) {
			t.Errorf("%v %v", ways, err)
		}
		if h, err = w.Forbid(ctx, h, law.Phone); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Allow(ctx, h, law.Phone); !errors.Is(err, phone.ErrGone) {
			t.Errorf("in the same call: %v", err)
		}
		w.clock.Advance(time.Second)
		w.update(func(tx *store.Tx) error { return nil })
		if a := w.answer(identifier, own, phone.Line{}); a.Verdict != phone.Forbidden {
			t.Errorf("%+v", a)
		}
		w.update(func(tx *store.Tx) error {
			d, err := tx.Disposition(person)
			if !slices.Equal(d.Forbidden, []law.Method{law.Phone, law.TOTP}) {
				t.Errorf("%+v", d)
			}
			return errors.Join(err, tx.SetDisposition(person, d, authn.Disposition{}))
		})
	})
}

func TestLastIdentifications(t *testing.T) {
	w := one(t)
	_, identifier := w.ready("Anna")
	for range 2 {
		w.answer(identifier, own, call)
		w.clock.Advance(time.Minute)
	}
	last, err := w.Last(context.Background(), w.answer(identifier, own, call).Holder, 5)
	if err != nil || len(last) != 2 || last[0].Method != law.Phone || !last[0].At.After(last[1].At) {
		t.Errorf("%+v %v", last, err)
	}
}

func TestTheEndForgetsEverything(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, identifier := w.ready("Anna")
		h := w.answer(identifier, own, call).Holder
		w.update(func(tx *store.Tx) error { return w.EndBy(tx, h) })
		if _, err := w.Own(context.Background(), person); !errors.Is(err, phone.ErrGone) {
			t.Error(err)
		}
		w.update(func(tx *store.Tx) error {
			if _, err := tx.Person(person); !errors.Is(err, store.ErrNotFound) { // there was no account
				t.Errorf("the person stays: %v", err)
			}
			if free, err := tx.FreeIdentifier(identifier); free || err != nil {
				t.Error("the identifier could go to somebody else")
			}
			return nil
		})
		if a := w.answer(identifier, own, call); a.Verdict != phone.Wrong && a.Verdict != phone.Moved {
			t.Errorf("%+v", a)
		}
		if _, err := w.Change(context.Background(), h, "314159"); !errors.Is(err, phone.ErrGone) {
			t.Error(err)
		}
	})
}

// One guess at each of many identifiers locks none of them: the network that makes
// them is delayed, and its owners elsewhere are not.
func TestOneGuessAtEachOfManyIdentifiers(t *testing.T) {
	w := one(t)
	_, identifier := w.ready("Anna")
	names := law.Default().StuffingDelays(w.clock.Now()).Before
	delayed := false
	for n := range 3 * names {
		asked := w.begin(fmt.Sprintf("%08d", 30000000+n))
		a, err := w.Check(context.Background(), asked, "000", phone.Line{Peer: fmt.Sprintf("203.0.113.%d", n%250)})
		if err != nil {
			t.Fatal(err)
		}
		delayed = delayed || a.Verdict == phone.Later
	}
	if !delayed {
		t.Errorf("%d identifiers were tried from one network, and none of its attempts had to wait", 3*names)
	}
	if a := w.answer(identifier, own, phone.Line{Peer: "198.51.100.7"}); a.Verdict != phone.Right {
		t.Errorf("the owner, elsewhere: %+v", a)
	}
}
