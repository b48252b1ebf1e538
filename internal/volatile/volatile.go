// Package volatile owns what may be lost: sessions, one-time codes of the
// protocols, counters of wrong attempts. Every value has a time to live. It
// refuses to hold anything that must survive or that must be found by anything
// but its key.
package volatile

import (
	"context"
	"errors"
	"strconv"
	"time"

	"kapu/internal/store"
)

// Store is a key-value store with time to live. Keys carry no personal data.
type Store interface {
	// Get returns the value of a key, and whether there is one.
	Get(ctx context.Context, key string) ([]byte, bool, error)
	// Put stores a value.
	Put(ctx context.Context, key string, value []byte, ttl time.Duration) error
	// Take returns a value and deletes it: of many callers one gets it.
	Take(ctx context.Context, key string) ([]byte, bool, error)
	// CompareAndSwap stores value if the present one equals old; a nil old
	// means that there must be none. It says whether it did.
	CompareAndSwap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error)
	// Increment adds one to a counter that begins at 0 and returns the sum. The
	// time to live begins anew.
	Increment(ctx context.Context, key string, ttl time.Duration) (int64, error)
	// Delete forgets a value.
	Delete(ctx context.Context, key string) error
}

// SQL keeps volatile values in the database: an ordinary table in SQLite, an
// unlogged one in PostgreSQL.
type SQL struct{ db *store.DB }

// NewSQL returns the volatile store in db.
func NewSQL(db *store.DB) *SQL { return &SQL{db} }

// Get implements [Store].
func (s *SQL) Get(ctx context.Context, key string) (value []byte, found bool, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) (err error) {
		value, err = tx.GetVolatile(key)
		return err
	})
	return missing(value, err)
}

// Put implements [Store].
func (s *SQL) Put(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return s.db.Apply(ctx, func(tx *store.Tx) error { return tx.PutVolatile(key, value, tx.Now.Add(ttl)) })
}

// Take implements [Store].
func (s *SQL) Take(ctx context.Context, key string) (value []byte, found bool, err error) {
	err = s.db.Apply(ctx, func(tx *store.Tx) (err error) {
		value, err = tx.TakeVolatile(key)
		return err
	})
	return missing(value, err)
}

// CompareAndSwap implements [Store].
func (s *SQL) CompareAndSwap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	err := s.db.Apply(ctx, func(tx *store.Tx) error {
		if old == nil {
			return tx.InsertVolatile(key, value, tx.Now.Add(ttl))
		}
		return tx.SwapVolatile(key, old, value, tx.Now.Add(ttl))
	})
	if errors.Is(err, store.ErrStale) {
		return false, nil
	}
	return err == nil, err
}

// incrementTries bounds how often Increment runs after others; each loss means
// that somebody else went on.
const incrementTries = 64

// Increment implements [Store].
func (s *SQL) Increment(ctx context.Context, key string, ttl time.Duration) (int64, error) {
	for range incrementTries {
		old, found, err := s.Get(ctx, key)
		if err != nil {
			return 0, err
		}
		n := int64(0)
		if found {
			if n, err = strconv.ParseInt(string(old), 10, 64); err != nil {
				return 0, err
			}
		} else {
			old = nil
		}
		done, err := s.CompareAndSwap(ctx, key, old, strconv.AppendInt(nil, n+1, 10), ttl)
		if err != nil || done {
			return n + 1, err
		}
	}
	return 0, errors.New("volatile: too many writers at one counter")
}

// Delete implements [Store].
func (s *SQL) Delete(ctx context.Context, key string) error {
	return s.db.Apply(ctx, func(tx *store.Tx) error { return tx.DeleteVolatile(key) })
}

// sweepBatch is how many expired values go in one short transaction.
const sweepBatch = 500

// Sweep deletes what has expired, in batches that never hold a lock for long.
func (s *SQL) Sweep(ctx context.Context) error {
	for {
		var n int64
		err := s.db.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.SweepVolatile(sweepBatch)
			return err
		})
		if err != nil || n < sweepBatch {
			return err
		}
	}
}

func missing(value []byte, err error) ([]byte, bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}
	return value, err == nil, err
}
