package provider

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/store"
	"kapu/internal/web"
)

// walkLife is how long we wait for a service to send the visitor back.
const walkLife = 10 * time.Minute

// walk is the way of a browser through services that must hear of the end of a
// session. It waits here, under the ID of the request that is on its way, as
// nothing else comes back for certain.
type walk struct {
	Session  string   `json:"s"`
	Person   string   `json:"p"`
	Browser  string   `json:"b"`           // no other may go on: the way names the person to the next service
	At       string   `json:"t,omitempty"` // the service that is to answer
	Left     []string `json:"l,omitempty"`
	Answered []string `json:"a,omitempty"`
	Rest     string   `json:"r"` // the broker's
}

// Walk implements broker.Walker.
func (p *Provider) Walk(w http.ResponseWriter, r *http.Request, s authn.Session, services []string, rest string) error {
	return p.step(w, r, walk{Session: s.ID, Person: s.Person(), Browser: p.Broker.Browser(w, r), Left: services, Rest: rest})
}

// step goes to the next service, or back to the broker when there is none.
func (p *Provider) step(w http.ResponseWriter, r *http.Request, on walk) error {
	for len(on.Left) > 0 {
		on.At, on.Left = on.Left[0], on.Left[1:]
		service := p.Broker.Catalogue.Service(on.At)
		place, ok := p.answerPlace(service)
		if !ok {
			continue
		}
		q, err := p.logoutRequest(r.Context(), service, place.URL, on)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(on)
		if err != nil {
			return err
		}
		if err := p.Broker.Volatile.Put(r.Context(), p.walkKey(q.ID), raw, walkLife); err != nil {
			return err
		}
		return p.send(w, r, service, place.Binding, place.URL, message{q.Write, false, ""})
	}
	return p.Broker.Walked(w, r, on.Rest, on.Answered)
}

func (p *Provider) walkKey(id string) string {
	return "saml/walk/" + p.Broker.Ring.Digest("saml/walk", id)
}

// logoutRequest tells a service that a session has ended (SAML Core, 3.7.1).
func (p *Provider) logoutRequest(ctx context.Context, s *catalogue.Service, address string, on walk) (wire.LogoutRequest, error) {
	known, err := p.knownAs(ctx, s, named{Person: on.Person, Session: on.Session})
	return p.endRequest(s, address, p.nameID(s, known), on.Session), err
}

// endRequest is a request to a service to end a session of its own.
func (p *Provider) endRequest(s *catalogue.Service, address string, name wire.NameID, session string) wire.LogoutRequest {
	return wire.LogoutRequest{
		Header: p.header(address, ""), Reason: wire.ReasonUser, NotOnOrAfter: p.Broker.Now().UTC().Add(assertionLife),
		NameID: name, Sessions: []string{federation.SessionName(p.Broker.Ring, s, session)},
	}
}

// answer is a service's word on a request of ours to end a session. It travels
// sealed where it came in a form.
type answer struct {
	Service string `json:"s"`
	To      string `json:"t"`           // ID of the request
	Over    bool   `json:"o,omitempty"` // the session is
}

// answered takes a service's word that its session is over, and goes on.
func (p *Provider) answered(w http.ResponseWriter, r *http.Request, in received) error {
	said, err := wire.ReadLogoutResponse(in.document)
	if err == nil {
		err = said.Check(p.Issuer+logoutPath, in.document.Signed(), p.Broker.Now())
	}
	if err != nil {
		return p.refuse(w, r, err)
	}
	a := answer{Service: in.service.ID, To: said.InResponseTo, Over: said.Status.OK()}
	if r.Method == http.MethodGet {
		return p.walkOn(w, r, a)
	}
	return p.sendOnward(w, r, onward{Answer: &a})
}

// walkOn takes the browser that brings an answer to the next service. A service
// that answers by itself, or from another browser, must not learn where it leads.
func (p *Provider) walkOn(w http.ResponseWriter, r *http.Request, a answer) error {
	raw, found, err := p.Broker.Volatile.Take(r.Context(), p.walkKey(a.To))
	if err != nil {
		return err
	}
	var on walk
	switch {
	case !found:
		return web.SeeOther(w, r, "/signout") // too late: it says how things stand
	case json.Unmarshal(raw, &on) != nil || on.At != a.Service:
		return p.refuse(w, r, unheard("SAML Core, 3.7.2", "the answer is not that of the service that was asked"))
	case !p.Broker.IsBrowser(r, on.Browser):
		return web.SeeOther(w, r, "/signout")
	}
	if a.Over {
		on.Answered = append(on.Answered, on.At)
	}
	return p.step(w, r, on)
}

// Reached implements broker.Ender. Who is told is put down when the service
// learns of the person: then it is known under which name.
func (p *Provider) Reached(context.Context, authn.Session, *catalogue.Service) error { return nil }

// await puts down, before a service learns who somebody is, that it is to be told
// of the session's end, and under which name it knows the person.
func (p *Provider) await(ctx context.Context, a broker.Answer, format string) error {
	if err := p.noteName(ctx, a, namedIn(a, format)); err != nil {
		return err
	}
	if !p.bySOAP(a.Service) {
		return nil
	}
	l := store.Logout{Session: a.Session.ID, Service: a.Service.ID, Door: doorName, Account: a.Session.Account(), Person: a.Session.Person()}
	l.Subject = p.nameID(a.Service, namedIn(a, format)).Value
	return p.Broker.DB.Apply(ctx, func(tx *store.Tx) error { return tx.AwaitLogout(l, p.endOf(a.Session.Began())) })
}

// Ended implements broker.Ender: services that are told from machine to machine
// become due with the end.
func (p *Provider) Ended(tx *store.Tx, s authn.Session) error { return tx.EndSession(s.ID) }

// Parting implements broker.Ender. A service that takes SOAP needs no browser.
func (p *Provider) Parting(_ authn.Session, s *catalogue.Service) (how broker.Parting) {
	if p.bySOAP(s) {
		how.Told = true
		return how
	}
	_, how.Walk = p.answerPlace(s)
	return how
}
