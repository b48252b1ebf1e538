package provider

import (
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/law"
)

// demand is the level that a request needs.
type demand struct {
	level     law.Level
	essential []string // the acr of the answer must be one of these; nil: any of the level or above
}

// demandOf finds the level: never below what the service is registered for, and
// of the levels that the request names, the first that any method reaches. None
// is an error: a service that asks for more never gets less (OpenID Connect Core
// Error Code unmet_authentication_requirements 1.0).
func demandOf(service *catalogue.Service, q wire.Authorization, rules authn.Rules) (demand, error) {
	minimum := service.MinimumLevel()
	d, named, known := demand{level: minimum}, q.ACRValues, false
	if c, ok := q.Claims.IDToken["acr"]; ok && len(c.Values) > 0 {
		named = c.Values
		if c.Essential {
			d.essential = c.Values
		}
	}
	for _, name := range named {
		level, ok := authn.ParseACR(name)
		if !ok {
			continue
		}
		known = true
		if d.level = max(level, minimum); reachable(rules, service.Method, d.level) {
			return d, nil
		}
	}
	if known || d.essential != nil {
		return d, wire.Refuse(wire.UnmetRequirements, "OpenID Connect Core, 5.5.1.1", "no method on offer reaches the acr that is asked for")
	}
	return d, nil // only names that are not ours, and voluntary
}

func reachable(rules authn.Rules, methods []law.Method, level law.Level) bool {
	t := authn.Transaction{Request: authn.Request{Level: level, Methods: methods}}
	return len(t.Candidates(rules)) > 0
}

// asserted is the acr of an answer. Where the service insists on certain values,
// it is the strongest of them that the identification fulfils (Core, 5.5.1.1).
func asserted(achieved law.Level, essential []string) law.Level {
	if len(essential) == 0 {
		return achieved
	}
	best := law.NoLevel
	for _, name := range essential {
		if level, ok := authn.ParseACR(name); ok && level <= achieved {
			best = max(best, level)
		}
	}
	return best
}

// since is the time before which a proof is too old: now for prompt=login,
// earlier for max_age, the zero time for neither.
func since(q wire.Authorization, now time.Time) time.Time {
	switch {
	case q.Prompts(wire.PromptLogin):
		return now
	case q.HasMaxAge:
		return now.Add(-q.MaxAge)
	}
	return time.Time{}
}

// expected is the subject that the service expects, by an ID token it has or by
// name (Core, 3.1.2.1 and 5.5.1); "" for anybody.
func (p *Provider) expected(service *catalogue.Service, q wire.Authorization) (string, error) {
	if q.IDTokenHint != "" {
		hint, ok := p.readHint(q.IDTokenHint)
		if !ok || hint.Audience != service.OIDC.ClientID {
			return "", wire.Refuse(wire.InvalidRequest, "OpenID Connect Core, 3.1.2.1", "id_token_hint is not an ID token that this issuer made for this client")
		}
		return hint.Subject, nil
	}
	if c := q.Claims.IDToken["sub"]; len(c.Values) == 1 {
		return c.Values[0], nil
	}
	return "", nil
}

// expect makes the request one for the expected person. From a pseudonym nobody
// can be found, so a session of somebody else does not count, and who comes is
// compared at the end.
func (p *Provider) expect(r *http.Request, service *catalogue.Service, subject string, request *authn.Request) error {
	current, err := p.Broker.Current(r)
	if err != nil {
		return err
	}
	switch person := current.Session.Person(); {
	case person == "":
	case p.subject(service, person) == subject:
		request.Person = person
	case request.Passive:
		return wire.Refuse(wire.LoginRequired, "OpenID Connect Core, 3.1.2.1", "another person is signed in")
	default:
		request.Since = p.Broker.Now()
	}
	return nil
}
