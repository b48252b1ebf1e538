package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
	saml "kapu/internal/federation/saml/provider"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/ledger"
)

// sightingsEvery is how soon it is written down who fetched a key that waits.
const sightingsEvery = 15 * time.Second

// openLedger opens the ledger and the signing keys, whose making it records.
func (a *App) openLedger(ctx context.Context) error {
	a.heads = rotation.New(a.DB, "ledger", keys.EdDSA, keys.LedgerSchedule(), a.Now)
	a.signing = rotation.NewSets(a.DB, "oidc", keys.ES256, oidc.Algorithms(), keys.DefaultSchedule(), a.Now)
	a.seen = rotation.NewSightings(a.DB, a.Ring, a.Now)
	a.seen.Counts = func(id, alg string) bool {
		s := a.Catalogue.Service(id)
		return s != nil && (s.OIDC != nil || saml.Needs(s, alg))
	}
	a.signing.Watch(a.seen)
	if a.Holder != nil {
		a.signing.Hold(a.Holder)
	}
	a.Ledger = ledger.New(ledger.Config{DB: a.DB, Ring: a.Ring, Origin: a.Origin, Keys: a.heads, Witness: a.Witness, WitnessKeys: a.WitnessKeys})
	a.heads.OnMade(a.Ledger.KeyMade)
	a.signing.OnMade(a.Ledger.KeyMade)
	a.signing.OnSettled(a.Ledger.KeySettled)
	return errors.Join(a.heads.Tick(ctx), a.signing.Tick(ctx))
}

// SigningKeys are the keys that sign, have signed or wait to sign, those of the ledger last.
func (a *App) SigningKeys(ctx context.Context) ([]rotation.State, error) {
	states, err := a.signing.States(ctx)
	if err != nil {
		return nil, err
	}
	heads, err := a.heads.States(ctx)
	return append(states, heads...), err
}

// RotateKeys publishes successors to the keys that answer services, to sign after the schedule's lead. While one is
// waiting already, it makes no other.
func (a *App) RotateKeys(ctx context.Context) error { return a.signing.Rotate(ctx) }

// RotateKeysWhenReady is [App.RotateKeys], but they sign as soon as every active service was seen to fetch them.
func (a *App) RotateKeysWhenReady(ctx context.Context, p keys.Patience) error {
	return a.signing.RotateWhenReady(ctx, p)
}

// lintAlgorithms tells whether a service wants signatures that the security module cannot make.
func (a *App) lintAlgorithms(s *catalogue.Service) (found []catalogue.Advice) {
	wanted := slices.Compact(slices.Sorted(slices.Values(oidc.AlgorithmsOf([]*catalogue.Service{s}))))
	for _, alg := range wanted {
		if !a.signing.Makes(alg) {
			found = append(found, catalogue.Advice{Blocking: true, Text: "the security module makes no keys for " + alg + ": take another …_signed_response_alg"})
		}
	}
	return found
}
