package provider

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/web"
)

// ask is what a service asks, by whatever way it came.
type ask struct {
	service    *catalogue.Service
	parameters wire.Parameters     // those that count
	q          wire.Authorization  // what they say
	signed     bool                // they came in a request object
	object     *wire.RequestObject // which one, where it is at hand
	pushed     string              // id under which they were pushed; "" for none
}

// authorize is the authorization endpoint (Core, 3.1.2).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) error {
	outer, err := wire.ParseParameters(r.URL.RawQuery)
	service, fault := p.whoAsks(outer.Get("client_id"))
	if fault != nil {
		return p.refuse(w, r, fault)
	}
	a := ask{service: service, q: wire.AddressOf(outer)}
	if err == nil { // otherwise what is left is sound, and tells where the error goes
		err = p.read(r.Context(), &a, outer)
	}
	if l, ok := localeOf(a.q); ok {
		r = r.WithContext(web.WithLanguage(r.Context(), l))
	}
	if fault := a.vouched(err); fault != nil { // never redirect to an address that nobody vouches for (RFC 9700, 4.11)
		return p.refuse(w, r, fault)
	}
	var request authn.Request
	if err == nil {
		request, err = p.request(r, a)
	}
	var known *wire.Error
	if errors.As(err, &known) {
		p.note(r, known)
		return p.respond(w, r, a.service, a.q.RedirectURI, a.q.Mode, wire.Response{Issuer: p.Issuer, State: a.q.State, Err: known})
	}
	if err != nil {
		return err
	}
	return p.Broker.Open(w, r, request)
}

// whoAsks finds the service.
func (p *Provider) whoAsks(id string) (*catalogue.Service, error) {
	service := p.Broker.Catalogue.Client(id)
	switch {
	case id == "":
		return nil, wire.Refuse(wire.InvalidRequest, "RFC 6749, 4.1.1", "client_id is missing, or occurs more than once")
	case service == nil:
		return nil, wire.Refuse(wire.InvalidClient, "RFC 6749, 4.1.2.1", "client_id is not registered")
	}
	return service, nil
}

// read finds out what is asked. Whatever is wrong, a.q tells as far as it is
// known where the error goes.
func (p *Provider) read(ctx context.Context, a *ask, outer wire.Parameters) (err error) {
	a.q = wire.AddressOf(outer)
	a.parameters, err = p.unwrap(ctx, a, outer)
	if a.parameters.Get("client_id") != "" {
		a.q = wire.AddressOf(a.parameters)
	}
	if err != nil {
		return err
	}
	if a.q, err = wire.ReadAuthorization(a.parameters); err != nil {
		return err
	}
	return a.check(p.Broker.Now())
}

// unwrap returns the parameters that count: those of the request itself, of what
// was pushed before, or of a request object.
func (p *Provider) unwrap(ctx context.Context, a *ask, outer wire.Parameters) (wire.Parameters, error) {
	object, uri := outer.Get("request"), outer.Get("request_uri")
	switch {
	case object != "" && uri != "":
		return outer, wire.Refuse(wire.InvalidRequest, "RFC 9101, 5", "request and request_uri exclude each other")
	case object != "":
		return p.readObject(ctx, a, object)
	case strings.HasPrefix(uri, wire.PushedPrefix):
		return p.pull(ctx, a, uri)
	case uri != "":
		return p.fetchObject(ctx, a, uri)
	}
	return outer, nil
}

// vouched checks the address of the answer against those that are registered (RFC
// 9700, 4.1.3). What else is wrong is told first where there is no address at all.
func (a *ask) vouched(found error) error {
	switch {
	case a.service.OIDC.Answers(a.q.RedirectURI):
		return nil
	case a.q.RedirectURI != "":
		return wire.Refuse(wire.InvalidRequest, "RFC 9700, 4.1.3", "redirect_uri is not one of those registered, to the letter")
	case found != nil:
		return found
	}
	return wire.Refuse(wire.InvalidRequest, "OpenID Connect Core, 3.1.2.1", "redirect_uri is missing, or occurs more than once")
}

// check holds the request to what its client is registered for.
func (a *ask) check(now time.Time) error {
	o := a.service.OIDC
	switch {
	case o.Public() && a.q.Challenge == "":
		return wire.Refuse(wire.InvalidRequest, "RFC 9700, 2.1.1", "code_challenge is missing: public clients must use PKCE")
	case o.RequestAlg != "" && !a.signed:
		return wire.Refuse(wire.InvalidRequest, "RFC 9101, 10.5", "the client is registered to ask with request objects, and in no other way")
	case o.RequirePAR && a.pushed == "":
		return wire.Refuse(wire.InvalidRequest, "RFC 9126, 6", "the client is registered to push its requests to "+wire.PushedPath)
	}
	return a.checkFAPI(now)
}

// localeOf is the language that the service asks for, as far as we speak it. It
// holds for this one visit: what citizens choose themselves is remembered on
// their device, what services ask is not.
func localeOf(q wire.Authorization) (web.Lang, bool) {
	if q.UILocales == "" {
		return "", false
	}
	return web.BestLanguage(q.UILocales)
}

// continuation is what the door must know again when the visitor comes back. It
// travels sealed in the broker's transaction.
type continuation struct {
	RedirectURI string            `json:"r"`
	State       string            `json:"s,omitempty"`
	Mode        wire.ResponseMode `json:"m"`
	Nonce       string            `json:"n,omitempty"`
	Challenge   string            `json:"p,omitempty"`
	JKT         string            `json:"j,omitempty"`
	Asked       asked             `json:"a"`
	Demand      federation.Demand `json:"d"`
	Subjects    []string          `json:"u,omitempty"` // the person must be one of these
	Pushed      string            `json:"h,omitempty"` // id of the pushed request
}

// request turns what the protocol asks into what the broker understands.
func (p *Provider) request(r *http.Request, a ask) (authn.Request, error) {
	now, q := p.Broker.Now(), a.q
	d, subjects, err := p.demanded(a)
	if err != nil {
		return authn.Request{}, err
	}
	request := authn.Request{
		Door: doorName, Service: a.service.ID, Level: d.Level, Methods: d.Methods, Since: since(a, now),
		Passive: q.Prompts(wire.PromptNone), Choose: q.Prompts(wire.PromptSelectAccount), Hint: q.LoginHint,
	}
	if l, ok := localeOf(q); ok {
		request.Language = string(l)
	}
	if err := p.expect(r, a, subjects, &request); err != nil {
		return request, err
	}
	asked := askedBy(q)
	request.Asks, request.Demands = catalogue.Names(a.service.OnConsent(asked.all())), catalogue.Names(a.service.Demands)
	request.AskAgain = q.Prompts(wire.PromptConsent)
	request.Resume, err = json.Marshal(continuation{
		RedirectURI: q.RedirectURI, State: q.State, Mode: q.Mode, Nonce: q.Nonce, Challenge: q.Challenge, JKT: q.JKT,
		Asked: asked, Demand: d, Subjects: subjects, Pushed: a.pushed,
	})
	return request, err
}

// demanded is what the request needs that does not depend on who is signed in.
func (p *Provider) demanded(a ask) (federation.Demand, []string, error) {
	d, err := demandOf(a.service, a.q, p.Broker.Rules(p.Broker.Now()))
	if err != nil {
		return d, nil, err
	}
	subjects, err := p.expected(a.service, a.q)
	return d, subjects, err
}
