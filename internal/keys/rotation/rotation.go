// Package rotation owns the signing keys that are in use: it loads them from
// the store, makes the next one in time and retires the old, safely with any
// number of processes, and hands them out from memory without a lock. It
// refuses to let a private key out other than as a signer.
package rotation

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// Set is the signing keys of one use. It is safe for concurrent use; signing
// touches neither a lock nor the database.
type Set struct {
	db       *store.DB
	use, alg string
	schedule keys.Schedule
	now      func() time.Time
	made     func(*store.Tx, Made) error
	settled  func(*store.Tx, Settled) error
	holder   Holder
	seen     *Sightings
	loaded   atomic.Pointer[[]keys.SigningKey] // in the order of their making
}

// PublicKey is the published half of a signing key.
type PublicKey struct {
	KID     string
	Alg     string
	Key     crypto.PublicKey
	Awaited bool // it waits for services to have it
}

// Made tells of a key that has just been made.
type Made struct {
	Use, KID, Alg string
	Active        time.Time // when it begins to sign
	WhenReady     bool      // or before, when services have it
}

// Settled tells of a key that has waited and does so no more.
type Settled struct {
	Use, KID string
	Active   time.Time // when it begins to sign
	Readiness
}

// Open loads the keys for a use ("oidc", "ledger") and makes the first one if
// there is none; alg is [keys.ES256] or [keys.EdDSA].
func Open(ctx context.Context, db *store.DB, use, alg string, schedule keys.Schedule, now func() time.Time) (*Set, error) {
	s := New(db, use, alg, schedule, now)
	return s, s.Tick(ctx)
}

// New is [Open] without loading: [Set.Tick] must come before any other use.
// Between the two, [Set.OnMade] is in time to be told of the very first key.
func New(db *store.DB, use, alg string, schedule keys.Schedule, now func() time.Time) *Set {
	return &Set{db: db, use: use, alg: alg, schedule: schedule, now: now, holder: nowhere{},
		made: func(*store.Tx, Made) error { return nil }, settled: func(*store.Tx, Settled) error { return nil }}
}

// Hold has new keys made and kept by a security module. It is called while
// wiring, before the set is shared; keys that are in the database stay there.
func (s *Set) Hold(h Holder) { s.holder = h }

// OnMade has f told of every key made from now on, in the transaction that
// records it. It is called while wiring, before the set is shared.
func (s *Set) OnMade(f func(*store.Tx, Made) error) { s.made = f }

// Active is the key to sign with at the moment.
func (s *Set) Active(now time.Time) (kid string, signer crypto.Signer) {
	k, _ := keys.ActiveAt(*s.loaded.Load(), now)
	return k.KID, k.Signer
}

// Published are the public keys to show at the moment, oldest first: those to
// come, the active one, and those whose signatures may still be about.
func (s *Set) Published(now time.Time) []PublicKey {
	var public []PublicKey
	for _, k := range keys.PublishedAt(*s.loaded.Load(), now) {
		public = append(public, PublicKey{k.KID, k.Alg, k.Signer.Public(), k.Waits()})
	}
	return public
}

// Tick takes over what other processes did, makes the next key when it is due,
// and lets one sign that has waited. Every process runs it often compared with
// the schedule's lead, such as once a minute.
func (s *Set) Tick(ctx context.Context) error {
	if err := s.turn(ctx, keys.Plan); err != nil {
		return err
	}
	return s.settle(ctx)
}

// Rotate publishes a successor to the active key now, to sign after the
// schedule's lead. While one is waiting already, it does nothing.
func (s *Set) Rotate(ctx context.Context) error { return s.turn(ctx, keys.PlanNow) }

type plan func([]keys.SigningKey, time.Time, keys.Schedule) (keys.Change, bool)

// turn looks first, and makes a key and writes only when there is something to
// change. The key is made before the transaction, which others wait for.
func (s *Set) turn(ctx context.Context, p plan) error {
	known, err := s.load(ctx)
	if err != nil {
		return err
	}
	if _, due := p(known, s.now(), s.schedule); !due {
		return nil
	}
	made, err := s.draft()
	if err != nil {
		return err
	}
	// The name of the next key follows from the newest: of two processes that
	// make it, the later finds the name taken, and takes over the other's key.
	if err := s.db.Update(ctx, func(tx *store.Tx) error { return s.change(tx, p, made) }); err != nil {
		if err = errors.Join(err, s.discard(made)); !errors.Is(err, store.ErrTaken) {
			return fmt.Errorf("rotation: %s: %w", s.use, err)
		}
	}
	_, err = s.load(ctx)
	return err
}

// change records a key that was made, unless another process did so meanwhile.
func (s *Set) change(tx *store.Tx, p plan, made draft) error {
	known, err := s.read(tx)
	if err != nil {
		return err
	}
	change, due := p(known, s.now(), s.schedule)
	if !due {
		return store.ErrTaken
	}
	if old := change.Retire; old != nil {
		if err := tx.RetireSigningKey(old.Name, old.Retired, old.Gone); err != nil {
			return err
		}
	}
	life := change.Add
	made.row.ID, made.row.Published, made.row.ReadyFrom, made.row.ActiveFrom = s.nextName(known), life.Published, life.Ready, life.Active
	if err := tx.AddSigningKey(made.row); err != nil {
		return err
	}
	return s.made(tx, Made{Use: s.use, KID: made.kid, Alg: s.alg, Active: life.Active, WhenReady: life.Waits()})
}

// nextName counts on from the newest key, which is never gone.
func (s *Set) nextName(known []keys.SigningKey) string {
	number := 0
	if len(known) > 0 {
		number, _ = strconv.Atoi(strings.TrimPrefix(known[len(known)-1].Name, s.use+"-"))
	}
	return s.use + "-" + strconv.Itoa(number+1)
}

func (s *Set) load(ctx context.Context) (known []keys.SigningKey, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		known, err = s.read(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("rotation: %s: %w", s.use, err)
	}
	s.loaded.Store(&known)
	return known, nil
}

func (s *Set) read(tx *store.Tx) (known []keys.SigningKey, err error) {
	rows, err := tx.SigningKeys(s.use)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		kid, signer, err := s.open(r)
		if err != nil {
			return nil, err
		}
		known = append(known, keys.SigningKey{Name: r.ID, KID: kid, Alg: r.Alg, Signer: signer, Held: r.Held != "",
			Life: keys.Life{Published: r.Published, Ready: r.ReadyFrom, Active: r.ActiveFrom, Retired: r.RetiredFrom, Gone: r.GoneFrom}})
	}
	return known, nil
}
