package e2e

import (
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/law"
	"kapu/internal/store/storetest"
)

// A life is a walk through days or years of accounts, in a house with a clock of
// its own.
type life struct {
	name  string
	live  func(t *testing.T, h *house, b *browsertest.Browser)
	large bool      // on PostgreSQL, too: the two that leave no table untouched
	law   []law.Row // by which the house departs from the law
}

var lives = []life{
	{name: "provisional", live: provisional},
	{name: "provisional-by-waiting", live: provisionalByWaiting},
	{name: "identity-card", live: identityCard},
	{name: "consulate", live: consulate},
	{name: "first-password", live: firstPassword},
	{name: "further-account", live: furtherAccount, large: true},
	{name: "extended", live: extended},
	{name: "expired", live: expired},
	{name: "new-address", live: newAddress},
	{name: "deleted", live: deleted, large: true},
	{name: "forgotten", live: forgotten},
	{name: "lost-authenticator", live: lostAuthenticator},
	{name: "review", live: review, law: []law.Row{{Rule: "review.share", Value: "100 %", From: law.Day(storetest.NewClock().Now()), Source: "a test"}}},
}

// TestLives goes through what becomes of accounts after the first day.
func TestLives(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for engine, dsn := range engines {
		for _, l := range lives {
			if engine != "sqlite" && !l.large {
				continue
			}
			t.Run(l.name+"/"+engine, func(t *testing.T) {
				t.Parallel()
				l.live(t, open(t, dsn(t), l.law...), b)
			})
		}
	}
}

// engines are where the houses keep their data.
var engines = map[string]func(testing.TB) string{
	"sqlite":   func(testing.TB) string { return "" },
	"postgres": storetest.PostgresDSN,
}
