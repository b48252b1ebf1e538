package phone

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/store"
	"kapu/internal/throttle"
)

// Asked is what an identifier is asked. It can be kept by whoever shows or says it,
// and holds no secret.
type Asked struct {
	Identifier string    `json:"i"`
	Positions  Positions `json:"p"`
}

// Verdict is how an answer was.
type Verdict string

// The verdicts. All but Wrong, Later and Moved are told only to whoever answered
// rightly.
const (
	Right     Verdict = "right"
	Wrong     Verdict = "wrong"     // also: nobody has the identifier, or it is locked
	Later     Verdict = "later"     // too many wrong answers; this one was not looked at
	Moved     Verdict = "moved"     // other positions are asked by now; this answer was not counted
	Lapsed    Verdict = "lapsed"    // the one-time password was not changed in time: only a desk helps
	Paused    Verdict = "paused"    // others may know the password: another must be chosen at a strong sign-in or a desk
	Forbidden Verdict = "forbidden" // the person has forbidden the telephone
)

// Answer is what came of an attempt.
type Answer struct {
	Verdict Verdict
	Wait    time.Duration // of Later
	Asked   Asked         // what is asked now
	Holder  Holder        // of Right
}

// Begin says what an identifier is asked, whether or not anybody has it. It errs
// with *identity.Invalid for what is no identifier.
func (g *Register) Begin(ctx context.Context, typed string) (a Asked, err error) {
	if a.Identifier, err = g.ParseIdentifier(typed); err != nil {
		return a, err
	}
	err = g.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PhoneByIdentifier(a.Identifier)
		stranger := g.stranger(a.Identifier, tx.Now) // made for everybody, that it cost the same
		if errors.Is(err, store.ErrNotFound) {
			p, err = stranger, nil
		}
		a.Positions = positionsOf(p.Positions)
		return err
	})
	return a, err
}

// stranger stands for an identifier that nobody has. No digits are right for it.
func (g *Register) stranger(identifier string, now time.Time) store.Phone {
	asked, of := g.Law.TelephoneDigits(now)
	_, reminders, _ := g.Law.TelephoneQuestions(now)
	return store.Phone{
		Identifier: identifier,
		Positions:  decoy(g.Ring, "positions", identifier, now, asked, of).String(),
		Reminders:  decoy(g.Ring, "reminders", identifier, now, reminders, Offered).String(),
	}
}

// Check compares the digits that were given for the asked positions, one after the
// other. An attempt is counted before it is looked at. Nothing is told but in the
// answer; an error is a fault of the machine.
func (g *Register) Check(ctx context.Context, asked Asked, digits string, line Line) (Answer, error) {
	return attempt(ctx, g.Gate, asked, line, func(ctx context.Context) (a Answer, err error) {
		err = g.DB.Update(ctx, func(tx *store.Tx) error {
			a, err = g.judge(tx, asked, digits, line)
			return err
		})
		return a, err
	})
}

// attempt counts an answer before look does, and again by what came of it. An answer
// to what is asked no more does not count.
func attempt(ctx context.Context, gate *throttle.Gate, asked Asked, line Line, look func(context.Context) (Answer, error)) (Answer, error) {
	try := gate.Attempt(asked.Identifier, line.peer(), false)
	wait, err := try.Begin(ctx)
	if err != nil || wait > 0 {
		return Answer{Verdict: Later, Wait: wait, Asked: asked}, err
	}
	a, err := look(context.WithoutCancel(ctx)) // the caller may have gone; what is written must be whole all the same
	if err != nil || a.Verdict == Moved {
		return a, errors.Join(err, try.Abandoned(ctx))
	}
	return a, try.End(ctx, a.Verdict != Wrong)
}

// judge looks at an answer, with as many statements for an identifier that nobody
// has as for others.
func (g *Register) judge(tx *store.Tx, asked Asked, digits string, line Line) (a Answer, err error) {
	p, err := tx.HoldPhone(asked.Identifier)
	stranger := errors.Is(err, store.ErrNotFound)
	if stranger {
		p, err = g.stranger(asked.Identifier, tx.Now), nil
	}
	if err != nil {
		return a, err
	}
	a.Asked = Asked{asked.Identifier, positionsOf(p.Positions)}
	right := subtle.ConstantTimeCompare([]byte(a.Asked.Positions.of(p.Password)), []byte(digits)) == 1
	switch {
	case p.Positions != asked.Positions.String():
		a.Verdict = Moved
	case stranger, g.locked(p), !right || digits == "":
		a.Verdict = Wrong
		g.count(&p, tx.Now)
	default:
		if err := g.right(tx, &p, &a, line); err != nil {
			return a, err
		}
	}
	if stranger {
		return a, tx.MissPhone(int64(keyed(g.Ring, "bucket", asked.Identifier) % buckets))
	}
	return a, tx.SavePhone(p)
}

// buckets is in how many rows attempts at identifiers are counted that nobody has.
const buckets = 64

// locked tells whether answers are looked at no more.
func (g *Register) locked(p store.Phone) bool {
	inARow, inAll := g.Law.TelephoneLock(g.Now())
	return p.Wrong >= inARow || p.Misses >= inAll
}

// count counts a wrong answer, unless it was not looked at. That the owner is told
// of a lock is left to the sweep, so that the attempt that locks takes no longer.
func (g *Register) count(p *store.Phone, now time.Time) {
	if g.locked(*p) {
		return
	}
	p.Wrong, p.Misses = p.Wrong+1, p.Misses+1
	if g.locked(*p) {
		p.Due = now
	}
}

// right is what follows from a right answer: other positions are asked from now on,
// unless it leads nowhere.
func (g *Register) right(tx *store.Tx, p *store.Phone, a *Answer, line Line) (err error) {
	a.Verdict, err = g.standing(tx, *p)
	if err != nil {
		return err
	}
	if a.Verdict == Forbidden {
		return g.refused(tx, *p, line)
	}
	if a.Verdict != Right {
		return nil
	}
	next, err := draw(g.Law.TelephoneDigits(tx.Now))
	if err != nil {
		return err
	}
	p.Positions, p.Wrong, p.LastUsed = next.String(), 0, tx.Now
	a.Asked.Positions = next
	most := g.Law.TelephoneHeard(tx.Now)
	if line.Telephone {
		p.Heard++
		if p.Heard == most {
			p.Due = tx.Now
		}
	}
	a.Holder = Holder{ID: p.ID, Person: p.Person, At: tx.Now, Line: line, First: p.Initial, Calls: max(most-p.Heard, 0)}
	if !line.Telephone {
		return nil // the corridor records it
	}
	return g.append(tx, p.Person, ledger.Identified{Method: law.Phone, Level: g.Law.Level(law.Phone, tx.Now), Account: p.ID, Device: "telephone", Address: line.Peer})
}

// standing says whether a right answer leads on.
func (g *Register) standing(tx *store.Tx, p store.Phone) (Verdict, error) {
	allowed, err := g.allowed(tx, p.Person)
	switch {
	case err != nil:
		return Wrong, err
	case !allowed:
		return Forbidden, nil
	case p.Initial && !tx.Now.Before(p.Lapses):
		return Lapsed, nil
	case p.Heard >= g.Law.TelephoneHeard(tx.Now):
		return Paused, nil
	}
	return Right, nil
}

// refused records and tells that right digits led nowhere because their owner has
// forbidden the telephone.
func (g *Register) refused(tx *store.Tx, p store.Phone, line Line) error {
	err := g.append(tx, p.Person, ledger.ForbiddenUsed{Method: law.Phone, Account: p.ID, Address: line.Peer})
	if err != nil || g.Announce == nil {
		return err
	}
	return g.Announce(tx, notice.Identification{Person: p.Person, Account: p.ID, Method: law.Phone, Address: line.Peer, Forbidden: true})
}
