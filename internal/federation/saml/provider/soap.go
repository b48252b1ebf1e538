package provider

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/outbound"
	"kapu/internal/store"
	"kapu/internal/web"
)

// soapType is the media type of SOAP 1.1 (SAML Bindings, 3.2.3).
const soapType = "text/xml"

// soapAction is the header that SOAP 1.1 wants (SAML Bindings, 3.2.3.1).
const soapAction = "http://www.oasis-open.org/committees/security"

// machineHandler serves one message from machine to machine; it returns the
// answer, written.
type machineHandler func(r *http.Request, in received) ([]byte, error)

// machine serves messages in SOAP (SAML Bindings, 3.2). What cannot be answered
// in the words of SAML is answered in those of SOAP.
func (p *Provider) machine(h machineHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := p.serveSOAP(w, r, h)
		status := http.StatusOK
		var fault *wire.Error
		switch {
		case errors.As(err, &fault):
			p.note(r, fault)
			text, status = wire.SOAPFault(true, fault.Full()), http.StatusInternalServerError // as SOAP 1.1, 6.2, wants it
		case err != nil:
			p.Log.Error("saml: fault", "request", web.SupportCode(r.Context()), "cause", err)
			text, status = wire.SOAPFault(false, "support code "+web.SupportCode(r.Context())), http.StatusInternalServerError
		default:
			text = wire.SOAP(text)
		}
		h := w.Header()
		h.Set("Cache-Control", "no-cache, no-store")
		h.Set("Pragma", "no-cache")
		h.Set("Content-Type", soapType+"; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(status)
		_, _ = w.Write(text) // the service may have gone; there is nobody left to tell
	})
}

func (p *Provider) serveSOAP(w http.ResponseWriter, r *http.Request, h machineHandler) ([]byte, error) {
	body, err := readBody(w, r, soapType)
	if err != nil {
		return nil, err
	}
	m, err := wire.ReadSOAP(body)
	if err != nil {
		return nil, err
	}
	in, err := p.from(m)
	if err != nil {
		return nil, err
	}
	p.sawService(r, in, true)
	return h(r, in)
}

// bySOAP tells whether a service hears of the end of sessions by SOAP.
func (p *Provider) bySOAP(s *catalogue.Service) bool {
	_, ok := p.soapPlace(s)
	return ok
}

func (p *Provider) soapPlace(s *catalogue.Service) (catalogue.Endpoint, bool) {
	if s.SAML == nil {
		return catalogue.Endpoint{}, false
	}
	partner, ok := s.SAML.At(p.Broker.Now())
	if !ok {
		return catalogue.Endpoint{}, false
	}
	return partner.LogoutBy(catalogue.SOAP)
}

// TellServices tells services of the sessions that have ended since, by SOAP
// (SAML Profiles, 4.4.3.3): the job "saml logouts".
func (p *Provider) TellServices(ctx context.Context) (told int, err error) {
	return federation.Queue{
		Door: doorName, DB: p.Broker.DB, Catalogue: p.Broker.Catalogue, Log: p.Log, Counts: &p.Logouts, Wants: p.bySOAP, Tell: p.tellLogout,
	}.Run(ctx)
}

// tellLogout tries to tell it once. A service that knows of no such session has
// none to end.
func (p *Provider) tellLogout(ctx context.Context, s *catalogue.Service, l store.Logout) (federation.Outcome, error) {
	place, _ := p.soapPlace(s)
	q := p.endRequest(s, place.URL, p.nameKept(s, l), l.Session)
	signer, err := p.signerFor(s)
	if err != nil {
		return federation.Silent, err
	}
	text, err := q.Write(signer)
	if err != nil {
		return federation.Silent, err
	}
	body, err := p.clientFor(s).Exchange(ctx, place.URL, outbound.Sent{Type: soapType, Action: soapAction, Body: wire.SOAP(text)})
	if err != nil {
		return federation.Silent, err
	}
	status, err := p.readAnswer(s, body, q.ID)
	switch {
	case err != nil:
		return federation.Refused, err
	case status.OK(), status.Sub == wire.UnknownPrincipal:
		return federation.Told, nil
	}
	return federation.Refused, errors.New("the service says " + status.Code)
}

// readAnswer reads what a service answered. Where it does not sign, the address
// that we called speaks for it (SAML Bindings, 3.2.2.1).
func (p *Provider) readAnswer(s *catalogue.Service, body []byte, asked string) (status wire.Status, err error) {
	m, err := wire.ReadSOAP(body)
	if err != nil {
		return status, err
	}
	if m.Kind() != wire.KindLogoutResponse || m.Issuer() != s.SAML.EntityID {
		return status, errors.New("it is not a LogoutResponse of the service")
	}
	var d *wire.Document
	if m.Signed() {
		in, fault := p.from(m)
		d, err = in.document, fault
	} else {
		d, err = m.Unsigned()
	}
	if err != nil {
		return status, err
	}
	answer, err := wire.ReadLogoutResponse(d)
	if err == nil && answer.InResponseTo != asked {
		err = errors.New("it answers something else")
	}
	return answer.Status, err
}

// logoutBySOAP ends sessions at a service's word, from machine to machine (SAML
// Profiles, 4.4.3.1). Other services hear of it as far as they need no browser.
func (p *Provider) logoutBySOAP(r *http.Request, in received) ([]byte, error) {
	if in.kind != wire.KindLogoutRequest {
		return nil, unheard("SAML Profiles, 4.4.3", "this address takes LogoutRequest only")
	}
	q, err := p.readLogout(r, in)
	status := wire.Status{Code: wire.Success}
	if err == nil {
		status, err = p.endNamed(r.Context(), in.service, q)
	}
	var fault *wire.Error
	switch {
	case errors.As(err, &fault) && fault.Answerable:
		p.note(r, fault)
		status = fault.Status()
	case err != nil:
		return nil, err
	}
	signer, err := p.signerFor(in.service)
	if err != nil {
		return nil, err
	}
	return wire.LogoutResponse{Header: p.header("", q.ID), Status: status}.Write(signer)
}

// endNamed ends the sessions that a service means, of those that it was told of.
func (p *Provider) endNamed(ctx context.Context, s *catalogue.Service, q wire.LogoutRequest) (status wire.Status, err error) {
	var known []string
	err = p.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		known, err = tx.SessionsKnown(doorName, s.ID, q.NameID.Value)
		return err
	})
	if err != nil {
		return status, err
	}
	status, found := wire.Status{Code: wire.Success}, false
	for _, id := range known {
		if len(q.Sessions) > 0 && !slices.Contains(q.Sessions, federation.SessionName(p.Broker.Ring, s, id)) {
			continue
		}
		heard := store.Logout{Session: id, Service: s.ID, Door: doorName} // it need not be told
		if err := p.Broker.DB.Apply(ctx, func(tx *store.Tx) error { return tx.ForgetLogout(heard) }); err != nil {
			return status, err
		}
		ended, all, err := p.Broker.EndNamed(ctx, id, s)
		if err != nil {
			return status, err
		}
		if found = found || ended; !all {
			status.Sub = wire.PartialLogout
		}
	}
	if !found {
		return status, wire.Refuse(wire.Requester, wire.UnknownPrincipal, "SAML Core, 3.7.3", "no such session is live")
	}
	return status, nil
}

func (p *Provider) clientFor(s *catalogue.Service) *outbound.Client {
	if s.SAML.PrivateNetwork {
		return p.private
	}
	return p.public
}
