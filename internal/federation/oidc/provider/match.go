package provider

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/ledger"
	"kapu/internal/match"
	"kapu/internal/store"
	"kapu/internal/web"
)

// matchScope lets a service ask whether what it holds of a person is right.
const matchScope = "match"

// matchAttributes is the endpoint of attribute match (R16): a service posts what
// it holds of the person behind its access token, and learns of each datum whether
// it is right. Who cannot be told is refused before anything is read of them.
func (p *Provider) matchAttributes(w http.ResponseWriter, r *http.Request) error {
	a, err := p.admit(w, r, wire.MatchPath, "")
	if err != nil {
		return err
	}
	g := a.access.Grant
	if g.Person == "" || !slices.Contains(g.Asked.Scopes, matchScope) {
		return p.challenge(w, a, wire.Refuse(wire.InsufficientScope, "RFC 6750, 3.1", "the token is not one of a person who came with scope match"))
	}
	held, err := readHeld(w, r, a.service)
	if err != nil {
		return err
	}
	var owner *store.SealedOwner
	err = p.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		owner, err = p.inForceWith(tx, g)
		return err
	})
	if err != nil {
		return p.orChallenge(w, a, err)
	}
	now := p.Broker.Now()
	wait, err := p.guesses.begin(r.Context(), now, g, held)
	if err != nil {
		return err
	}
	if wait > 0 {
		web.RetryAfter(w, wait)
		return wire.Refuse(wire.TemporarilyUnavailable, "", "too many values were wrong, or there were too many questions: wait as long as Retry-After says")
	}
	ctx := context.WithoutCancel(r.Context()) // the service may have gone; what it was told stands all the same
	found, err := p.compare(ctx, g, owner, held)
	err = errors.Join(err, p.guesses.end(ctx, now, g, held, found))
	if err != nil {
		return p.orChallenge(w, a, err)
	}
	return writeJSON(w, http.StatusOK, found)
}

// orChallenge says of a grant that has ended what is said of any token that opens
// nothing.
func (p *Provider) orChallenge(w http.ResponseWriter, a admission, err error) error {
	if errors.Is(err, errEnded) {
		return p.challenge(w, a, errToken)
	}
	return err
}

// readHeld reads what the service holds, as far as it may have it compared.
func readHeld(w http.ResponseWriter, r *http.Request, s *catalogue.Service) (held []match.Stated, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, wire.Refuse(wire.InvalidRequest, "", "the body is not application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxMatch))
	if err != nil {
		return nil, wire.Refuse(wire.InvalidRequest, "", "the body is too large or incomplete")
	}
	members, err := wire.ReadMatch(body)
	if err != nil {
		return nil, err
	}
	may := catalogue.Matchable()
	for _, c := range may {
		raw, named := members[string(c)]
		if !named {
			continue
		}
		delete(members, string(c))
		if !slices.Contains(s.Match, c) {
			return nil, wire.Refuse(wire.InsufficientScope, "", "%s may not be compared: it is not among match in the registration of the service", c)
		}
		stated, err := match.Read(c, raw)
		if err != nil {
			return nil, wire.Refuse(wire.InvalidRequest, "", "%s", err)
		}
		held = append(held, stated)
	}
	if len(members) > 0 {
		return nil, wire.Refuse(wire.InvalidRequest, "", "a member is not one that can be compared; these can: %s", strings.Join(catalogue.Names(may), " "))
	}
	return held, nil
}

// results tell of each datum, by its name, whether it is right.
type results map[string]bool

// compare opens what is held of the person, compares, and writes down that it was
// asked, before anybody is told.
func (p *Provider) compare(ctx context.Context, g grant, owner *store.SealedOwner, held []match.Stated) (results, error) {
	person, err := owner.Person()
	if err != nil {
		return nil, ended(err)
	}
	found, told := results{}, ledger.Matched{Service: g.Service}
	for _, s := range held {
		name := string(s.Claim)
		found[name] = s.Of(person)
		told.Asked = append(told.Asked, name)
		if found[name] {
			told.Agreed = append(told.Agreed, name)
		} else {
			told.Differing = append(told.Differing, name)
		}
	}
	err = p.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := p.Broker.Ledger.Append(tx, g.of(), told)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}
