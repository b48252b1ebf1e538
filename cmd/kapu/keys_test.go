package main

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
)

func TestTheOperatorSeesWhomAKeyWaitsFor(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	key := func(name string, held bool, l keys.Life) keys.SigningKey {
		return keys.SigningKey{Name: name, Alg: keys.ES256, KID: "kid-" + name, Held: held, Life: l}
	}
	var out strings.Builder
	err := printKeys(&out, []rotation.State{
		{SigningKey: key("oidc-1", false, keys.Life{Active: now.Add(-90 * day), Retired: now.Add(-day), Gone: now.Add(day)})},
		{SigningKey: key("oidc-2", false, keys.Life{Active: now.Add(-day), Retired: now.Add(7 * day)})},
		{SigningKey: key("oidc-3", true, keys.Life{Published: now, Ready: now.Add(time.Hour), Active: now.Add(7 * day)}),
			Readiness: rotation.Readiness{Fetched: []string{"tax", "town"}, Missing: []string{"land"}, Unseen: []string{"app"}}},
		{SigningKey: key("ledger-1", false, keys.Life{Active: now.Add(-day)})},
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{
		"KEY ALG STATE KEPT IN KID",
		"oidc-1 ES256 is published until 2026-03-03 10:00:00 database kid-oidc-1",
		"oidc-2 ES256 signs until 2026-03-09 10:00:00 database kid-oidc-2",
		"oidc-3 ES256 waits for services, until 2026-03-09 10:00:00 security module kid-oidc-3",
		"ledger-1 ES256 signs since 2026-03-01 10:00:00 database kid-ledger-1",
		"",
		"oidc-3 signs when all active services have it: not before 2026-03-02 11:00:00, and at 2026-03-09 10:00:00 whoever is missing.",
		"have it: tax, town",
		"are missing: land",
		"cannot be seen, since they come from people's own devices, and are not waited for: app",
	} {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
