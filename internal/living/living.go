// Package living owns the list of a person's sessions that live: by which name each
// is known and where it is kept. The list is one value in the volatile store, under a
// digest of the person. It is written when a session begins, moves under another
// cookie or ends, and at no other time: single sign-on and visitors who have proved
// nothing do not touch it.
//
// It is also what makes an end final. A session that has been taken off the list
// cannot be moved any more, so that a second tab which is about to prove something
// does not bring it back. It refuses to know what a session is worth, and to decide
// whether one counts: what is kept under the key says that.
package living

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Store is the part of volatile.Store this package needs. A nil old in
// CompareAndSwap means that the key must be absent.
type Store interface {
	Get(ctx context.Context, key string) ([]byte, bool, error)
	CompareAndSwap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error)
}

// Session is a session on the list.
type Session struct {
	ID    string    `json:"i"`           // public name of the session
	Key   string    `json:"k"`           // where it is kept
	Until time.Time `json:"u"`           // over by itself then, at the latest
	Kind  string    `json:"d,omitempty"` // kind of browser and device, sealed under the person's key
}

// Register keeps the lists. It is safe for concurrent use, also by several
// processes over one store.
type Register struct {
	Store Store
	Key   func(person string) string // where a person's list is kept; says nothing of the person
	Now   func() time.Time
}

// ErrContended: too many sessions of one person begin or end at the same instant.
var ErrContended = errors.New("living: too many at one list")

// Begin puts a session on the list. Where there are more than most then, the
// oldest leave it: they are to be ended.
func (r Register) Begin(ctx context.Context, person string, s Session, most int) (over []Session, err error) {
	err = r.change(ctx, person, func(list []Session) []Session {
		list = append(without(list, s.ID), s)
		cut := max(0, len(list)-most)
		over = list[:cut:cut]
		return list[cut:]
	})
	return over, err
}

// Move says that a session is kept elsewhere from now on, and tells whether it is
// still on the list. One that is not has been ended.
func (r Register) Move(ctx context.Context, person, id, to string) (lives bool, err error) {
	err = r.change(ctx, person, func(list []Session) []Session {
		i := slices.IndexFunc(list, func(s Session) bool { return s.ID == id })
		if lives = i >= 0; lives {
			list[i].Key = to
		}
		return list
	})
	return lives, err
}

// End takes a session off the list, and tells where it is kept; "" if it was not on it.
func (r Register) End(ctx context.Context, person, id string) (key string, err error) {
	err = r.change(ctx, person, func(list []Session) []Session {
		key = ""
		if i := slices.IndexFunc(list, func(s Session) bool { return s.ID == id }); i >= 0 {
			key = list[i].Key
		}
		return without(list, id)
	})
	return key, err
}

// List is the list, the oldest first. What a session is worth now, its key says.
func (r Register) List(ctx context.Context, person string) ([]Session, error) {
	list, _, err := r.read(ctx, person)
	return list, err
}

func without(list []Session, id string) []Session {
	return slices.DeleteFunc(list, func(s Session) bool { return s.ID == id })
}

// read returns the list without those whose time is over, and as it is kept; nil
// if it is not.
func (r Register) read(ctx context.Context, person string) (list []Session, raw []byte, err error) {
	raw, found, err := r.Store.Get(ctx, r.Key(person))
	if err != nil || !found {
		return nil, nil, err
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, nil, err
	}
	now := r.Now()
	return slices.DeleteFunc(list, func(s Session) bool { return !now.Before(s.Until) }), raw, nil
}

// maxTries bounds how often change begins again because somebody came between.
const maxTries = 32

// change reads the list, changes and swaps it until nobody came between.
func (r Register) change(ctx context.Context, person string, f func([]Session) []Session) error {
	for range maxTries {
		list, raw, err := r.read(ctx, person)
		if err != nil {
			return err
		}
		list = f(list)
		if raw == nil && len(list) == 0 {
			return nil
		}
		next, err := json.Marshal(list)
		if err != nil {
			return err
		}
		done, err := r.Store.CompareAndSwap(ctx, r.Key(person), raw, next, r.life(list))
		if err != nil || done {
			return err
		}
	}
	return ErrContended
}

// life is how long a list matters: until the last of its sessions is over. An empty
// one is about to be forgotten.
func (r Register) life(list []Session) time.Duration {
	life := time.Second
	for _, s := range list {
		life = max(life, s.Until.Sub(r.Now()))
	}
	return life
}
