package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
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
	return onStage(ctx, o, makePartyKey, func(ctx context.Context, s *stage) error {
		for _, e := range partyEndpoints {
			if !strings.Contains(e.name, o.Only) {
				continue
			}
			p, err := s.world.party(e.alg)
			if err != nil {
				return err
			}
			if err := s.measure(ctx, o.Options, e.name, p.signOn); err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
		}
		return s.throwBombs(o.Options)
	})
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
