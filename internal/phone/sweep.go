package phone

import (
	"context"
	"time"

	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// sweepBatch is how many credentials one transaction of the sweep looks at.
const sweepBatch = 50

// What the owner was told last.
const (
	toldLocked = "locked"
	toldPaused = "paused"
	toldLapsed = "lapsed"
)

// Sweep tells owners what happened to their credential: that it is locked or paused,
// or that a one-time password lapsed. It says of how many, and may run in several
// processes at once.
func (g *Register) Sweep(ctx context.Context) (done int, err error) {
	for n := sweepBatch; n == sweepBatch; done += n {
		err = g.DB.Update(ctx, func(tx *store.Tx) error {
			persons, err := tx.DuePhones(sweepBatch)
			n = len(persons)
			for _, person := range persons {
				if err == nil {
					err = g.sweep(tx, person)
				}
			}
			return err
		})
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func (g *Register) sweep(tx *store.Tx, person string) error {
	p, err := tx.HoldPhoneOf(person)
	if err != nil {
		return err
	}
	told := p.Told
	p.Due = time.Time{}
	switch {
	case g.locked(p):
		p.Told = toldLocked
	case p.Heard >= g.Law.TelephoneHeard(tx.Now):
		p.Told = toldPaused
	case p.Initial && !tx.Now.Before(p.Lapses):
		p.Told = toldLapsed
	}
	if p.Initial && tx.Now.Before(p.Lapses) {
		p.Due = p.Lapses
	}
	if err := tx.SavePhone(p); err != nil || p.Told == told {
		return err
	}
	return g.tellOf(tx, p)
}

// tellOf records and tells what befell the credential.
func (g *Register) tellOf(tx *store.Tx, p store.Phone) error {
	switch p.Told {
	case toldLocked:
		until := "questions"
		if _, inAll := g.Law.TelephoneLock(tx.Now); p.Misses >= inAll {
			until = "password"
		}
		if err := g.append(tx, p.Person, ledger.PhoneLocked{Until: until}); err != nil {
			return err
		}
		return g.tell(tx, p, notify.PhoneLocked{At: tx.Now, Link: g.Home}, "phone-locked")
	case toldPaused:
		if err := g.append(tx, p.Person, ledger.PhonePaused{Answers: p.Heard}); err != nil {
			return err
		}
		return g.tell(tx, p, notify.PhonePaused{At: tx.Now, Link: g.Home}, "phone-paused")
	}
	if err := g.append(tx, p.Person, ledger.PhoneLapsed{}); err != nil {
		return err
	}
	return g.tell(tx, p, notify.PhoneLapsed{Until: p.Lapses}, "phone-lapsed")
}
