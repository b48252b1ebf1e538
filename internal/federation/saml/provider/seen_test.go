package provider_test

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
)

// A rotation as services see it that go by our metadata: one that was seen itself
// is waited for until it has fetched them, one that only sends people as long as
// the operator has patience.
func TestANewKeySignsOnceServicesHaveOurMetadata(t *testing.T) {
	g := newGateway(t, func(_, town *catalogue.Service) { town.SAML.SignatureAlg = catalogue.ECDSASHA256 })
	seen := rotation.NewSightings(g.db, g.ring, g.clock.Now)
	seen.Counts = func(id, alg string) bool {
		return g.broker.Catalogue.Service(id).SAML.Algorithm() != catalogue.ECDSASHA256 == (alg == keys.RS256)
	}
	g.keys.Watch(seen)
	g.door.Seen = seen
	set := g.keys.Of(keys.RS256)
	pass := func(d time.Duration) rotation.Readiness {
		g.clock.Advance(d)
		_, err := seen.Flush(t.Context())
		check(t, err)
		check(t, set.Tick(t.Context()))
		states, err := set.States(t.Context())
		check(t, err)
		return states[len(states)-1].Readiness
	}
	for _, p := range g.services {
		g.browser().get(p.link(p.request(), ""))
	}
	pass(time.Second)
	first, _ := set.Active(g.clock.Now())
	check(t, set.RotateWhenReady(t.Context(), keys.Patience{AtLeast: 10 * time.Minute, AtMost: 24 * time.Hour}))
	g.browser().get(g.URL + "/saml/metadata")
	if r := pass(time.Minute); strings.Join(r.Missing, " ") != "tax" || len(r.Fetched)+len(r.Unseen) != 0 {
		t.Errorf("a stranger's fetch counts, or town is waited for, to which this key is nothing: %+v", r)
	}
	g.services["tax"].resolves("AAQ=") // by SOAP: it was here itself, and so was its fetch
	if r := pass(time.Minute); strings.Join(r.Fetched, " ") != "tax" {
		t.Errorf("%+v", r)
	}
	pass(10 * time.Minute)
	pass(2 * time.Minute)
	if now, _ := set.Active(g.clock.Now()); now == first {
		t.Error("all have the new key, and the one before still signs")
	}
}

func TestAFetchMayNameItsService(t *testing.T) {
	g := newGateway(t)
	seen := rotation.NewSightings(g.db, g.ring, g.clock.Now)
	g.keys.Watch(seen)
	g.door.Seen = seen
	tax, town, set := g.services["tax"], g.services["town"], g.keys.Of(keys.RS256)
	for _, p := range []*party{tax, town} { // in one house
		p.resolves("AAQ=")
	}
	check(t, set.RotateWhenReady(t.Context(), keys.Patience{AtMost: 24 * time.Hour}))
	g.browser().get(g.URL + "/saml/metadata")
	g.browser().get(g.URL + "/saml/metadata?entityID=" + town.entity)
	_, err := seen.Flush(t.Context())
	check(t, err)
	states, err := set.States(t.Context())
	check(t, err)
	if r := states[len(states)-1].Readiness; strings.Join(r.Fetched, " ") != "town" || strings.Join(r.Missing, " ") != "tax" {
		t.Errorf("%+v", r)
	}
}
