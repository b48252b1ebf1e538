package provider_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/federation/oidc/provider"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/store/storetest"
)

// kidOf is the key under which a service's next ID token is signed.
func (s *party) kidOf(b *browser) string {
	s.g.t.Helper()
	token, err := s.exchange(s.come(b))
	check(s.g.t, err)
	s.verify(token)
	signed, err := jose.ParseSignedCompact(token.Extra("id_token").(string), []jose.SignatureAlgorithm{jose.ES256})
	check(s.g.t, err)
	return signed.Signatures[0].Header.KeyID
}

func (g *gateway) fetchKeys(query string) {
	g.t.Helper()
	answer, err := http.Get(g.URL + "/oidc/jwks" + query)
	check(g.t, err)
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	check(g.t, err)
}

// A whole rotation, as services see it. All come from one address here, as
// services of one house do.
func TestIDTokensAreSignedByANewKeyOnceTheServicesFetchedIt(t *testing.T) {
	var seen *rotation.Sightings
	g := newGatewayOn(t, storetest.SQLiteDSN(t), func(c *provider.Config) {
		seen = rotation.NewSightings(c.Broker.DB, c.Broker.Ring, c.Broker.Now)
		c.Seen = seen
		c.Keys.Watch(seen)
	})
	ctx := context.Background()
	pass := func(d time.Duration) {
		g.clock.Advance(d)
		_, err := seen.Flush(ctx)
		check(t, err)
		check(t, g.keys.Tick(ctx))
	}
	tax, b := g.tax(), g.browser()
	first := tax.kidOf(b)
	town := g.party("town", taxSecret, townReturn)
	_, err := town.exchange(town.come(b))
	check(t, err)
	app := g.party("app", "", appReturn)
	_, err = app.exchange(app.come(b))
	check(t, err)
	pass(time.Second)

	check(t, g.keys.RotateWhenReady(ctx, keys.Patience{AtMost: 24 * time.Hour}))
	g.fetchKeys("")
	g.fetchKeys("?client_id=town")
	g.fetchKeys("?client_id=nobody")
	pass(time.Minute)
	states, err := g.keys.States(ctx)
	check(t, err)
	r := states[len(states)-1].Readiness
	if strings.Join(r.Fetched, " ") != "town" || strings.Join(r.Missing, " ") != "tax" || strings.Join(r.Unseen, " ") != "app" {
		t.Fatalf("%+v", r)
	}
	if kid := tax.kidOf(b); kid != first {
		t.Fatal("the new key signs before all have it")
	}
	g.fetchKeys("?client_id=tax:office")
	pass(time.Minute)
	pass(2 * time.Minute)
	if kid := tax.kidOf(b); kid == first {
		t.Error("all have the new key, and the one before still signs")
	}
}
