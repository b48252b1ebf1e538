package provider

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/keys"
	"kapu/internal/store"
	"kapu/internal/web"
)

// Reply implements broker.Door: the response (SAML Profiles, 4.1.4.2).
func (p *Provider) Reply(w http.ResponseWriter, r *http.Request, a broker.Answer) error {
	var c continuation
	if err := json.Unmarshal(a.Request.Resume, &c); err != nil {
		return err
	}
	partner, ok := p.still(a.Service, c)
	if !ok { // the registration may have changed while the visitor was on the way
		return p.refuse(w, r, unheard("SAML Core, 3.4.1", "the AssertionConsumerService is no longer registered"))
	}
	err := p.refusal(a, c)
	var said *wire.Assertion
	if err == nil {
		said, err = p.say(r.Context(), a, c)
	}
	var fault *wire.Error
	switch {
	case errors.As(err, &fault):
		p.note(r, fault)
		return p.respond(w, r, a.Service, partner, c, wire.Response{Status: fault.Status()})
	case err != nil:
		return err
	}
	return p.respond(w, r, a.Service, partner, c, wire.Response{Status: wire.Status{Code: wire.Success}, Assertion: said})
}

// still tells whether the answer may go where the request wanted it.
func (p *Provider) still(s *catalogue.Service, c continuation) (*catalogue.Partner, bool) {
	if s == nil || s.SAML == nil {
		return nil, false
	}
	partner, ok := s.SAML.At(p.Broker.Now())
	return partner, ok && slices.ContainsFunc(partner.ACS, func(e catalogue.Endpoint) bool { return e.URL == c.ACS && e.Binding == c.Binding })
}

// errTurnedBack is also what a service is told where a person has forbidden the
// means that would do: that is theirs to know alone.
var errTurnedBack = wire.Refuse(wire.Responder, wire.AuthnFailed, "SAML Core, 3.2.2.2", "the person turned back")

// refusals are the broker's errors in the words of the protocol (SAML Core, 3.2.2.2).
var refusals = map[string]*wire.Error{
	authn.ErrLoginRequired: wire.Refuse(wire.Responder, wire.NoPassive, "SAML Core, 3.4.1", "the person must sign in, and IsPassive forbids it"),
	authn.ErrDenied:        errTurnedBack,
	authn.ErrForbidden:     errTurnedBack,
	authn.ErrLocked:        errTurnedBack,
	authn.ErrConsent:       wire.Refuse(wire.Responder, wire.NoPassive, "SAML Core, 3.4.1", "the person must decide what the service may have, and IsPassive forbids it"),
	authn.ErrBehalf:        wire.Refuse(wire.Responder, wire.NoPassive, "SAML Core, 3.4.1", "the person must say for whom they act, and IsPassive forbids it"),
	authn.ErrIdentify:      wire.Refuse(wire.Responder, wire.NoPassive, "SAML Core, 3.4.1", "the person must state an identifier that the service demands, and IsPassive forbids it"),
	authn.ErrProvisional:   wire.Refuse(wire.Responder, wire.RequestDenied, "SAML Core, 3.2.2.2", "the registration is provisional, and the service accepts only final ones"),
	authn.ErrUnmet:         wire.Refuse(wire.Responder, wire.NoAuthnContext, "SAML Core, 3.3.2.2.1", "no method on offer reaches what is asked for"),
}

func (p *Provider) refusal(a broker.Answer, c continuation) error {
	if a.Error == authn.ErrProvisional && a.Request.Passive {
		return wire.Refuse(wire.Responder, wire.NoPassive, "SAML Core, 3.4.1", "the registration is provisional: ask without IsPassive, so that the person can be told")
	}
	if a.Error != "" {
		if known, ok := refusals[a.Error]; ok {
			return known
		}
		return wire.Refuse(wire.Responder, "", "", "unknown outcome")
	}
	if c.Subject != "" && c.Subject != federation.Subject(p.Broker.Ring, a.Service, a.Subject()) {
		return wire.Refuse(wire.Responder, wire.UnknownPrincipal, "SAML Core, 3.4.1.4", "another person signed in than the one named in Subject")
	}
	if !c.Demand.Met(a.Achieved.Method) {
		return refusals[authn.ErrUnmet] // never less than was asked for
	}
	return nil
}

// say makes the assertion: how the person was identified, and of the data what
// the law and the person let the service have. Before anything leaves it is
// written down, and that the service is to hear of the session's end.
func (p *Provider) say(ctx context.Context, a broker.Answer, c continuation) (*wire.Assertion, error) {
	claims := federation.Granted(a.Service, c.Wanted, a.Allowed) // of another than who came, what the law lets it have: nothing is allowed
	attributes, err := p.attributes(ctx, a, claims)
	if err != nil {
		return nil, err
	}
	name, level := c.Demand.Asserted(a.Achieved.Method)
	told := broker.Told(a.Service, claims)
	told.Method, told.Level = a.Achieved.Method.Name, level
	if err := p.await(ctx, a, c.Format); err != nil {
		return nil, err
	}
	err = p.tell(ctx, a, told)
	now := p.Broker.Now().UTC()
	return &wire.Assertion{
		ID: newID(), IssueInstant: now, Issuer: p.EntityID(), Subject: p.nameID(a.Service, namedIn(a, c.Format)),
		Recipient: c.ACS, InResponseTo: c.ID, NotBefore: now.Add(-earlier), NotOnOrAfter: now.Add(assertionLife), Audiences: []string{a.Service.SAML.EntityID},
		AuthnInstant: a.Achieved.At.UTC(), SessionIndex: federation.SessionName(p.Broker.Ring, a.Service, a.Session.ID),
		SessionUntil: p.endOf(a.Session.Began()).UTC(), Context: name, Attributes: attributes,
	}, err
}

// endOf is the end of a session, however busy.
func (p *Provider) endOf(began time.Time) time.Time {
	return began.Add(p.Broker.Rules(p.Broker.Now()).SessionLife)
}

// attributes reads what is wanted of the owner of the account, and nothing else.
// Where somebody is identified by their own word only, they say so.
func (p *Provider) attributes(ctx context.Context, a broker.Answer, claims []catalogue.Claim) (list []wire.Attribute, err error) {
	if a.Achieved.Provisional {
		list = append(list, wire.Attribute{Name: "provisional", NameFormat: wire.NameFormatBasic, Type: wire.TypeBoolean, Values: []string{"true"}})
	}
	if list, err = p.actor(ctx, a, claims, list); err != nil || len(claims) == 0 {
		return list, err
	}
	account := a.Achieved.Account
	if a.Mandate != nil {
		account = a.Mandate.Account
	}
	var owner *store.SealedOwner
	err = p.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		_, _, owner, err = tx.StandingWith(account, a.Session.ID, a.Session.ID, federation.Fields(claims)...)
		return err
	})
	if err != nil {
		return nil, gone(err)
	}
	person, err := owner.Person()
	if err != nil {
		return nil, gone(err)
	}
	for _, c := range claims {
		value := valueOf(a.Service, person, c)
		if c == catalogue.Email {
			email, err := owner.Email()
			if err != nil {
				return nil, gone(err)
			}
			value = string(email)
		}
		if value != "" {
			list = append(list, attribute(a.Service, c, value))
		}
	}
	return list, nil
}

// gone is what the service is told where a person or an account was erased meanwhile.
func gone(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, keys.ErrSealed) {
		return wire.Refuse(wire.Responder, wire.AuthnFailed, "", "the account was ended meanwhile")
	}
	return err
}

// respond sends the browser back to the service with the response.
func (p *Provider) respond(w http.ResponseWriter, r *http.Request, s *catalogue.Service, partner *catalogue.Partner, c continuation, response wire.Response) error {
	how, err := p.protection(s, partner, response.Status.OK())
	if err != nil {
		return err
	}
	response.Header = p.header(c.ACS, c.ID)
	text, err := response.Write(how)
	if err != nil {
		return err
	}
	if c.Binding == catalogue.Artifact {
		return p.handOut(w, r, s, c, text)
	}
	return p.post(w, r, web.ToService, c.ACS, wire.Carried{Response: true, Message: text, RelayState: c.Relay})
}

// post sends the browser to a service with a message in a form (SAML Bindings, 3.5).
func (p *Provider) post(w http.ResponseWriter, r *http.Request, e web.Errand, address string, m wire.Carried) error {
	var fields []web.Carried
	for _, f := range m.PostFields() {
		fields = append(fields, web.Carried(f))
	}
	return p.Broker.Shell.Carry(w, r, e, address, fields...)
}
