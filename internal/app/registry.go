package app

import (
	"context"
	"time"

	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// registry keeps the services that register by themselves, beside those that the operator registers by command.
type registry struct{ app *App }

// Add implements oidc.Registry.
func (r registry) Add(ctx context.Context, s *catalogue.Service, token string) error {
	return r.count(ctx, r.app.add(ctx, s, token))
}

// Change implements oidc.Registry.
func (r registry) Change(ctx context.Context, s *catalogue.Service) error {
	return r.count(ctx, r.app.ChangeService(ctx, s))
}

// Remove implements oidc.Registry.
func (r registry) Remove(ctx context.Context, id string) error {
	return r.count(ctx, r.app.RemoveService(ctx, id))
}

// count puts what was done in force here at once; other processes see it within seconds.
func (r registry) count(ctx context.Context, err error) error {
	if err == nil {
		_, err = r.app.reload(ctx)
	}
	return err
}

// MakeServiceToken makes a token with which so many services may register by themselves. It is told here and never
// again.
func (a *App) MakeServiceToken(ctx context.Context, uses int, life time.Duration) (token string, err error) {
	token, name, err := oidc.NewInitialToken(ctx, a.Ring, a.Volatile, a.Now(), uses, life)
	if err != nil {
		return "", err
	}
	return token, a.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := a.Ledger.Append(tx, "", ledger.ServiceTokenMade{Token: name, Uses: uses, Until: tx.Now.Add(life)})
		return err
	})
}
