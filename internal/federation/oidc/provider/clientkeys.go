package provider

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/outbound"
)

// How long keys that were fetched from a client hold.
const (
	keysFresh   = 10 * time.Minute // then they are fetched again
	keysStale   = 6 * time.Hour    // how long they serve on while the client does not answer
	keysRest    = time.Minute      // least time between two fetches, whatever kids come by
	keysFailure = 30 * time.Second // how long a failure is remembered
	keysKept    = 1024             // sets in memory
)

// fetcher is the client for addresses that a service names.
func (p *Provider) fetcher(o *catalogue.OIDC) *outbound.Client {
	if o.PrivateNetwork {
		return p.private
	}
	return p.public
}

// clientKeys are the public keys of a client: those of its registration, or
// those at its jwks_uri, kept for some minutes.
func (p *Provider) clientKeys(ctx context.Context, o *catalogue.OIDC) (*jose.JSONWebKeySet, error) {
	return p.clientSets.get(ctx, p.source(o), p.Broker.Now(), keysFresh)
}

// clientKeysAgain fetches them again because one is missing, but not more often
// than once a minute: unknown kids cost nothing to make up.
func (p *Provider) clientKeysAgain(ctx context.Context, o *catalogue.OIDC) (*jose.JSONWebKeySet, error) {
	return p.clientSets.get(ctx, p.source(o), p.Broker.Now(), keysRest)
}

// errKeyless: a client that needs keys is registered without any.
var errKeyless = errors.New("oidc: the client has no keys")

// source says where a client's keys are and how to come by them.
func (p *Provider) source(o *catalogue.OIDC) keySource {
	switch {
	case o.JWKS != "":
		return keySource{name: "text:" + o.JWKS, fixed: true, read: func(context.Context) ([]byte, error) { return []byte(o.JWKS), nil }}
	case o.JWKSURI != "":
		return keySource{name: fmt.Sprintf("%t:%s", o.PrivateNetwork, o.JWKSURI), read: func(ctx context.Context) ([]byte, error) {
			return p.fetcher(o).Get(ctx, o.JWKSURI, "application/jwk-set+json, application/json")
		}}
	}
	return keySource{name: "none", fixed: true, read: func(context.Context) ([]byte, error) { return nil, errKeyless }}
}

type keySource struct {
	name  string // in the cache
	fixed bool   // part of the registration: it never changes
	read  func(context.Context) ([]byte, error)
}

// keySets keeps the key sets of clients. It is bounded: of too many, some other
// is forgotten.
type keySets struct {
	mu   sync.Mutex
	sets map[string]*keySet
}

// keySet is what is known of one source. Its lock is held while it is fetched,
// so that those who come meanwhile wait for the one answer.
type keySet struct {
	mu      sync.Mutex
	keys    *jose.JSONWebKeySet // nil until there were any
	fetched time.Time           // when keys were
	tried   time.Time           // when somebody last tried
	err     error               // of the last try
}

func newKeySets() *keySets { return &keySets{sets: map[string]*keySet{}} }

func (s *keySets) of(name string) *keySet {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := s.sets[name]
	if set != nil {
		return set
	}
	for other := range s.sets {
		if len(s.sets) < keysKept {
			break
		}
		delete(s.sets, other)
	}
	set = &keySet{}
	s.sets[name] = set
	return set
}

// get returns keys that are at most that old, or older ones for as long as they
// serve while their source does not answer.
func (s *keySets) get(ctx context.Context, from keySource, now time.Time, age time.Duration) (*jose.JSONWebKeySet, error) {
	set := s.of(from.name)
	set.mu.Lock()
	defer set.mu.Unlock()
	if !set.due(from, now, age) {
		return set.answer(now)
	}
	text, err := from.read(context.WithoutCancel(ctx)) // others wait for it, too
	set.tried, set.err = now, err
	if err != nil {
		return set.answer(now)
	}
	keys, err := catalogue.ParseKeys(text)
	if set.err = err; err == nil {
		set.keys, set.fetched = keys, now
	}
	return set.answer(now)
}

func (s *keySet) due(from keySource, now time.Time, age time.Duration) bool {
	switch {
	case s.tried.IsZero():
		return true
	case from.fixed:
		return false
	case s.err != nil:
		return now.Sub(s.tried) >= keysFailure
	}
	return now.Sub(s.fetched) >= age
}

func (s *keySet) answer(now time.Time) (*jose.JSONWebKeySet, error) {
	if s.keys == nil || s.err != nil && now.Sub(s.fetched) >= keysStale {
		return nil, s.err
	}
	return s.keys, nil
}
