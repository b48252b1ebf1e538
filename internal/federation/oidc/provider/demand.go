package provider

import (
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
)

// demandOf finds out what has to be proved: never less than what the service is
// registered for, and of the levels and methods that the request names, any that
// somebody can reach. None is an error: a service that asks for more never gets
// less (OpenID Connect Core Error Code unmet_authentication_requirements 1.0).
func demandOf(service *catalogue.Service, q wire.Authorization, rules authn.Rules) (federation.Demand, error) {
	d := federation.DemandOf(service)
	names := q.ACRValues
	if c, ok := q.Claims.IDToken["acr"]; ok && len(c.Values) > 0 {
		names, d.Insists = c.Values, c.Essential
	}
	if met, ours := d.Any(names, rules); !met && (ours || d.Insists) {
		return d, wire.Refuse(wire.UnmetRequirements, "OpenID Connect Core, 5.5.1.1", "no method on offer reaches the acr that is asked for")
	}
	return d, nil // nothing was named, or only what is not ours, and voluntary
}

// since is the time before which a proof is too old: now for prompt=login,
// earlier for max_age or what the client registered in its place, the zero time
// for neither.
func since(a ask, now time.Time) time.Time {
	switch age := time.Duration(a.service.OIDC.MaxAge) * time.Second; {
	case a.q.Prompts(wire.PromptLogin):
		return now
	case a.q.HasMaxAge:
		return now.Add(-a.q.MaxAge)
	case age > 0:
		return now.Add(-age)
	}
	return time.Time{}
}

// expected are the subjects of whom the service expects one, by an ID token it
// has or by name (Core, 3.1.2.1 and 5.5.1); none for anybody.
func (p *Provider) expected(service *catalogue.Service, q wire.Authorization) ([]string, error) {
	if q.IDTokenHint != "" {
		hint, err := p.hinted(service, q)
		return []string{hint.Subject}, err
	}
	if named := q.Claims.IDToken["sub"].Values; len(named) > 0 {
		return named, nil
	}
	return q.Claims.UserInfo["sub"].Values, nil
}

// hinted is the ID token by which the service says whom it expects; the zero one
// where it shows none.
func (p *Provider) hinted(service *catalogue.Service, q wire.Authorization) (hint wire.IDToken, err error) {
	if q.IDTokenHint == "" {
		return hint, nil
	}
	hint, ok := p.readHint(q.IDTokenHint)
	if !ok || hint.Audience != service.OIDC.ClientID {
		return wire.IDToken{}, wire.Refuse(wire.InvalidRequest, "OpenID Connect Core, 3.1.2.1", "id_token_hint is not an ID token that this issuer made for this client")
	}
	return hint, nil
}

// expect makes the request one for an expected person. From a pseudonym nobody
// can be found, so a session of somebody else does not count, and who comes is
// compared at the end.
func (p *Provider) expect(r *http.Request, a ask, subjects []string, request *authn.Request) error {
	if len(subjects) == 0 {
		return nil
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	acts, err := p.actsFor(r, a, current, subjects, request)
	if err != nil {
		return err
	}
	switch person := current.Session.Person(); {
	case person == "":
	case acts, slices.Contains(subjects, p.subject(a.service, person)):
		request.Person = person
	case request.Passive:
		return wire.Refuse(wire.LoginRequired, "OpenID Connect Core, 3.1.2.1", "another person is signed in")
	default:
		request.Since = p.Broker.Now()
	}
	return nil
}
