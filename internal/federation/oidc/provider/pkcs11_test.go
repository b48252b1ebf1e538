//go:build pkcs11 && cgo

package provider_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/provider"
	"kapu/internal/keys"
	"kapu/internal/keys/pkcs11/pkcs11test"
	"kapu/internal/store/storetest"
)

// A gateway that had its keys in the database moves on to a security module; a
// library that is not ours verifies the ID token against the JWKS.
func TestASecurityModuleSignsIDTokens(t *testing.T) {
	module := pkcs11test.Open(t, pkcs11test.Token(t))
	g := newGatewayOn(t, storetest.SQLiteDSN(t), func(c *provider.Config) { c.Keys.Hold(module) })
	check(t, g.keys.Rotate(context.Background()))
	g.clock.Advance(25 * time.Hour)
	tax, b := g.tax(), g.browser()
	kid := tax.kidOf(b)
	states, err := g.keys.States(context.Background())
	check(t, err)
	if newest := states[len(states)-1]; !newest.Held || newest.KID != kid || newest.Alg != keys.ES256 {
		t.Errorf("signed by %s, and the module has %+v", kid, newest)
	}
	for _, alg := range []string{keys.RS256, keys.PS256} {
		id := "by-" + strings.ToLower(alg)
		g.add(&catalogue.Service{ID: id, OIDC: &catalogue.OIDC{IDTokenAlg: alg}})
		check(t, g.keys.Need(context.Background(), alg))
		answer := g.ask("/oidc/token", g.codeOf(b, id, nil), as(id))
		g.verify(answer.text("id_token"), alg, "JWT")
		if states, err = g.keys.Of(alg).States(context.Background()); err != nil || !states[0].Held {
			t.Errorf("%s: %+v, %v", alg, states, err)
		}
	}
}
