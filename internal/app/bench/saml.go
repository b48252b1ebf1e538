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
		s.yard = keys.RS256
		for _, e := range partyEndpoints {
			if !strings.Contains(e.name, o.Only) {
				continue
			}
			p, err := s.world.party(e.alg)
			if err != nil {
				return err
			}
			if err := s.measure(ctx, o.Options, e.name, p.prepare, p.signOn); err != nil {
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

// ahead is how many requests are made for a browser before it needs them: what
// that costs is the service's, and would keep the gateway waiting.
const ahead = 200

// prepare makes requests for a browser.
func (p *party) prepare(c *caller) error {
	for c.ahead = c.ahead[:0]; len(c.ahead) < ahead; {
		address, err := p.request()
		if err != nil {
			return err
		}
		c.ahead = append(c.ahead, address)
	}
	return nil
}

// request is the address with which the service sends somebody.
func (p *party) request() (string, error) {
	q := wire.AuthnRequest{ACSIndex: -1, AttributeSet: -1}
	q.Header = wire.Header{ID: "_" + keys.RandomToken(), IssueInstant: time.Now(), Destination: p.destination, Issuer: p.entity}
	text, err := q.Write(nil)
	if err != nil {
		return "", err
	}
	return wire.Carried{Message: text, RelayState: "state-of-the-service"}.RedirectURL(p.destination, p.signer)
}

// signOn sends a browser that is signed in, and takes the form with the response.
func (p *party) signOn(c *caller) error {
	if len(c.ahead) == 0 { // the gateway is quicker than we thought
		if err := p.prepare(c); err != nil {
			return err
		}
	}
	address := c.ahead[len(c.ahead)-1]
	c.ahead = c.ahead[:len(c.ahead)-1]
	a, err := c.get("/saml/sso"+strings.TrimPrefix(address, p.destination), c.cookies)
	if err == nil && a.status == http.StatusOK && !bytes.Contains(a.body, []byte(acsURL)) {
		return errors.New("the response goes elsewhere")
	}
	return c.expect(a, err, `name="SAMLResponse"`)
}
