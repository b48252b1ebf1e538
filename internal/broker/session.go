package broker

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/living"
	"kapu/internal/store"
)

const (
	sessionCookie = "kapu"
	// seenStep is how coarsely the time of the last request is kept, so that a
	// busy session does not write at every request.
	seenStep = time.Minute
)

// Current is the visitor's session as it is at this moment, with all that was
// read to judge it. The zero Session means that nothing counts.
type Current struct {
	Session  authn.Session
	Standing authn.Standing
	Rules    authn.Rules
	Ended    time.Time // when a session of this browser was ended from elsewhere, if nobody has told the visitor yet
	key      string    // in the volatile store
	raw      []byte    // as it is kept there
}

// Best is the strongest method that the visitor has proved.
func (c Current) Best() (authn.Achievement, bool) { return c.Session.Best(c.Rules) }

// Current reads the visitor's session. A session that does not count is a zero
// one, never an error.
func (b *Broker) Current(r *http.Request) (Current, error) {
	value := b.cookie(r, sessionCookie)
	if value == "" {
		return Current{Rules: b.Rules(b.Now())}, nil
	}
	return b.under(r.Context(), b.sessionKey(value))
}

// under reads the session that is kept under a key, for a visitor who uses it.
func (b *Broker) under(ctx context.Context, key string) (Current, error) {
	c, err := b.read(ctx, key)
	if err != nil || c.key == "" {
		return c, err
	}
	return c, b.touch(ctx, &c, b.Now())
}

// read reads the session that is kept under a key.
func (b *Broker) read(ctx context.Context, key string) (Current, error) {
	now := b.Now()
	c := Current{Rules: b.Rules(now)}
	stored, raw, err := b.load(ctx, key)
	if err != nil || stored.Account() == "" {
		c.Ended = endedAt(raw)
		return c, err
	}
	if c.Standing, err = b.standing(ctx, stored.Account()); err != nil {
		return c, err
	}
	if c.Session = stored.Live(c.Standing, c.Rules, now); c.Session.Account() == "" {
		return Current{Rules: c.Rules}, nil
	}
	c.Rules = c.Rules.For(c.Standing.Disposition, "") // as they are for the gateway's own pages
	c.key, c.raw = key, raw
	return c, nil
}

// touch writes down, now and then, that the session is in use.
func (b *Broker) touch(ctx context.Context, c *Current, now time.Time) error {
	if now.Sub(c.Session.Seen) < seenStep {
		return nil
	}
	seen := c.Session
	seen.Seen = now
	_, err := b.change(ctx, c, seen)
	c.Session.Seen = now
	return err
}

// change keeps a session as it is now, unless it is no longer as it was read: one
// that ends at this moment stays ended.
func (b *Broker) change(ctx context.Context, c *Current, s authn.Session) (done bool, err error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return false, err
	}
	done, err = b.Volatile.CompareAndSwap(ctx, c.key, c.raw, raw, s.Began().Add(c.Rules.SessionLife).Sub(b.Now()))
	if done {
		c.Session, c.raw = s, raw
	}
	return done, err
}

func (b *Broker) sessionKey(cookie string) string {
	return "session/" + b.Ring.Digest("session", cookie)
}

func (b *Broker) load(ctx context.Context, key string) (s authn.Session, raw []byte, err error) {
	raw, found, err := b.Volatile.Get(ctx, key)
	if err != nil || !found {
		return s, nil, err
	}
	return s, raw, json.Unmarshal(raw, &s)
}

// begin gives the session a new cookie and forgets the old one, so that a
// cookie from before a proof is worth nothing after it. Kind is of the browser,
// sealed, for a session that is new. errEnded: the session was ended meanwhile.
func (b *Broker) begin(ctx context.Context, w http.ResponseWriter, v *Visit, s authn.Session, kind string) (authn.Session, error) {
	isNew := s.ID == ""
	if isNew {
		s.ID = store.NewID()
	}
	value := keys.RandomToken()
	key := b.sessionKey(value)
	raw, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	if err := b.Volatile.Put(ctx, key, raw, s.Began().Add(v.Rules.SessionLife).Sub(b.Now())); err != nil {
		return s, err
	}
	if err := b.enlist(ctx, v, s, isNew, living.Session{ID: s.ID, Key: key, Kind: kind}); err != nil {
		return s, errors.Join(err, b.Volatile.Delete(ctx, key))
	}
	if v.key != "" {
		if err := b.Volatile.Delete(ctx, v.key); err != nil {
			return s, err
		}
	}
	v.key, v.raw, v.cookie = key, raw, value
	b.setCookie(w, sessionCookie, value, 0)
	return s, b.place(ctx, s, key, v.Rules)
}

// Renew begins the visitor's session anew with the proofs that still count, as
// if they were made now: for a room that has just ended every session of the
// account and goes on with this visitor.
func (b *Broker) Renew(w http.ResponseWriter, r *http.Request, v *Visit) (err error) {
	var s authn.Session
	after := b.Now().Add(time.Millisecond) // the account's ends of sessions are kept in milliseconds
	for _, e := range v.Session.Events {
		if slices.Contains(v.Standing.Has, string(e.Factor)) {
			e.At = after
			s = s.With(e)
		}
	}
	was, kind := v.Session, ""
	err = b.DB.View(r.Context(), func(tx *store.Tx) error { kind, err = sealKind(tx, r, s.Person()); return err })
	if err != nil {
		return err
	}
	if v.Session, err = b.begin(r.Context(), w, v, s, kind); err != nil {
		return err
	}
	if _, err := b.lives.End(r.Context(), was.Person(), was.ID); err != nil {
		return err
	}
	return b.rememberOutcome(r.Context(), r, v)
}

func (b *Broker) standing(ctx context.Context, account string) (authn.Standing, error) {
	var s authn.Standing
	err := b.DB.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.Standing(account)
		return err
	})
	if errors.Is(err, store.ErrNotFound) { // deleted meanwhile
		return authn.Standing{}, nil
	}
	return s, err
}

// readHeard puts into the standing whether a secret of the person must be replaced,
// where they have just signed in strongly: single sign-on stops for nothing.
func (b *Broker) readHeard(ctx context.Context, v *Visit) (err error) {
	v.Standing.Heard = ""
	if b.Heard == nil || !v.Transaction.Proved || v.Session.Level(v.Rules) < law.Substantial {
		return nil
	}
	return b.DB.View(ctx, func(tx *store.Tx) error {
		v.Standing.Heard, err = b.Heard(tx, v.Session.Person())
		return err
	})
}
