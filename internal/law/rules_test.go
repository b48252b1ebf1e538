package law_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
	"kapu/internal/law"
)

func date(s string) identity.Date {
	if s == "" {
		return identity.Date{}
	}
	return law.Day(on(s))
}

func TestDocumentRefusal(t *testing.T) {
	now := on("2026-05-04")
	for _, c := range []struct {
		name            string
		kind            identity.DocumentKind
		issued, expires string
		want            law.Refusal
	}{
		{"a card", identity.IdentityCard, "2020-01-01", "2026-05-05", law.Accepted},
		{"on its last day", identity.IdentityCard, "2020-01-01", "2026-05-04", law.Accepted},
		{"a day later", identity.IdentityCard, "2020-01-01", "2026-05-03", law.RefusedExpired},
		{"without an end", identity.IdentityCard, "2020-01-01", "", law.Accepted},
		{"issued today", identity.Passport, "2026-05-04", "2036-05-04", law.Accepted},
		{"issued tomorrow", identity.Passport, "2026-05-05", "2036-05-04", law.RefusedIssue},
		{"no day of issue", identity.Passport, "", "2036-05-04", law.RefusedIssue},
		{"the first card licence", identity.DrivingLicence, "2001-01-01", "2030-01-01", law.Accepted},
		{"a booklet of 2000", identity.DrivingLicence, "2000-12-31", "2030-01-01", law.RefusedTooOld},
		{"an old passport is no licence", identity.Passport, "2000-12-31", "2030-01-01", law.Accepted},
		{"a library card", "library-card", "2020-01-01", "2030-01-01", law.RefusedKind},
	} {
		document := identity.Document{Kind: c.kind, Number: "x", Issued: date(c.issued), Expires: date(c.expires)}
		if got := law.Default().DocumentRefusal(document, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAnOfficeCanAskForLongerUsernames(t *testing.T) {
	table, err := law.Default().With(law.Row{Rule: "username.shortest", Value: "6"}, law.Row{Rule: "username.longest", Value: "8"})
	if err != nil {
		t.Fatal(err)
	}
	for name, reason := range map[string]string{
		"ŐriÉv": identity.ReasonShort, "ŐriÉva": "", "KovácsOk": "", "KovácsÉva": identity.ReasonLong, "Éva 12": identity.ReasonAlphabet,
	} {
		_, err := table.NewUsername(name, on("2026-01-01"))
		var invalid *identity.Invalid
		if errors.As(err, &invalid) != (reason != "") || reason != "" && invalid.Reason != reason {
			t.Errorf("%s: %v, want %q", name, err, reason)
		}
	}
}

func TestDelaysGrowToTheirCap(t *testing.T) {
	delays := law.Default().AccountDelays(on("2026-05-04"))
	for wrong, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: 30 * time.Second, 6: time.Minute, 7: 2 * time.Minute, 11: 32 * time.Minute, 12: time.Hour, 1 << 30: time.Hour,
	} {
		if got := delays.After(wrong); got != want {
			t.Errorf("after %d wrong secrets: %s, want %s", wrong, got, want)
		}
	}
}

func TestMoreWrongSecretsNeverWaitLess(t *testing.T) {
	table, day := law.Default(), on("2026-05-04")
	schedules := []law.Delays{table.AccountDelays(day), table.AddressDelays(day), table.MatchDelays(day), table.MatchQuestions(day), table.MatchDelaysOfService(day)}
	rapid.Check(t, func(t *rapid.T) {
		delays := rapid.SampledFrom(schedules).Draw(t, "schedule")
		wrong := rapid.IntRange(0, 1<<40).Draw(t, "wrong")
		if now, next := delays.After(wrong), delays.After(wrong+1); next < now || next > delays.Cap {
			t.Fatalf("%s, then %s", now, next)
		}
	})
}

func TestLevelsReadAsTheyPrint(t *testing.T) {
	for _, level := range []law.Level{law.Low, law.Substantial, law.High} {
		if got, err := law.ParseLevel(level.String()); err != nil || got != level {
			t.Errorf("%s: %s, %v", level, got, err)
		}
	}
	if _, err := law.ParseLevel("none"); err == nil {
		t.Error("none is not a level that can be asked for")
	}
}

func TestSessionsEnd(t *testing.T) {
	table, now := law.Default(), on("2026-05-04")
	if table.SessionIdle(now) >= table.SessionLife(now) || table.TransactionLife(now) >= table.SessionLife(now) {
		t.Error("a session must outlast its pauses and its sign-in")
	}
}

func TestGuessingAtADatumIsHopeless(t *testing.T) {
	table, now := law.Default(), on("2026-05-04")
	delays, year := table.MatchDelays(now), 365*24*time.Hour
	guesses, spent := 0, time.Duration(0)
	for spent < year {
		spent += delays.After(guesses)
		guesses++
	}
	if guesses > 25 || table.MatchMemory(now) <= delays.Cap {
		t.Errorf("%d guesses a year, forgotten after %s", guesses, table.MatchMemory(now))
	}
}
