package authn_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/law"
)

var (
	now   = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	rules = authn.RulesAt(law.Default(), now)
	plain = authn.Standing{Account: "a", Person: "p", State: identity.Active, ValidUntil: now.AddDate(1, 0, 0), Has: []string{"password"}}
	plus  = authn.Standing{Account: "a", Person: "p", State: identity.Active, ValidUntil: now.AddDate(1, 0, 0), Has: []string{"password", "totp"}}
	keyed = authn.Standing{Account: "a", Person: "p", State: identity.Active, ValidUntil: now.AddDate(1, 0, 0), Has: []string{"password", "totp", "passkey"}}
)

func session(at time.Time, factors ...authn.Factor) authn.Session {
	var s authn.Session
	for i, f := range factors {
		s = s.With(authn.Event{Factor: f, At: at.Add(time.Duration(i) * time.Second), Account: "a", Person: "p"})
	}
	return s
}

func TestNext(t *testing.T) {
	strong := authn.Request{Service: "tax", Level: law.Substantial}
	with := func(change func(*authn.Transaction)) authn.Transaction {
		tr := authn.Transaction{Request: strong, Opened: now}
		change(&tr)
		return tr
	}
	same := func(*authn.Transaction) {}
	passwordOnly := session(now.Add(-time.Minute), authn.Password)
	both := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
	for _, c := range []struct {
		name string
		t    authn.Transaction
		s    authn.Session
		st   authn.Standing
		want authn.Step
	}{
		{"a stranger chooses", with(same), authn.Session{}, authn.Standing{}, authn.Step{Room: authn.Choose}},
		{"whoever chose Ügyfélkapu+ gives the password first", with(func(tr *authn.Transaction) { tr.Chosen = law.TOTP }), authn.Session{}, authn.Standing{},
			authn.Step{Room: authn.Prove, Factor: authn.Password}},
		{"then the code", with(func(tr *authn.Transaction) { tr.Chosen = law.TOTP }), passwordOnly, plus, authn.Step{Room: authn.Prove, Factor: authn.TOTP}},
		{"a password alone leads to requesting Ügyfélkapu+, not to the service", with(func(tr *authn.Transaction) { tr.Chosen = law.Password }), passwordOnly, plain,
			authn.Step{Room: authn.Enrol, Factor: authn.TOTP}},
		{"whoever chose a passkey names nobody", with(func(tr *authn.Transaction) { tr.Chosen = law.Passkey }), authn.Session{}, authn.Standing{},
			authn.Step{Room: authn.Prove, Factor: authn.Passkey}},
		{"and is there with it", with(same), session(now.Add(-time.Minute), authn.Passkey), keyed, authn.Step{Room: authn.Reply}},
		{"a password alone never adds a passkey", with(func(tr *authn.Transaction) { tr.Request.Enrol = authn.Passkey }), passwordOnly, plus,
			authn.Step{Room: authn.Prove, Factor: authn.TOTP}},
		{"what is proved at the level does", with(func(tr *authn.Transaction) { tr.Request.Enrol = authn.Passkey }), both, plus,
			authn.Step{Room: authn.Enrol, Factor: authn.Passkey}},
		{"a session with a password steps up without choosing", with(same), passwordOnly, plus, authn.Step{Room: authn.Prove, Factor: authn.TOTP}},
		{"single sign-on", with(same), both, plus, authn.Step{Room: authn.Reply}},
		{"proofs older than the service accepts are made again", with(func(tr *authn.Transaction) { tr.Request.Since = now; tr.Chosen = law.TOTP }), both, plus,
			authn.Step{Room: authn.Prove, Factor: authn.Password}},
		{"nothing may be shown and nothing is proved", with(func(tr *authn.Transaction) { tr.Request.Passive = true }), authn.Session{}, authn.Standing{},
			authn.Step{Room: authn.Reply, Error: authn.ErrLoginRequired}},
		{"no method is that strong", with(func(tr *authn.Transaction) { tr.Request.Level = law.High }), both, plus, authn.Step{Room: authn.Refuse, Error: authn.ErrUnmet}},
		{"no method is that strong, and nothing may be shown", with(func(tr *authn.Transaction) { tr.Request.Level = law.High; tr.Request.Passive = true }), both, plus,
			authn.Step{Room: authn.Reply, Error: authn.ErrUnmet}},
		{"the visitor turned back", with(func(tr *authn.Transaction) { tr.Refused = authn.ErrDenied }), both, plus, authn.Step{Room: authn.Reply, Error: authn.ErrDenied}},
		{"somebody else is signed in than the service asked for", with(func(tr *authn.Transaction) { tr.Request.Person = "q" }), both, plus, authn.Step{Room: authn.WrongSelf}},
		{"somebody else is signed in, and nothing may be shown", with(func(tr *authn.Transaction) { tr.Request.Person = "q"; tr.Request.Passive = true }), both, plus,
			authn.Step{Room: authn.Reply, Error: authn.ErrLoginRequired}},
		{"the service wants a choice though a session is there", with(func(tr *authn.Transaction) { tr.Request.Choose = true }), both, plus, authn.Step{Room: authn.Choose}},
		{"the menu item asks for the factor though the level is reached", with(func(tr *authn.Transaction) { tr.Request.Level = law.NoLevel; tr.Request.Enrol = authn.TOTP }), passwordOnly, plain,
			authn.Step{Room: authn.Enrol, Factor: authn.TOTP}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := authn.Next(c.t, c.s, c.st, rules)
			if got.Room != c.want.Room || got.Factor != c.want.Factor || got.Error != c.want.Error {
				t.Errorf("Next = %+v, want %+v", got, c.want)
			}
		})
	}
}

// A secret that others may know is replaced on the way of a strong sign-in, before
// anything else is asked; single sign-on stops for nothing.
func TestASecretThatOthersMayKnowIsReplaced(t *testing.T) {
	both, heard := session(now.Add(-time.Minute), authn.Password, authn.TOTP), plus
	heard.Heard = authn.Phone
	caller := authn.Standing{Account: "a", Person: "p", State: identity.Active, ValidUntil: now.AddDate(1, 0, 0), Has: []string{"phone"}, Heard: authn.Phone}
	strong := authn.Request{Service: "tax", Level: law.Substantial, Asks: []string{"email"}}
	with := func(change func(*authn.Transaction)) authn.Transaction {
		tr := authn.Transaction{Request: strong, Opened: now, Proved: true}
		change(&tr)
		return tr
	}
	for _, c := range []struct {
		name string
		t    authn.Transaction
		s    authn.Session
		st   authn.Standing
		want authn.Room
	}{
		{"after signing in", with(func(*authn.Transaction) {}), both, heard, authn.Replace},
		{"at a service that is content with less", with(func(tr *authn.Transaction) { tr.Request.Level = law.Low }), both, heard, authn.Replace},
		{"once it is done", with(func(*authn.Transaction) {}), both, plus, authn.Consent},
		{"single sign-on", with(func(tr *authn.Transaction) { tr.Proved = false }), both, heard, authn.Consent},
		{"nothing may be shown", with(func(tr *authn.Transaction) { tr.Request.Passive, tr.Request.Asks = true, nil }), both, heard, authn.Reply},
		{"who came to add a factor does that first", with(func(tr *authn.Transaction) { tr.Request.Enrol = authn.Passkey }), both, heard, authn.Enrol},
		{"proved by the telephone alone", with(func(tr *authn.Transaction) { tr.Request.Level, tr.Request.Asks = law.Low, nil }),
			session(now.Add(-time.Minute), authn.Phone), caller, authn.Reply},
		{"the visitor turned back", with(func(tr *authn.Transaction) { tr.Refused = authn.ErrDenied }), both, heard, authn.Reply},
	} {
		if got := authn.Next(c.t, c.s, c.st, rules); got.Room != c.want || got.Room == authn.Replace && got.Factor != authn.Phone {
			t.Errorf("%s: %+v, want %s", c.name, got, c.want)
		}
	}
}

func TestUntilTheLawChangedAPasswordOpenedServices(t *testing.T) {
	request := authn.Transaction{Request: authn.Request{Level: law.Low}}
	s := session(now, authn.Password)
	old := authn.RulesAt(law.Default(), time.Date(2025, 1, 15, 12, 0, 0, 0, time.UTC))
	if step := authn.Next(request, s, plain, old); step.Room != authn.Reply {
		t.Errorf("on the last day: %+v", step)
	}
	if step := authn.Next(request, s, plain, rules); step.Room != authn.Enrol {
		t.Errorf("today: %+v", step)
	}
}

func TestASessionEnds(t *testing.T) {
	s := session(now, authn.Password, authn.TOTP)
	for _, c := range []struct {
		name string
		at   time.Time
		st   authn.Standing
	}{
		{"when idle", now.Add(rules.SessionIdle + time.Second), plus},
		{"when the account's date is over", now.Add(time.Minute), authn.Standing{Account: "a", State: identity.Active, ValidUntil: now}},
		{"when the account is closed", now.Add(time.Minute), authn.Standing{Account: "a", State: identity.Closed, ValidUntil: now.AddDate(1, 0, 0)}},
		{"when all sessions of the account were ended", now.Add(time.Minute), authn.Standing{Account: "a", State: identity.Active, ValidUntil: now.AddDate(1, 0, 0), SessionsFrom: now}},
		{"when the account is gone", now.Add(time.Minute), authn.Standing{}},
	} {
		if live := s.Live(c.st, rules, c.at); live.Account() != "" {
			t.Errorf("%s: still live", c.name)
		}
	}
	busy := s
	busy.Seen = now.Add(rules.SessionLife)
	if busy.Live(plus, rules, now.Add(rules.SessionLife)).Account() != "" {
		t.Error("a busy session must end after its longest life")
	}
	if s.Live(plus, rules, now.Add(time.Minute)).Account() == "" {
		t.Error("a fresh session must live")
	}
}

func TestAnEventOfAnotherAccountBeginsAnew(t *testing.T) {
	s := session(now, authn.Password, authn.TOTP).With(authn.Event{Factor: authn.Password, At: now, Account: "b", Person: "q"})
	if s.Level(rules) != law.NoLevel || s.Account() != "b" {
		t.Errorf("one account's code counts for another: %+v", s)
	}
}

// No way through the corridor answers a service with less than it asked for.
func TestNextNeverAnswersWithLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := authn.Transaction{
			Chosen:  rapid.SampledFrom([]law.Method{"", law.Password, law.TOTP, law.Card}).Draw(t, "chosen"),
			Request: authn.Request{Level: law.Level(rapid.IntRange(0, 3).Draw(t, "level")), Choose: rapid.Bool().Draw(t, "choose"), Passive: rapid.Bool().Draw(t, "passive")},
		}
		if rapid.Bool().Draw(t, "fresh") {
			tr.Request.Since = now
		}
		var s authn.Session
		for range rapid.IntRange(0, 4).Draw(t, "events") {
			s = s.With(authn.Event{
				Factor:  rapid.SampledFrom([]authn.Factor{authn.Password, authn.TOTP}).Draw(t, "factor"),
				At:      now.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "seconds")) * time.Second),
				Account: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "account"),
			})
		}
		st := rapid.SampledFrom([]authn.Standing{plain, plus}).Draw(t, "standing")
		step := authn.Next(tr, s, st, rules)
		if step.Room == authn.Reply && step.Error == "" {
			a := step.Achieved
			if a.Method.Level < tr.Request.Level || a.At.Before(tr.Request.Since) {
				t.Fatalf("%+v answered %+v", tr.Request, a)
			}
		}
		if tr.Request.Passive && step.Room != authn.Reply {
			t.Fatalf("a passive request was shown %s", step.Room)
		}
	})
}

func TestAProvisionalRegistrationStaysOnItsList(t *testing.T) {
	signedIn := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
	standing := plus
	standing.Provisional = true
	for _, c := range []struct {
		name  string
		q     authn.Request
		room  authn.Room
		level law.Level
		err   string
	}{
		{"a service that does not take it", authn.Request{Service: "tax", Level: law.Substantial}, authn.NotFinal, 0, authn.ErrProvisional},
		{"not even at a low level", authn.Request{Service: "tax", Level: law.Low}, authn.NotFinal, 0, authn.ErrProvisional},
		{"nor without a page", authn.Request{Service: "tax", Level: law.Low, Passive: true}, authn.Reply, 0, authn.ErrProvisional},
		{"a service that takes it", authn.Request{Service: "library", Level: law.Low, Provisional: true}, authn.Reply, law.Low, ""},
		{"which asks for more this time", authn.Request{Service: "library", Level: law.Substantial, Provisional: true}, authn.NotFinal, 0, authn.ErrProvisional},
		{"a page of our own", authn.Request{Level: law.Substantial, Provisional: true}, authn.Reply, law.Low, ""},
	} {
		step := authn.Next(authn.Transaction{Request: c.q}, signedIn, standing, rules)
		if step.Room != c.room || step.Achieved.Method.Level != c.level || step.Error != c.err || step.Achieved.Provisional != (c.err == "") {
			t.Errorf("%s: %+v", c.name, step)
		}
	}
	strong := authn.Request{Service: "tax", Level: law.Substantial}
	if step := authn.Next(authn.Transaction{Request: strong}, authn.Session{}, authn.Standing{}, rules); step.Room != authn.Choose {
		t.Errorf("before anybody signed in: %+v", step)
	}
}

func TestWhatAnEventAddsToTheReferences(t *testing.T) {
	s := authn.Session{}.With(authn.Event{Factor: authn.Passkey, At: now, Account: "a", Person: "p", AMR: []string{"hwk"}})
	a, ok := s.Best(rules)
	if !ok || !slices.Equal(a.Method.AMR, []string{"user", "hwk"}) {
		t.Errorf("%v", a.Method.AMR)
	}
	if m, _ := rules.Method(law.Passkey); !slices.Equal(m.AMR, []string{"user"}) {
		t.Errorf("the rules now say %v", m.AMR)
	}
}

// Whoever stole a password adds nothing to an account that has more: first comes
// what it has.
func TestAPasswordAloneAddsNothingToWhatIsGuarded(t *testing.T) {
	first := session(now.Add(-time.Minute), authn.Password)
	both := session(now.Add(-time.Minute), authn.Password, authn.TOTP)
	for _, factor := range []authn.Factor{authn.TOTP, authn.MailCode} {
		own := authn.Transaction{Opened: now, Request: authn.Request{Level: law.NoLevel, Enrol: factor}}
		if got := authn.Next(own, first, plus, rules); got.Room != authn.Prove || got.Factor != authn.TOTP {
			t.Errorf("%s: %+v", factor, got)
		}
		if got := authn.Next(own, both, plus, rules); got.Room != authn.Enrol || got.Factor != factor {
			t.Errorf("%s, after the code: %+v", factor, got)
		}
		if got := authn.Next(own, first, plain, rules); got.Room != authn.Enrol {
			t.Errorf("%s, to an account with a password: %+v", factor, got)
		}
	}
	chosen := authn.Transaction{Opened: now, Chosen: law.MailCode, Request: authn.Request{Service: "tax", Level: law.Substantial}}
	if got := authn.Next(chosen, first, plus, rules); got.Room != authn.Prove || got.Factor != authn.TOTP {
		t.Errorf("%+v", got)
	}
	only := chosen
	only.Request.Methods = []law.Method{law.MailCode}
	if got := authn.Next(only, both, plus, rules); got.Room != authn.Enrol || got.Factor != authn.MailCode {
		t.Errorf("the service takes mailed codes only: %+v", got)
	}
}
