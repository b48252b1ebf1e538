package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := stayOff(serverCore); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kapu-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.Accounts = o.Workers
	w, err := prepare(ctx, dir, o.Options)
	if err != nil {
		return err
	}
	if err := printSignatures(o.Options); err != nil {
		return err
	}
	bare, err := layFloor(ctx, o.Workers)
	if err != nil {
		return err
	}
	server, err := child("bench", "serve", dir, "--profile="+o.Profile)
	if err != nil {
		return err
	}
	if err := onCore(serverCore, server.cmd.Start); err != nil {
		return err
	}
	if _, err = ready(ctx, w.Issuer); err == nil {
		err = w.measureEndpoints(ctx, o, server, bare)
	}
	return errors.Join(err, server.stop(), bare.server.stop())
}

func (w *world) measureEndpoints(ctx context.Context, o OIDCOptions, server *process, bare *floor) error {
	if err := w.discover(ctx); err != nil {
		return err
	}
	callers, err := w.callers(ctx, w.Citizens)
	if err != nil {
		return err
	}
	for _, e := range endpoints {
		if !strings.Contains(e.name, o.Only) {
			continue
		}
		if err := w.measureEndpoint(ctx, o.Options, server, bare, e, callers); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	if o.Lasting == 0 {
		return nil
	}
	return w.measureMemory(ctx, o, server, callers)
}

// measureEndpoint asks in slices, and the bare server after each: so that a
// machine that grows slower or faster tilts neither.
func (w *world) measureEndpoint(ctx context.Context, o Options, server *process, bare *floor, e endpoint, callers []*caller) error {
	if err := w.turnAll(callers, e); err != nil {
		return err
	}
	database := backendsOf(w.Database)
	if !database.hold(serverCore) {
		fmt.Fprintln(o.Out, "the database may not be held to the server's core")
	}
	asked, answered := &figures{}, &figures{}
	for spent := time.Duration(0); spent < o.Time; spent += slice {
		part, err := askAll(ctx, Options{Time: slice}, server, database, callers, e.ask)
		if err != nil {
			return err
		}
		yard, err := askAll(ctx, Options{Time: slice / 4}, bare.server, backends{}, bare.callers, (*caller).bare)
		if err != nil {
			return err
		}
		asked.join(part)
		answered.join(yard)
	}
	asked.printRate(o.Out, e.name, answered)
	return w.genuine(ctx, e, callers)
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
