package broker

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"kapu/internal/authn"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// Who ended a session, for the ledger.
const (
	byCitizen   = "citizen"
	byService   = "service"
	byElsewhere = "elsewhere" // the citizen, in another session
	tooMany     = "too-many"  // nobody: another one began
)

// mark is what stands in the place of a session that was ended from elsewhere, so
// that its browser can be told.
type mark struct {
	Ended time.Time `json:"x,omitzero"`
}

// endedAt reads a mark; zero is none.
func endedAt(raw []byte) time.Time {
	var m mark
	if raw == nil || json.Unmarshal(raw, &m) != nil {
		return time.Time{}
	}
	return m.Ended
}

// finish ends a session that counts everywhere but in its browser: in the ledger,
// for the services, in the store. Whatever another tab does at the same time, the
// services of its last visit are told too, and it does not come back.
func (b *Broker) finish(ctx context.Context, c Current, why ledger.SignedOut) error {
	told := false
	for range keepTries {
		err := b.DB.Update(ctx, func(tx *store.Tx) error {
			if err := b.ended(tx, c.Session); err != nil || told {
				return err
			}
			_, err := b.Ledger.Append(tx, c.Session.Person(), why)
			return err
		})
		if err != nil {
			return err
		}
		told = true
		over, err := b.strike(ctx, &c, why.Reason)
		if err != nil || over {
			return err
		}
	}
	return errors.New("broker: too many tabs at one session")
}

// strike takes a session off the list, after which nobody moves it under another
// cookie, and out of its place. It fails to where the session is no longer as it
// was read; c is then as it is now.
func (b *Broker) strike(ctx context.Context, c *Current, reason string) (over bool, err error) {
	key, err := b.lives.End(ctx, c.Session.Person(), c.Session.ID)
	if err != nil {
		return false, err
	}
	if key == "" || key == c.key {
		if over, err = b.putMark(ctx, *c, reason); err != nil || over {
			return over, err
		}
		key = c.key
	}
	present, err := b.read(ctx, key)
	if err != nil || present.Session.ID != c.Session.ID {
		return true, err
	}
	*c = present
	return false, nil
}

// putMark puts a mark in the place of a session, if it is as it was read. Where the
// browser itself has ended it, nothing stays.
func (b *Broker) putMark(ctx context.Context, c Current, reason string) (done bool, err error) {
	raw, err := json.Marshal(mark{b.Now()})
	if err != nil {
		return false, err
	}
	done, err = b.Volatile.CompareAndSwap(ctx, c.key, c.raw, raw, c.Session.Began().Add(c.Rules.SessionLife).Sub(b.Now()))
	if err != nil || !done || reason == byElsewhere {
		return done, err
	}
	return done, b.Volatile.Delete(ctx, c.key)
}

// unlist takes a session off its person's list that has ended with its cookie; the
// zero session stands on none.
func (b *Broker) unlist(ctx context.Context, s authn.Session) error {
	if s.Account() == "" {
		return nil
	}
	_, err := b.lives.End(ctx, s.Person(), s.ID)
	return err
}
