package provider

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
	"kapu/internal/web"
)

// Reply implements broker.Door: the authorization response (Core, 3.1.2.5).
func (p *Provider) Reply(w http.ResponseWriter, r *http.Request, a broker.Answer) error {
	var c continuation
	if err := json.Unmarshal(a.Request.Resume, &c); err != nil {
		return err
	}
	// The registration may have changed while the visitor was on the way.
	if a.Service == nil || a.Service.OIDC == nil || !a.Service.OIDC.Answers(c.RedirectURI) {
		return p.refuse(w, r, wire.Refuse(wire.InvalidRequest, "RFC 9700, 4.1.3", "redirect_uri is no longer registered"))
	}
	response := wire.Response{Issuer: p.Issuer, State: c.State}
	err := p.refusal(a, c)
	if err == nil {
		err = p.settle(r.Context(), c.Pushed, a.Session.ID)
	}
	if err == nil {
		err = p.severalNames(r.Context(), a)
	}
	if err == nil {
		response.Code, err = p.issue(a, c)
	}
	if err != nil && !errors.As(err, &response.Err) {
		return err
	}
	return p.respond(w, r, a.Service, c.RedirectURI, c.Mode, response)
}

// errTurnedBack is also said where the person has forbidden what it would take:
// that is nobody's business.
var errTurnedBack = wire.Refuse(wire.AccessDenied, "RFC 6749, 4.1.2.1", "the person turned back")

// refusals are the broker's errors in the words of the protocol.
var refusals = map[string]*wire.Error{
	authn.ErrLoginRequired: wire.Refuse(wire.LoginRequired, "OpenID Connect Core, 3.1.2.6", "the person must sign in, and prompt=none forbids it"),
	authn.ErrDenied:        errTurnedBack,
	authn.ErrForbidden:     errTurnedBack,
	authn.ErrLocked:        errTurnedBack,
	authn.ErrConsent:       wire.Refuse(wire.ConsentRequired, "OpenID Connect Core, 3.1.2.6", "the person must decide what the service may have, and prompt=none forbids it"),
	authn.ErrIdentify:      wire.Refuse(wire.InteractionRequired, "OpenID Connect Core, 3.1.2.6", "the person must state an identifier that the service demands, and prompt=none forbids it"),
	authn.ErrBehalf:        wire.Refuse(wire.InteractionRequired, "OpenID Connect Core, 3.1.2.6", "the person must say for whom they act, and prompt=none forbids it: ask with id_token_hint of the session to go on as before"),
	authn.ErrProvisional:   wire.Refuse(wire.AccessDenied, "RFC 6749, 4.1.2.1", "the registration is provisional, and the service accepts only final ones"),
	authn.ErrUnmet:         wire.Refuse(wire.UnmetRequirements, "OpenID Connect Core, 5.5.1.1", "no method on offer reaches what is asked for"),
}

func (p *Provider) refusal(a broker.Answer, c continuation) error {
	if a.Error == authn.ErrProvisional && a.Request.Passive {
		return wire.Refuse(wire.InteractionRequired, "OpenID Connect Core, 3.1.2.6", "the registration is provisional: ask without prompt=none, so that the person can be told")
	}
	if a.Error != "" {
		if known, ok := refusals[a.Error]; ok {
			return known
		}
		return wire.Refuse(wire.ServerError, "", "unknown outcome")
	}
	if len(c.Subjects) > 0 && !slices.Contains(c.Subjects, p.subject(a.Service, a.Subject())) {
		return wire.Refuse(wire.LoginRequired, "OpenID Connect Core, 3.1.2.1", "another person signed in than the one expected")
	}
	if !c.Demand.Met(a.Achieved.Method) {
		return refusals[authn.ErrUnmet] // never a lower token
	}
	return nil
}

// issue makes the code with which the service can ask who the person is.
// Nothing is written before it does.
func (p *Provider) issue(a broker.Answer, c continuation) (string, error) {
	return p.sealToken(codePurpose, &code{
		Grant: grant{
			ID: store.NewID(), Service: a.Service.ID, Person: a.Achieved.Person, Account: a.Achieved.Account, Session: a.Session.ID,
			Began: a.Session.Began().UnixNano(), Asked: c.Asked.grantedTo(a.Service, a.Allowed), Behalf: behalfOf(a),
		},
		evidence:    p.evidence(a, c),
		RedirectURI: c.RedirectURI, Challenge: c.Challenge, JKT: c.JKT, Nonce: c.Nonce,
		Expires: p.Broker.Now().Add(p.CodeLife).UnixMilli(),
	})
}

// evidence is what the service will be told of how the person was identified.
func (p *Provider) evidence(a broker.Answer, c continuation) evidence {
	acr, level := c.Demand.Asserted(a.Achieved.Method)
	return evidence{
		Method: a.Achieved.Method.Name, Level: level, ACR: acr, AMR: a.Achieved.Method.AMR,
		Provisional: a.Achieved.Provisional, AuthTime: a.Achieved.At.Unix(), SID: p.sessionID(a.Service, a.Session.ID),
	}
}

// respond sends the browser back to the service with the response.
func (p *Provider) respond(w http.ResponseWriter, r *http.Request, service *catalogue.Service, redirectURI string, mode wire.ResponseMode, response wire.Response) error {
	fields, err := p.fieldsOf(r.Context(), service, mode, response)
	if err != nil {
		return err
	}
	p.exchangeAnswer(r, service, fields, response.Err)
	if mode.Posted() {
		return p.post(w, r, redirectURI, fields)
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Location", wire.AddQuery(redirectURI, fields...))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// post sends the browser back with the response in a form (Form Post Response Mode).
func (p *Provider) post(w http.ResponseWriter, r *http.Request, redirectURI string, fields []wire.Field) error {
	var carried []web.Carried
	for _, f := range fields {
		carried = append(carried, web.Carried(f))
	}
	return p.Broker.Shell.Carry(w, r, web.ToService, redirectURI, carried...)
}

// refuse shows the visitor that the service's request is broken, and its
// developer why.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, err error) error {
	fault, ok := err.(*wire.Error)
	if !ok {
		return err
	}
	p.note(r, fault)
	p.Broker.Shell.ShowFault(w, r, string(fault.Code), fault.Full())
	return nil
}
