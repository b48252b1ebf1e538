package phone

import (
	"context"
	"crypto/subtle"
	"time"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Change puts a password of the holder's own choice in the place of the one there
// is, and opens what was locked or paused because of that. Sessions opened with the
// old one end. It returns the holder as they go on. It errs with ErrGone and
// *identity.Invalid.
//
// A password chosen on the telephone was heard by whoever listened to that call; it
// counts as one answer given over the line.
func (g *Register) Change(ctx context.Context, h Holder, typed string) (after Holder, err error) {
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := g.held(tx, h)
		if err != nil {
			return err
		}
		after, err = g.change(tx, p, h, typed)
		return err
	})
	return after, err
}

func (g *Register) change(tx *store.Tx, p store.Phone, h Holder, typed string) (Holder, error) {
	password, err := g.choose(tx, p, typed)
	if err != nil {
		return h, err
	}
	next, err := draw(g.Law.TelephoneDigits(tx.Now))
	if err != nil {
		return h, err
	}
	changed := ledger.PhonePasswordChanged{By: "web"}
	if p.Initial {
		changed.First = yes
	}
	unlocked := g.locked(p)
	p.Password, p.Initial, p.Positions, p.Changed, p.SessionsFrom = password, false, next.String(), tx.Now, tx.Now
	p.Heard, p.Wrong, p.Misses, p.Forgotten, p.Told, p.Due = 0, 0, 0, 0, "", time.Time{}
	if h.Line.Telephone {
		changed.By, p.Heard = "telephone", 1
	}
	h.ID, h.First, h.At, h.Calls = p.ID, false, tx.Now, max(g.Law.TelephoneHeard(tx.Now)-p.Heard, 0)
	if err := tx.SavePhone(p); err != nil {
		return h, err
	}
	if err := g.append(tx, p.Person, changed); err != nil {
		return h, err
	}
	if unlocked {
		if err := g.append(tx, p.Person, ledger.PhoneUnlocked{By: "citizen"}); err != nil {
			return h, err
		}
	}
	return h, g.tell(tx, p, notify.PhonePasswordChanged{At: tx.Now, Link: g.Home}, "phone-password-changed")
}

// choose is the password, if it will do.
func (g *Register) choose(tx *store.Tx, p store.Phone, typed string) (string, error) {
	_, length := g.Law.TelephoneDigits(tx.Now)
	password, err := parseDigits(FieldPassword, typed, length)
	if err != nil {
		return "", err
	}
	person, err := tx.Person(p.Person)
	if err != nil {
		return "", err
	}
	switch {
	case weak(password, person.BirthDate), password == p.Identifier[:length], password == p.Identifier[len(p.Identifier)-length:]:
		return "", &identity.Invalid{Field: FieldPassword, Reason: ReasonWeak}
	case subtle.ConstantTimeCompare([]byte(password), []byte(p.Password)) == 1:
		return "", &identity.Invalid{Field: FieldPassword, Reason: ReasonOld}
	}
	return password, nil
}
