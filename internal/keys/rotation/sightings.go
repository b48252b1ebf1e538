package rotation

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

const (
	// ActiveFor is how long after it was seen last a service counts as active.
	ActiveFor = 30 * 24 * time.Hour
	// noteAgain is how often it is written down that a service is still there.
	noteAgain = time.Hour
	// fetchKept is how long a fetch is kept in memory from an address at which no
	// service is known yet: one that has just started fetches before it asks.
	fetchKept = time.Hour
	// maxSeen bounds each of the two lists in memory; what is more is not seen.
	maxSeen = 4096
)

// Sightings are what the gateway sees of its services as they come: from which
// addresses they prove who they are, and from which the public keys are fetched.
// A fetch is anonymous; whose it was follows from the address. They are noted in
// memory and written now and then, addresses as keyed digests only. It is safe
// for concurrent use.
type Sightings struct {
	db   *store.DB
	ring *keys.Ring
	now  func() time.Time
	// Counts tells whether a service is waited for with keys of an algorithm: it may be gone from the catalogue, or
	// never be shown them. It is set while wiring.
	Counts func(service, alg string) bool

	mu      sync.RWMutex
	places  map[place]*noted
	fetches map[store.KeyFetch]time.Time
}

// place is where a service was seen. An address that proves nothing is "".
type place struct{ service, address string }

type noted struct{ seen, written time.Time }

// NewSightings returns sightings that are shared through the database.
func NewSightings(db *store.DB, ring *keys.Ring, now func() time.Time) *Sightings {
	return &Sightings{db: db, ring: ring, now: now, Counts: func(string, string) bool { return true },
		places: map[place]*noted{}, fetches: map[store.KeyFetch]time.Time{}}
}

// elsewhere stands for an address of a service that was never seen itself.
const elsewhere = "elsewhere"

// Sent notes that a service has sent somebody here with a message that only it
// can have signed. Its own machines were not seen: until one fetches keys from an
// address where the service has proved who it is, it counts as one without them.
func (s *Sightings) Sent(id string) { s.Service(id, elsewhere) }

// Service notes that a service was there. The address is the network that it
// came from if it has proved who it is, and "" for one that anybody can pass
// for: an app on people's own devices, whose addresses are none of our business.
func (s *Sightings) Service(id, address string) {
	at, now := place{id, address}, s.now()
	s.mu.RLock()
	known := s.places[at]
	fresh := known != nil && now.Before(known.seen.Add(noteAgain))
	s.mu.RUnlock()
	if fresh {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.places[at]; known != nil {
		known.seen = now
	} else if len(s.places) < maxSeen {
		s.places[at] = &noted{seen: now}
	}
}

// Fetched notes that somebody at an address was shown the published keys; named
// is the service that the request named, or "". It is of use only while one of
// the keys waits, and costs nothing otherwise.
func (s *Sightings) Fetched(published []PublicKey, address, named string) {
	for _, k := range published {
		if k.Awaited {
			s.fetched(store.KeyFetch{KID: k.KID, Address: address, Service: named})
		}
	}
}

func (s *Sightings) fetched(f store.KeyFetch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.fetches[f]; known || len(s.fetches) < maxSeen {
		s.fetches[f] = s.now()
	}
}

// Flush writes what was seen since the last time. Every process does so often.
func (s *Sightings) Flush(ctx context.Context) (written int, err error) {
	places, fetches := s.unwritten()
	if len(places) == 0 && len(fetches) == 0 {
		return 0, nil
	}
	if len(places) > 0 {
		if err := s.writePlaces(ctx, places); err != nil {
			return 0, err
		}
	}
	n, err := s.writeFetches(ctx, fetches)
	return len(places) + n, err
}

// unwritten is what there is to write. Fetches that wait for too long are dropped.
func (s *Sightings) unwritten() (places map[place]time.Time, fetches map[store.KeyFetch]time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	places = map[place]time.Time{}
	maps.DeleteFunc(s.places, func(at place, n *noted) bool {
		if n.written.Before(n.seen) {
			places[at] = n.seen
			return false
		}
		return now.After(n.seen.Add(ActiveFor))
	})
	maps.DeleteFunc(s.fetches, func(_ store.KeyFetch, seen time.Time) bool { return now.After(seen.Add(fetchKept)) })
	return places, maps.Clone(s.fetches)
}

func (s *Sightings) writePlaces(ctx context.Context, places map[place]time.Time) error {
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		for at, seen := range places {
			if err := tx.NoteServiceAddress(at.service, s.digest(at.address), seen); err != nil {
				return err
			}
		}
		return tx.ForgetServiceAddresses(tx.Now.Add(-ActiveFor))
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, seen := range places {
		s.places[at].written = seen
	}
	return nil
}

// writeFetches writes those from addresses at which a service is known: what
// strangers fetch fills no table.
func (s *Sightings) writeFetches(ctx context.Context, fetches map[store.KeyFetch]time.Time) (written int, err error) {
	known, err := s.knownAddresses(ctx)
	if err != nil {
		return 0, err
	}
	maps.DeleteFunc(fetches, func(f store.KeyFetch, _ time.Time) bool { return !known[s.digest(f.Address)] })
	if len(fetches) == 0 {
		return 0, nil
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		for f, seen := range fetches {
			f.Address = s.digest(f.Address)
			if err := tx.NoteKeyFetch(f, seen); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range fetches {
		delete(s.fetches, f)
	}
	return len(fetches), nil
}

func (s *Sightings) knownAddresses(ctx context.Context) (known map[string]bool, err error) {
	known = map[string]bool{}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		of, err := tx.ServiceAddresses(s.now().Add(-ActiveFor))
		for _, addresses := range of {
			for _, a := range addresses {
				known[a] = a != ""
			}
		}
		return err
	})
	return known, err
}

// digest keeps addresses out of the database; "" stays itself.
func (s *Sightings) digest(address string) string {
	if address == "" {
		return ""
	}
	return s.ring.Digest("service-address", address)
}

// Readiness is which of the active services have a key that waits, by their ids.
type Readiness struct {
	Fetched []string
	Missing []string
	Unseen  []string // whom nobody can see fetching: they come from people's own devices
}

// readiness reads it for a key.
func (s *Sightings) readiness(tx *store.Tx, k keys.SigningKey) (r Readiness, err error) {
	of, err := tx.ServiceAddresses(tx.Now.Add(-ActiveFor))
	if err != nil {
		return r, err
	}
	fetches, err := tx.KeyFetches(k.KID)
	if err != nil {
		return r, err
	}
	maps.DeleteFunc(of, func(service string, _ []string) bool { return !s.Counts(service, k.Alg) })
	return attribute(of, fetches), nil
}

// attribute tells whose the fetches were. One that names a service is that
// service's, if it came from an address of it; one that names nobody is whose
// the address is, if it is only one service's.
func attribute(addresses map[string][]string, fetches []store.KeyFetch) (r Readiness) {
	sharers := map[string]int{}
	for _, list := range addresses {
		for _, a := range list {
			sharers[a]++
		}
	}
	for _, service := range slices.Sorted(maps.Keys(addresses)) {
		mine := slices.DeleteFunc(slices.Clone(addresses[service]), func(a string) bool { return a == "" })
		isMine := func(f store.KeyFetch) bool {
			return slices.Contains(mine, f.Address) && (f.Service == service || f.Service == "" && sharers[f.Address] == 1)
		}
		switch {
		case len(mine) == 0:
			r.Unseen = append(r.Unseen, service)
		case slices.ContainsFunc(fetches, isMine):
			r.Fetched = append(r.Fetched, service)
		default:
			r.Missing = append(r.Missing, service)
		}
	}
	return r
}
