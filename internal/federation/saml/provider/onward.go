package provider

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"kapu/internal/authn"
	"kapu/internal/federation"
	"kapu/internal/web"
)

// onwardPurpose seals what a visitor carries from a service's form to us.
const onwardPurpose = "saml/onward"

// onward is a message of a service that was found good, on its way to where the
// visitor's cookies are: one of these.
type onward struct {
	Request *authn.Request `json:"q,omitempty"` // to sign on
	Logout  *ending        `json:"l,omitempty"` // to sign out
	Answer  *answer        `json:"a,omitempty"` // to ours
	Until   int64          `json:"x"`           // milliseconds since 1970
}

func (p *Provider) sendOnward(w http.ResponseWriter, r *http.Request, o onward) error {
	o.Until = p.Broker.Now().Add(onTheWay).UnixMilli()
	sealed, err := p.Broker.Ring.SealValue(onwardPurpose, o)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, onwardPath+"?q="+url.QueryEscape(sealed))
}

// onward goes on with a message that came in a form.
func (p *Provider) onward(w http.ResponseWriter, r *http.Request) error {
	var o onward
	sealed := r.URL.Query().Get("q")
	if !p.Broker.Ring.UnsealValue(onwardPurpose, sealed, &o) || !p.Broker.Now().Before(time.UnixMilli(o.Until)) {
		return web.Expired("")
	}
	key := "saml/on/" + p.Broker.Ring.Digest("saml/on", sealed)
	if first, err := p.Broker.Volatile.CompareAndSwap(r.Context(), key, nil, []byte("1"), onTheWay); err != nil {
		return err
	} else if !first { // a message counts once, on this part of its way, too
		return web.Expired("")
	}
	switch {
	case o.Logout != nil:
		return p.end(w, r, *o.Logout)
	case o.Answer != nil:
		return p.walkOn(w, r, *o.Answer)
	case o.Request != nil:
		return p.open(w, r, *o.Request)
	}
	return web.Expired("")
}

// open leads the visitor in. Where the service expects somebody, a session of
// somebody else does not count: from a pseudonym nobody can be found, so who
// comes is compared at the end.
func (p *Provider) open(w http.ResponseWriter, r *http.Request, request authn.Request) error {
	var c continuation
	if err := json.Unmarshal(request.Resume, &c); err != nil {
		return err
	}
	if c.Subject == "" {
		return p.Broker.Open(w, r, request)
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	service := p.Broker.Catalogue.Service(request.Service)
	switch person := current.Session.Person(); {
	case person == "" || service == nil:
	case federation.Subject(p.Broker.Ring, service, person) == c.Subject:
		request.Person = person
	default:
		request.Since = p.Broker.Now()
	}
	return p.Broker.Open(w, r, request)
}
