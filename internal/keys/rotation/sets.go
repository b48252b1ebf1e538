package rotation

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// Sets is the signing keys of one use under several algorithms: the main one,
// and others that are made when somebody first needs them. It is safe for
// concurrent use.
type Sets struct {
	main string
	all  map[string]*Set // by algorithm; never changes

	mu     sync.Mutex
	needed []string // algorithms whose keys are there
}

// NewSets is [New] for several algorithms. The main one keeps the plain name of
// the use; [Sets.Tick] must come before any other use.
func NewSets(db *store.DB, use, main string, others []string, schedule keys.Schedule, now func() time.Time) *Sets {
	s := &Sets{main: main, all: map[string]*Set{main: New(db, use, main, schedule, now)}, needed: []string{main}}
	for _, alg := range others {
		s.all[alg] = New(db, use+"-"+strings.ToLower(alg), alg, schedule, now)
	}
	return s
}

// OnMade has f told of every key made from now on, as [Set.OnMade].
func (s *Sets) OnMade(f func(*store.Tx, Made) error) {
	for _, set := range s.all {
		set.OnMade(f)
	}
}

// OnSettled has f told of every key that has waited, as [Set.OnSettled].
func (s *Sets) OnSettled(f func(*store.Tx, Settled) error) {
	for _, set := range s.all {
		set.OnSettled(f)
	}
}

// Watch is [Set.Watch] for all keys.
func (s *Sets) Watch(seen *Sightings) {
	for _, set := range s.all {
		set.Watch(seen)
	}
}

// Hold is [Set.Hold] for all keys.
func (s *Sets) Hold(h Holder) {
	for _, set := range s.all {
		set.Hold(h)
	}
}

// Makes tells whether keys can be made for an algorithm: one of ours, and one
// that the security module knows, if there is one.
func (s *Sets) Makes(alg string) bool {
	set := s.all[alg]
	if set == nil {
		return false
	}
	_, none := set.holder.(nowhere)
	return none || set.holder.Makes(alg)
}

// Need makes sure that there are keys for the algorithms; those that
// cannot be made are left out.
func (s *Sets) Need(ctx context.Context, algs ...string) error {
	for _, alg := range algs {
		if !s.Makes(alg) || s.has(alg) {
			continue
		}
		if err := s.all[alg].Tick(ctx); err != nil {
			return err
		}
		s.mu.Lock()
		s.needed = append(slices.Clone(s.needed), alg)
		s.mu.Unlock()
	}
	return nil
}

func (s *Sets) has(alg string) bool { return slices.Contains(s.there(), alg) }

func (s *Sets) there() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.needed
}

// Of is the keys for an algorithm, or nil where [Sets.Need] was not asked for them.
func (s *Sets) Of(alg string) *Set {
	if !s.has(alg) {
		return nil
	}
	return s.all[alg]
}

// Main is the keys for the main algorithm.
func (s *Sets) Main() *Set { return s.all[s.main] }

// Tick is [Set.Tick] for all keys that are there.
func (s *Sets) Tick(ctx context.Context) error {
	for _, alg := range s.there() {
		if err := s.all[alg].Tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Rotate is [Set.Rotate] for all keys that are there.
func (s *Sets) Rotate(ctx context.Context) error {
	for _, alg := range s.there() {
		if err := s.all[alg].Rotate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// RotateWhenReady is [Set.RotateWhenReady] for all keys that are there.
func (s *Sets) RotateWhenReady(ctx context.Context, p keys.Patience) error {
	for _, alg := range s.there() {
		if err := s.all[alg].RotateWhenReady(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// States is [Set.States] for all keys that are there.
func (s *Sets) States(ctx context.Context) (states []State, err error) {
	for _, alg := range s.there() {
		found, err := s.all[alg].States(ctx)
		if err != nil {
			return nil, err
		}
		states = append(states, found...)
	}
	return states, nil
}

// Published are the public keys of all algorithms to show at the moment.
func (s *Sets) Published(now time.Time) (public []PublicKey) {
	for _, alg := range s.there() {
		public = append(public, s.all[alg].Published(now)...)
	}
	return public
}
