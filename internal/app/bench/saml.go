package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/keys"
)

// partyEndpoints are what services that speak SAML ask for: the same, answered
// under another key.
var partyEndpoints = []struct{ name, alg string }{
	{"SAML single sign-on, RSA-SHA256", catalogue.RSASHA256},
	{"SAML single sign-on, ECDSA-SHA256", catalogue.ECDSASHA256},
}

// SAML measures single sign-on by SAML, with requests that are signed and
// responses that are signed once, and reading what services send, honest and not.
func SAML(ctx context.Context, o OIDCOptions) error {
	if err := measureReading(o.Options); err != nil {
		return err
	}
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
	if err := makePartyKey(dir); err != nil {
		return err
	}
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
		err = w.measureParties(ctx, o, server, bare)
	}
	return errors.Join(err, server.stop(), bare.server.stop())
}

func (w *world) measureParties(ctx context.Context, o OIDCOptions, server *process, bare *floor) error {
	if err := w.discover(ctx); err != nil { // the browsers come by the other door first
		return err
	}
	callers, err := w.callers(ctx, w.Citizens)
	if err != nil {
		return err
	}
	database := backendsOf(w.Database)
	database.hold(serverCore)
	for _, e := range partyEndpoints {
		if !strings.Contains(e.name, o.Only) {
			continue
		}
		p, err := w.party(e.alg)
		if err != nil {
			return err
		}
		asked, answered := &figures{}, &figures{}
		for spent := time.Duration(0); spent < o.Time; spent += slice {
			part, err := askAll(ctx, Options{Time: slice}, server, database, callers, p.signOn)
			if err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
			yard, err := askAll(ctx, Options{Time: slice / 4}, bare.server, backends{}, bare.callers, (*caller).bare)
			if err != nil {
				return err
			}
			asked.join(part)
			answered.join(yard)
		}
		asked.printRate(o.Out, e.name, answered)
	}
	return nil
}

// party is a service that speaks SAML. It signs by ECDSA, which is quicker: it is
// not what is measured.
type party struct {
	entity, destination string
	signer              *wire.Signer
}

func (w *world) party(alg string) (*party, error) {
	signer, err := partySigner(w.Dir)
	return &party{entity: entityOf(alg), destination: w.Issuer + "/saml/sso", signer: signer}, err
}

// signOn sends a browser that is signed in, and takes the form with the response.
func (p *party) signOn(c *caller) error {
	q := wire.AuthnRequest{ACSIndex: -1, AttributeSet: -1}
	q.Header = wire.Header{ID: "_" + keys.RandomToken(), IssueInstant: time.Now(), Destination: p.destination, Issuer: p.entity}
	text, err := q.Write(nil)
	if err != nil {
		return err
	}
	address, err := wire.Carried{Message: text, RelayState: "state-of-the-service"}.RedirectURL(p.destination, p.signer)
	if err != nil {
		return err
	}
	a, err := c.get("/saml/sso"+strings.TrimPrefix(address, p.destination), c.cookies)
	if err == nil && a.status == http.StatusOK && !bytes.Contains(a.body, []byte(acsURL)) {
		return errors.New("the response goes elsewhere")
	}
	return c.expect(a, err, `name="SAMLResponse"`)
}
