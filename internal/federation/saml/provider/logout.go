package provider

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/store"
	"kapu/internal/web"
)

// ending is a service's request to end a session, found good. It travels sealed
// where it came in a form.
type ending struct {
	Service  string   `json:"s"`
	ID       string   `json:"i"` // of the request
	Relay    string   `json:"r,omitempty"`
	Name     string   `json:"n"`           // by which the service knows the person
	Sessions []string `json:"x,omitempty"` // by which it knows the session; none for all
}

// logout is the single logout service (SAML Profiles, 4.4): it takes requests,
// and answers to ours.
func (p *Provider) logout(w http.ResponseWriter, r *http.Request, in received) error {
	switch in.kind {
	case wire.KindLogoutRequest:
		return p.leave(w, r, in)
	case wire.KindLogoutResponse:
		return p.answered(w, r, in)
	}
	return p.refuse(w, r, unheard("SAML Profiles, 4.4.3", "this address takes LogoutRequest and LogoutResponse only"))
}

// readLogout reads a request to end a session and refuses one that is not for
// us, not of now, or not for the first time. Only signed ones come here: a link
// that anybody can make must not sign anybody out.
func (p *Provider) readLogout(r *http.Request, in received) (wire.LogoutRequest, error) {
	q, err := wire.ReadLogoutRequest(in.document)
	if err != nil {
		return q, err
	}
	now := p.Broker.Now()
	if err := q.Check(p.Issuer+r.URL.Path, in.document.Signed(), now); err != nil {
		return q, err
	}
	if q.Expired(now) {
		return q, wire.Refuse(wire.Requester, wire.RequestDenied, "SAML Core, 3.7.1", "NotOnOrAfter is over")
	}
	if err := p.firstTime(r.Context(), in.service, q.ID); err != nil {
		return q, err
	}
	return q, p.speaksOf(in.service, q.NameID)
}

func (p *Provider) leave(w http.ResponseWriter, r *http.Request, in received) error {
	q, err := p.readLogout(r, in)
	var fault *wire.Error
	switch {
	case errors.As(err, &fault) && fault.Answerable:
		p.note(r, fault)
		return p.answerLogout(w, r, parting{Service: in.service.ID, ID: q.ID, Relay: in.relay, Status: fault.Status()})
	case err != nil:
		return p.refuse(w, r, err)
	}
	e := ending{Service: in.service.ID, ID: q.ID, Relay: in.relay, Name: q.NameID.Value, Sessions: q.Sessions}
	if r.Method == http.MethodGet {
		return p.end(w, r, e)
	}
	return p.sendOnward(w, r, onward{Logout: &e})
}

// end ends the visitor's session if it is the one that the service means. Where
// nobody is signed in, nothing is left to be ended; somebody else stays.
func (p *Provider) end(w http.ResponseWriter, r *http.Request, e ending) error {
	service := p.Broker.Catalogue.Service(e.Service)
	if service == nil || service.SAML == nil {
		return p.refuse(w, r, unheard("SAML Core, 2.2.5", "the issuer is no longer registered"))
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	done := parting{Service: e.Service, ID: e.ID, Relay: e.Relay, Status: wire.Status{Code: wire.Success}}
	switch {
	case current.Session.Account() == "":
		return p.answerLogout(w, r, done)
	case !p.means(r.Context(), service, e, current):
		done.Status = wire.Refuse(wire.Requester, wire.UnknownPrincipal, "SAML Core, 3.7.3", "another session is at this browser").Status()
		return p.answerLogout(w, r, done)
	}
	after, err := p.afterwards(service, done)
	if err != nil {
		return err
	}
	heard := store.Logout{Session: current.Session.ID, Service: service.ID, Door: doorName} // it need not be told
	if err := p.Broker.DB.Apply(r.Context(), func(tx *store.Tx) error { return tx.ForgetLogout(heard) }); err != nil {
		return err
	}
	return p.Broker.SignOut(w, r, current, service, after)
}

// means tells whether a session is one that a service was reached in, and the one
// that it speaks of.
func (p *Provider) means(ctx context.Context, s *catalogue.Service, e ending, c broker.Current) bool {
	if !slices.ContainsFunc(c.Session.Visits, func(v authn.Visit) bool { return v.Service == s.ID }) {
		return false
	}
	own := named{Person: c.Session.Person(), Session: c.Session.ID}
	last, err := p.knownAs(ctx, s, own)
	known := err == nil && slices.ContainsFunc([]named{own, last}, func(n named) bool { return p.isKnownBy(s, n, e.Name) })
	return known && (len(e.Sessions) == 0 || slices.Contains(e.Sessions, federation.SessionName(p.Broker.Ring, s, c.Session.ID)))
}

// partingPurpose seals an answer that waits until all services were told.
const partingPurpose = "saml/parting"

// partingLife is how long it may wait for that.
const partingLife = 10 * time.Minute

// parting is the answer to a request to end a session.
type parting struct {
	Service string      `json:"s"`
	ID      string      `json:"i"`
	Relay   string      `json:"r,omitempty"`
	Status  wire.Status `json:"c"`
	Until   int64       `json:"x"` // milliseconds since 1970
}

// afterwards are the addresses at which the visitor brings the answer: one for
// when all services hear of the end, and one for when some do not (SAML Profiles, 4.4.3.4).
func (p *Provider) afterwards(s *catalogue.Service, done parting) (after broker.After, err error) {
	if _, ok := p.answerPlace(s); !ok {
		return after, nil
	}
	done.Until = p.Broker.Now().Add(partingLife).UnixMilli()
	if after.All, err = p.partingURL(done); err != nil {
		return after, err
	}
	done.Status = wire.Status{Code: wire.Success, Sub: wire.PartialLogout}
	after.Some, err = p.partingURL(done)
	return after, err
}

func (p *Provider) partingURL(done parting) (string, error) {
	sealed, err := p.Broker.Ring.SealValue(partingPurpose, done)
	return answerPath + "?q=" + url.QueryEscape(sealed), err
}

// bringAnswer answers the service that asked for the end.
func (p *Provider) bringAnswer(w http.ResponseWriter, r *http.Request) error {
	var done parting
	if !p.Broker.Ring.UnsealValue(partingPurpose, r.URL.Query().Get("q"), &done) || !p.Broker.Now().Before(time.UnixMilli(done.Until)) {
		return web.Expired("")
	}
	return p.answerLogout(w, r, done)
}

// answerPlace is where answers to a service's logout requests go.
func (p *Provider) answerPlace(s *catalogue.Service) (catalogue.Endpoint, bool) {
	if s == nil || s.SAML == nil {
		return catalogue.Endpoint{}, false
	}
	partner, ok := s.SAML.At(p.Broker.Now())
	if !ok {
		return catalogue.Endpoint{}, false
	}
	return partner.LogoutBy(catalogue.Redirect, catalogue.Post)
}

func (p *Provider) answerLogout(w http.ResponseWriter, r *http.Request, done parting) error {
	service := p.Broker.Catalogue.Service(done.Service)
	place, ok := p.answerPlace(service)
	if !ok {
		return web.SeeOther(w, r, "/signout") // which says how things stand
	}
	answer := wire.LogoutResponse{Header: p.header(place.AnswerTo(), done.ID), Status: done.Status}
	return p.send(w, r, service, place.Binding, place.AnswerTo(), message{answer.Write, true, done.Relay})
}

// message is a message of ours, to be signed.
type message struct {
	write    func(*wire.Signer) ([]byte, error)
	response bool
	relay    string
}

// send sends the browser to a service with a message, by Redirect or POST.
func (p *Provider) send(w http.ResponseWriter, r *http.Request, s *catalogue.Service, binding, address string, m message) error {
	signer, err := p.signerFor(s)
	if err != nil {
		return err
	}
	within := signer
	if binding == catalogue.Redirect { // the signature is over the address (SAML Bindings, 3.4.4.1)
		within = nil
	}
	text, err := m.write(within)
	if err != nil {
		return err
	}
	carried := wire.Carried{Response: m.response, Message: text, RelayState: m.relay}
	if binding == catalogue.Post {
		return p.post(w, r, web.ToSignOut, address, carried)
	}
	target, err := carried.RedirectURL(address, signer)
	if err != nil {
		return err
	}
	return p.Broker.Shell.GoOn(w, r, web.ToSignOut, target) // a form may have begun the way
}
