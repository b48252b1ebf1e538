package phone

import (
	"context"
	"errors"
	"time"

	"kapu/internal/authn"
	"kapu/internal/store"
)

// State is how a credential stands.
type State string

// The states, the one that hinders most first.
const (
	StateLocked State = "locked" // by wrong answers: questions open it, or another password
	StateSpent  State = "spent"  // by wrong answers in all: only another password opens it
	StatePaused State = "paused" // others may know the password
	StateLapsed State = "lapsed" // the one-time password was not changed in time
	StateFirst  State = "first"  // the one-time password waits to be changed
	StateReady  State = "ready"
)

// Own is a credential as its owner sees it.
type Own struct {
	State      State
	Identifier string
	Issued     time.Time
	Changed    time.Time
	Until      time.Time // of the first password
	LastUsed   time.Time
	Calls      int  // how many more answers over the line until another password must be chosen
	Questions  bool // are answered
}

// Own is how a person's credential stands. ErrGone: they have none.
func (g *Register) Own(ctx context.Context, person string) (own Own, err error) {
	err = g.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PhoneOf(person)
		if errors.Is(err, store.ErrNotFound) {
			return ErrGone
		}
		own = Own{State: g.state(p, tx.Now), Identifier: p.Identifier, Issued: p.Created, Changed: p.Changed, Until: p.Lapses, LastUsed: p.LastUsed,
			Calls: max(g.Law.TelephoneHeard(tx.Now)-p.Heard, 0), Questions: p.Questions != ""}
		return err
	})
	return own, err
}

// Heard is the telephone where a person's password rests because others may have
// heard it: their next strong sign-in asks them for another. Who has forbidden the
// telephone is asked nothing.
func (g *Register) Heard(tx *store.Tx, person string) (authn.Factor, error) {
	p, err := tx.PhoneOf(person)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil || g.state(p, tx.Now) != StatePaused {
		return "", err
	}
	allowed, err := g.allowed(tx, person)
	if err != nil || !allowed {
		return "", err
	}
	return authn.Phone, nil
}

func (g *Register) state(p store.Phone, now time.Time) State {
	_, inAll := g.Law.TelephoneLock(now)
	switch {
	case p.Misses >= inAll:
		return StateSpent
	case g.locked(p):
		return StateLocked
	case p.Heard >= g.Law.TelephoneHeard(now):
		return StatePaused
	case p.Initial && !now.Before(p.Lapses):
		return StateLapsed
	case p.Initial:
		return StateFirst
	}
	return StateReady
}

// EndBy is [Register.End] by the holder of the credential.
func (g *Register) EndBy(tx *store.Tx, h Holder) error {
	if _, err := g.held(tx, h); err != nil {
		return err
	}
	return g.End(tx, h.Person, Actor{})
}
