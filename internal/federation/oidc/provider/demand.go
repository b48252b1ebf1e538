package provider

import (
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/law"
)

// demand is what has to be proved.
type demand struct {
	level     law.Level
	methods   []law.Method // if any are named, only these will do
	named     []string     // what of it the request names, level or method
	essential bool         // the acr of the answer must be one of those named
}

// demandOf finds out what has to be proved: never less than what the service is
// registered for. Of the levels and methods that the request names, any will do
// that somebody can reach. None is an error: a service that asks for more never
// gets less (OpenID Connect Core Error Code unmet_authentication_requirements 1.0).
func demandOf(service *catalogue.Service, q wire.Authorization, rules authn.Rules) (demand, error) {
	d := demand{level: service.MinimumLevel(), methods: service.Method}
	names := q.ACRValues
	if c, ok := q.Claims.IDToken["acr"]; ok && len(c.Values) > 0 {
		names, d.essential = c.Values, c.Essential
	}
	least, named := law.High, false
	for _, name := range names {
		level, ours := levelNamed(name)
		named = named || ours
		if ours && slices.ContainsFunc(d.candidates(rules), func(m authn.Method) bool { return m.Names(name) }) {
			d.named, least = append(d.named, name), min(least, level)
		}
	}
	if len(d.named) > 0 {
		d.narrow(least, rules)
	} else if named || d.essential {
		return d, wire.Refuse(wire.UnmetRequirements, "OpenID Connect Core, 5.5.1.1", "no method on offer reaches the acr that is asked for")
	}
	return d, nil // nothing was named, or only what is not ours, and voluntary
}

// levelNamed is the level that a name of ours speaks of, be it that of a method.
func levelNamed(name string) (law.Level, bool) {
	if _, level, ok := authn.ParseMethodACR(name); ok {
		return level, true
	}
	return authn.ParseACR(name)
}

// candidates are the methods that would do.
func (d demand) candidates(rules authn.Rules) []authn.Method {
	return authn.Transaction{Request: authn.Request{Level: d.level, Methods: d.methods}}.Candidates(rules)
}

// narrow raises the level to the least that is named, and leaves, of the methods
// that reach it, those that do what one of the names says.
func (d *demand) narrow(least law.Level, rules authn.Rules) {
	d.level = max(d.level, least)
	var methods []law.Method
	all := d.candidates(rules)
	for _, m := range all {
		if slices.ContainsFunc(d.named, m.Names) {
			methods = append(methods, m.Name)
		}
	}
	if len(methods) < len(all) {
		d.methods = methods
	}
}

// asserted is the acr of an answer, by its name, and its level. Where the
// service named what was reached, a method's name comes first; where it insists
// on certain levels, it is the strongest of them (Core, 5.5.1.1).
func asserted(m authn.Method, named []string, essential bool) (acr string, level law.Level) {
	for _, name := range named {
		if _, isLevel := authn.ParseACR(name); m.Names(name) && !isLevel {
			return name, m.Level
		} else if l, _ := authn.ParseACR(name); essential && m.Names(name) {
			level = max(level, l)
		}
	}
	if level == law.NoLevel {
		level = m.Level
	}
	return authn.ACR(level), level
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
		hint, ok := p.readHint(q.IDTokenHint)
		if !ok || hint.Audience != service.OIDC.ClientID {
			return nil, wire.Refuse(wire.InvalidRequest, "OpenID Connect Core, 3.1.2.1", "id_token_hint is not an ID token that this issuer made for this client")
		}
		return []string{hint.Subject}, nil
	}
	if named := q.Claims.IDToken["sub"].Values; len(named) > 0 {
		return named, nil
	}
	return q.Claims.UserInfo["sub"].Values, nil
}

// expect makes the request one for an expected person. From a pseudonym nobody
// can be found, so a session of somebody else does not count, and who comes is
// compared at the end.
func (p *Provider) expect(r *http.Request, service *catalogue.Service, subjects []string, request *authn.Request) error {
	if len(subjects) == 0 {
		return nil
	}
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	switch person := current.Session.Person(); {
	case person == "":
	case slices.Contains(subjects, p.subject(service, person)):
		request.Person = person
	case request.Passive:
		return wire.Refuse(wire.LoginRequired, "OpenID Connect Core, 3.1.2.1", "another person is signed in")
	default:
		request.Since = p.Broker.Now()
	}
	return nil
}
