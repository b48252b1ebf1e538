package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"kapu/internal/keys"
)

// endpoint is one thing that services ask for, on connections that stay open.
type endpoint struct {
	name   string
	client string
	scopes string // for which the browsers come first
	ask    func(*caller) error
}

// endpoints are measured one after the other.
var endpoints = []endpoint{
	{"single sign-on, ES256", clientID, "openid profile", (*caller).singleSignOn},
	{"single sign-on, RS256", rsaID, "openid profile", (*caller).singleSignOn},
	{"refresh", clientID, "openid profile offline_access", (*caller).renew},
	{"introspection", clientID, "openid profile", (*caller).introspect},
	{"userinfo", clientID, "openid profile", (*caller).userInfo},
	{"client_credentials", clientID, "openid profile", (*caller).forItself},
	{"discovery", clientID, "openid profile", (*caller).discovery},
	{"JWKS", clientID, "openid profile", (*caller).jwks},
}

// OIDCOptions of a measurement of what services ask.
type OIDCOptions struct {
	Options
	Lasting int    // single sign-ons after which the memory is looked at again; 0 for none
	Only    string // measures only what has this in its name
}

// OIDC measures what services ask of the gateway, and prints it beside what the
// core can do at all.
func OIDC(ctx context.Context, o OIDCOptions) error {
	return onStage(ctx, o, nil, func(ctx context.Context, s *stage) error {
		for _, e := range endpoints {
			if !strings.Contains(e.name, o.Only) {
				continue
			}
			if err := s.measureEndpoint(ctx, o.Options, e); err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
		}
		if o.Lasting == 0 {
			return nil
		}
		return s.world.measureMemory(ctx, o, s.server, s.callers)
	})
}

func (s *stage) measureEndpoint(ctx context.Context, o Options, e endpoint) error {
	if err := s.world.turnAll(s.callers, e); err != nil {
		return err
	}
	if err := s.measure(ctx, o, e.name, atOnce, e.ask); err != nil {
		return err
	}
	return s.world.genuine(ctx, e, s.callers)
}

// turnAll has the callers visit the client of an endpoint.
func (w *world) turnAll(callers []*caller, e endpoint) error {
	for _, c := range callers {
		if err := c.turnTo(e.client, w.Secret, e.scopes); err != nil {
			return err
		}
	}
	return nil
}

// askAll has all callers ask at once for the time of a measurement.
func askAll(ctx context.Context, o Options, server *process, database backends, callers []*caller, ask func(*caller) error) (*figures, error) {
	n := 0
	o.Workers = len(callers)
	return drive(ctx, o, server, database, func() flow {
		c := callers[n]
		n++
		return func(context.Context) (bool, error) { return true, ask(c) }
	})
}

// genuine checks the ID token that each caller got last.
func (w *world) genuine(ctx context.Context, e endpoint, callers []*caller) error {
	provider, err := oidc.NewProvider(ctx, w.Issuer)
	if err != nil {
		return err
	}
	v := provider.Verifier(&oidc.Config{ClientID: e.client, SupportedSigningAlgs: []string{keys.ES256, keys.RS256}})
	for _, c := range callers {
		if _, err := v.Verify(ctx, c.id); err != nil {
			return err
		}
	}
	return nil
}

// early is after how many flows the memory is looked at first.
const early = 1000

// measureMemory compares what the server holds after a few flows and after many.
func (w *world) measureMemory(ctx context.Context, o OIDCOptions, server *process, callers []*caller) error {
	if err := w.turnAll(callers, endpoints[0]); err != nil {
		return err
	}
	walk := func(flows int) (resident int64, err error) {
		o.Time, o.Flows = time.Hour, flows
		if _, err := askAll(ctx, o.Options, server, backends{}, callers, endpoints[0].ask); err != nil {
			return 0, err
		}
		return server.resident()
	}
	first, err := walk(early)
	if err != nil {
		return err
	}
	last, err := walk(o.Lasting - early)
	fmt.Fprintf(o.Out, "%d MiB resident after %d single sign-ons, %d MiB after %d\n", first>>20, early, last>>20, o.Lasting)
	return err
}
