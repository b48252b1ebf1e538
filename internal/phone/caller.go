package phone

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// A caller can let a clerk see who they are. The clerk opens a desk for callers and
// tells its short code; the caller, identified by telephone, types the code, hears
// which office it is, and consents by the key #. The name then stands on the page of
// that very clerk, and of nobody else.

// deskDigits is how long the code of a desk is. It is no secret: whoever types
// another clerk's shows themselves to another clerk.
const deskDigits = 4

// Desk is a clerk who waits for a caller, and the caller once they consented.
type Desk struct {
	Code   string    `json:"code"`
	Office string    `json:"office"` // id
	Clerk  string    `json:"clerk"`  // id of the clerk's account
	Until  time.Time `json:"until"`
	Person string    `json:"person,omitempty"` // of the caller
	Since  time.Time `json:"since,omitzero"`   // when they consented
}

// OpenDesk lets callers come to a clerk, under a new code; who was shown there
// before is gone.
func (g *Register) OpenDesk(ctx context.Context, office, clerk string) (d Desk, err error) {
	now := g.Now()
	life := g.Law.TelephoneDeskLife(now)
	d = Desk{Office: office, Clerk: clerk, Until: now.Add(life)}
	for range drawings {
		if d.Code, err = registration.RandomDigits(deskDigits); err != nil {
			return d, err
		}
		free, err := g.Volatile.CompareAndSwap(ctx, deskKey(d.Code), nil, []byte(clerk), life)
		if err != nil {
			return d, err
		}
		if free {
			return d, g.keepDesk(ctx, d)
		}
	}
	return d, ErrBusy
}

func deskKey(code string) string   { return "phone/desk/" + code }
func clerkKey(clerk string) string { return "phone/clerk/" + clerk }

const deskPurpose = "phone/desk"

func (g *Register) keepDesk(ctx context.Context, d Desk) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	sealed, err := g.Ring.Seal(deskPurpose, raw)
	if err != nil {
		return err
	}
	return g.Volatile.Put(ctx, clerkKey(d.Clerk), []byte(sealed), d.Until.Sub(g.Now()))
}

// DeskOf is the desk that a clerk keeps open for callers. ErrDesk: none.
func (g *Register) DeskOf(ctx context.Context, clerk string) (d Desk, err error) {
	sealed, found, err := g.Volatile.Get(ctx, clerkKey(clerk))
	if err != nil {
		return d, err
	}
	raw, err := g.Ring.Unseal(deskPurpose, string(sealed))
	if !found || err != nil || json.Unmarshal(raw, &d) != nil || !g.Now().Before(d.Until) {
		return Desk{}, ErrDesk
	}
	return d, nil
}

// CloseDesk forgets who was shown to a clerk.
func (g *Register) CloseDesk(ctx context.Context, clerk string) error {
	d, err := g.DeskOf(ctx, clerk)
	if errors.Is(err, ErrDesk) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(g.Volatile.Delete(ctx, deskKey(d.Code)), g.Volatile.Delete(ctx, clerkKey(clerk)))
}

// FindDesk is whose desk a caller's code means, for the question whether they
// consent: the office is told before anything is shown. ErrDesk: nobody's.
func (g *Register) FindDesk(ctx context.Context, code string) (d Desk, o identity.Office, err error) {
	clerk, found, err := g.Volatile.Get(ctx, deskKey(registration.DigitsOf(code)))
	if err != nil {
		return d, o, err
	}
	if !found {
		return d, o, ErrDesk
	}
	if d, err = g.DeskOf(ctx, string(clerk)); err != nil {
		return d, o, err
	}
	err = g.DB.View(ctx, func(tx *store.Tx) error {
		o, err = tx.Office(d.Office)
		return err
	})
	return d, o, err
}

// Show lets the clerk of a desk see who calls: the caller has consented. It errs
// with ErrGone and ErrDesk.
func (g *Register) Show(ctx context.Context, h Holder, d Desk) error {
	now, err := g.DeskOf(ctx, d.Clerk)
	if err != nil {
		return err
	}
	if now.Code != d.Code {
		return ErrDesk
	}
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := g.held(tx, h)
		if err != nil {
			return err
		}
		if p.Initial {
			return ErrGone
		}
		now.Person, now.Since = p.Person, tx.Now
		return g.append(tx, p.Person, ledger.CallerShown{Office: d.Office, Clerk: d.Clerk})
	})
	if err != nil {
		return err
	}
	return g.keepDesk(ctx, now)
}
