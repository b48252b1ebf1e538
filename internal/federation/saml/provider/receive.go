package provider

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/web"
)

// received is a message of which we know who sent it.
type received struct {
	service  *catalogue.Service
	partner  *catalogue.Partner
	document *wire.Document
	kind     wire.Kind
	relay    string
}

// handler serves one message that came through a visitor's browser.
type handler func(http.ResponseWriter, *http.Request, received) error

// carried serves messages that come in the address (SAML Bindings, 3.4).
func (p *Provider) carried(h handler) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Method == http.MethodHead { // whoever only looks where a link leads must not use up its message
			return nil
		}
		m, err := wire.ReadRedirect(r.URL.RawQuery)
		return p.receive(w, r, m, err, h)
	}
}

// posted serves messages that come in a form (SAML Bindings, 3.5). Browsers send
// no cookies along with another site's form (SameSite=Lax), so what a handler
// does with them it does at another address.
func (p *Provider) posted(h handler) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.RawQuery != "" { // others may read a message there, where we read the form
			return p.refuse(w, r, unheard("SAML Bindings, 3.5.4", "a form must come to the address without a query"))
		}
		body, err := readBody(w, r, "application/x-www-form-urlencoded")
		if err != nil {
			return p.refuse(w, r, err)
		}
		m, err := wire.ReadPost(body)
		return p.receive(w, r, m, err, h)
	}
}

func readBody(w http.ResponseWriter, r *http.Request, want string) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != want {
		return nil, unheard("SAML Bindings", "the body is not "+want)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxForm))
	if err != nil {
		return nil, unheard("SAML Bindings", "the body is too large or incomplete")
	}
	return body, nil
}

func (p *Provider) receive(w http.ResponseWriter, r *http.Request, m *wire.Message, err error, h handler) error {
	if err != nil {
		return p.refuse(w, r, err)
	}
	from, err := p.from(m)
	if err != nil {
		return p.refuse(w, r, err)
	}
	p.sawService(r, from, false)
	return h(w, r, from)
}

// unheard is an error of which the service is not told, for we do not know
// whether it is the service.
func unheard(section, text string) *wire.Error {
	return &wire.Error{Code: wire.Requester, Section: section, Description: text}
}

// from finds who sent a message, and makes sure of it: by a signature under one
// of the keys that the service has told us, and no others. Only requests to sign
// somebody on may come without one, where the registration says so.
func (p *Provider) from(m *wire.Message) (received, error) {
	service := p.Broker.Catalogue.Entity(m.Issuer())
	if m.Issuer() == "" || service == nil {
		return received{}, unheard("SAML Core, 2.2.5", "the issuer is not registered here")
	}
	partner, ok := service.SAML.At(p.Broker.Now())
	if !ok {
		return received{}, unheard("SAML Metadata, 2.3.2", "the service's metadata are not there, or no longer valid")
	}
	in := received{service: service, partner: partner, kind: m.Kind(), relay: m.RelayState}
	var err error
	if service.SAML.UnsignedRequests && m.Kind() == wire.KindAuthnRequest && !m.Signed() {
		in.document, err = m.Unsigned()
		return in, err
	}
	pinned, err := p.pinned(partner)
	if err != nil {
		return received{}, err
	}
	in.document, err = m.Verify(pinned...)
	return in, err
}

func (p *Provider) pinned(partner *catalogue.Partner) (list []*x509.Certificate, err error) {
	for _, text := range partner.Signing {
		c, err := p.certificate(text)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// once takes a message's ID only once for as long as the message could count
// (SAML Profiles, 4.1.4.5): whoever reads it on its way cannot use it again.
func (p *Provider) once(ctx context.Context, s *catalogue.Service, id string) (bool, error) {
	key := "saml/id/" + p.Broker.Ring.Digest("saml/id", s.ID+" "+id)
	const remembered = wire.MaxAge + wire.MaxSkew + time.Minute
	return p.Broker.Volatile.CompareAndSwap(ctx, key, nil, []byte("1"), remembered)
}

// firstTime is [Provider.once] as a refusal that the service is told.
func (p *Provider) firstTime(ctx context.Context, s *catalogue.Service, id string) error {
	first, err := p.once(ctx, s, id)
	if err == nil && !first {
		return wire.Refuse(wire.Requester, wire.RequestDenied, "SAML Core, 1.3.4", "the ID was used before")
	}
	return err
}

// refuse shows the visitor that the service's message is broken, and its
// developer why.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, err error) error {
	var fault *wire.Error
	if !errors.As(err, &fault) {
		return err
	}
	p.note(r, fault)
	p.Broker.Shell.ShowFault(w, r, string(fault.Code), fault.Full())
	return nil
}

// note leaves a line for the operator whose help a developer asks for.
func (p *Provider) note(r *http.Request, fault *wire.Error) {
	p.Log.Info("saml: refused", "request", web.SupportCode(r.Context()), "path", r.URL.Path, "code", fault.Code, "sub", fault.Sub, "why", fault.Full())
}
