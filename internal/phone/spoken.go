package phone

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"time"

	"kapu/internal/ledger"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// A spoken code takes the place of the password's digits on the web: whoever sits at
// somebody else's computer calls, proves who they are by telephone, and types there
// what is worth nothing afterwards. It is worth what the telephone is worth, and ends
// with the password by which it was asked for.

// spokenDigits is how long a spoken code is.
const spokenDigits = 6

// Spoken makes a code for who proved themselves in this call, in place of an earlier
// one. It errs with ErrGone.
func (g *Register) Spoken(ctx context.Context, h Holder) (code string, until time.Time, err error) {
	if code, err = registration.RandomDigits(spokenDigits); err != nil {
		return "", until, err
	}
	life := g.Law.TelephoneSpokenLife(g.Now())
	var p store.Phone
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		if p, err = g.held(tx, h); err != nil {
			return err
		}
		if p.Initial {
			return ErrGone // nothing is possible before the first password is changed
		}
		until = tx.Now.Add(life)
		return g.append(tx, p.Person, ledger.CodeSent{Purpose: "spoken", Medium: "call", Account: p.ID})
	})
	if err != nil {
		return "", until, err
	}
	kept, err := json.Marshal(spoken{g.spokenSum(p.Identifier, code), p.SessionsFrom})
	if err != nil {
		return "", until, err
	}
	return code, until, g.Volatile.Put(ctx, g.spokenKey(p.Identifier), kept, life)
}

// spoken is what is kept of a code.
type spoken struct {
	Sum   string    `json:"s"`
	Since time.Time `json:"t,omitzero"` // when the password became what it was
}

func (g *Register) spokenKey(identifier string) string {
	return "phone/spoken/" + g.Ring.Digest("phone/spoken", identifier)
}

func (g *Register) spokenSum(identifier, code string) string {
	return g.Ring.Digest("phone/spoken-code", identifier+" "+code)
}

// CheckSpoken compares a code that was spoken for the identifier, and spends it. The
// attempts are counted with those at the password's digits.
func (g *Register) CheckSpoken(ctx context.Context, asked Asked, typed string, line Line) (Answer, error) {
	return attempt(ctx, g.Gate, asked, line, func(ctx context.Context) (Answer, error) {
		a := Answer{Verdict: Wrong, Asked: asked}
		return a, g.spend(ctx, &a, registration.DigitsOf(typed), line)
	})
}

func (g *Register) spend(ctx context.Context, a *Answer, code string, line Line) error {
	identifier := a.Asked.Identifier
	key, sum := g.spokenKey(identifier), []byte(g.spokenSum(identifier, code))
	var kept spoken
	raw, found, err := g.Volatile.Get(ctx, key)
	if err != nil || !found || json.Unmarshal(raw, &kept) != nil || subtle.ConstantTimeCompare([]byte(kept.Sum), sum) != 1 {
		return err
	}
	if _, first, err := g.Volatile.Take(ctx, key); err != nil || !first {
		return err
	}
	return g.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PhoneByIdentifier(identifier)
		if errors.Is(err, store.ErrNotFound) || err == nil && !p.SessionsFrom.Equal(kept.Since) {
			return nil
		}
		if err != nil {
			return err
		}
		if a.Verdict, err = g.standing(tx, p); a.Verdict == Right {
			a.Holder = Holder{ID: p.ID, Person: p.Person, At: tx.Now, Line: line}
		}
		return err
	})
}
