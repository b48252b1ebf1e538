package phone

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// BeginReminders says which questions an identifier is asked, by their numbers,
// whether or not anybody has it. It errs with *identity.Invalid.
func (g *Register) BeginReminders(ctx context.Context, typed string) (a Asked, err error) {
	if a.Identifier, err = g.ParseIdentifier(typed); err != nil {
		return a, err
	}
	err = g.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PhoneByIdentifier(a.Identifier)
		stranger := g.stranger(a.Identifier, tx.Now)
		if errors.Is(err, store.ErrNotFound) {
			p, err = stranger, nil
		}
		a.Positions = positionsOf(p.Reminders)
		return err
	})
	return a, err
}

// Remind unlocks an identifier by the answers to the asked questions, in their
// order. They are compared together: nobody learns which was wrong. The verdict is
// Right, Wrong, Later or Moved; Forbidden or Paused for right answers that open
// nothing. Its errors are ErrBusy and faults of the machine.
func (g *Register) Remind(ctx context.Context, asked Asked, answers []string, line Line) (Answer, error) {
	return attempt(ctx, g.Reminders, asked, line, func(ctx context.Context) (Answer, error) { return g.remind(ctx, asked, answers) })
}

// remind counts the try before the long look at the answers, and takes it back when
// they are right. An identifier that nobody has costs a hash as well.
func (g *Register) remind(ctx context.Context, asked Asked, answers []string) (a Answer, err error) {
	var sum string
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		a, sum, err = g.tried(tx, asked)
		return err
	})
	if err != nil || a.Verdict == Moved {
		return a, err
	}
	digits, readable := readAnswers(asked.Positions, answers)
	if sum == "" || !readable {
		err := g.Hasher.VerifyNobody(ctx, together(asked.Positions, digits))
		if err != nil {
			err = busy(ctx, err)
		}
		return a, err
	}
	right, err := g.Hasher.Verify(ctx, together(asked.Positions, digits), sum)
	if err != nil {
		return a, busy(ctx, err)
	}
	if right {
		err = g.DB.Update(ctx, func(tx *store.Tx) error {
			a, err = g.reminded(tx, asked)
			return err
		})
	}
	return a, err
}

func readAnswers(questions Positions, answers []string) (digits []string, readable bool) {
	if len(answers) != len(questions) {
		return nil, false
	}
	for i, n := range questions {
		answer, err := ParseAnswer(n, answers[i])
		if err != nil {
			return nil, false
		}
		digits = append(digits, answer)
	}
	return digits, true
}

// tried counts a try, and returns what the answers are compared with; "" where
// nothing would be right.
func (g *Register) tried(tx *store.Tx, asked Asked) (a Answer, sum string, err error) {
	p, err := tx.HoldPhone(asked.Identifier)
	stranger := errors.Is(err, store.ErrNotFound)
	if stranger {
		p, err = g.stranger(asked.Identifier, tx.Now), nil
	}
	if err != nil {
		return a, "", err
	}
	a = Answer{Verdict: Wrong, Asked: Asked{asked.Identifier, positionsOf(p.Reminders)}}
	if !slices.Equal(a.Asked.Positions, asked.Positions) {
		a.Verdict = Moved
		return a, "", nil
	}
	if stranger {
		return a, "", tx.MissPhone(int64(keyed(g.Ring, "bucket", asked.Identifier) % buckets))
	}
	if _, _, tries := g.Law.TelephoneQuestions(tx.Now); p.Forgotten < tries && p.Questions != "" {
		var kept answered
		if err := json.Unmarshal([]byte(p.Questions), &kept); err != nil {
			return a, "", errors.New("phone: the kept answers cannot be read") // the cause may quote them
		}
		sum = kept.Sums[asked.Positions.String()]
		p.Forgotten++
	}
	return a, sum, tx.SavePhone(p)
}

// reminded unlocks.
func (g *Register) reminded(tx *store.Tx, asked Asked) (a Answer, err error) {
	p, err := tx.HoldPhone(asked.Identifier)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Reminders != asked.Positions.String() {
		return Answer{Verdict: Moved, Asked: asked}, nil // ended, or answered beside this
	}
	if err != nil {
		return a, err
	}
	var kept answered
	if err := json.Unmarshal([]byte(p.Questions), &kept); err != nil {
		return a, errors.New("phone: the kept answers cannot be read")
	}
	if p.Reminders, err = drawFrom(kept.Chosen, len(asked.Positions)); err != nil {
		return a, err
	}
	was := g.locked(p)
	p.Wrong, p.Forgotten, p.Told = 0, 0, ""
	a = Answer{Verdict: Right, Asked: Asked{asked.Identifier, positionsOf(p.Reminders)}}
	if allowed, err := g.allowed(tx, p.Person); err != nil {
		return a, err
	} else if !allowed {
		a.Verdict = Forbidden
	} else if g.locked(p) || p.Heard >= g.Law.TelephoneHeard(tx.Now) {
		a.Verdict = Paused
	}
	if err := tx.SavePhone(p); err != nil || !was || a.Verdict != Right {
		return a, err
	}
	if err := g.append(tx, p.Person, ledger.PhoneUnlocked{By: "questions"}); err != nil {
		return a, err
	}
	return a, g.tell(tx, p, notify.PhoneUnlocked{At: tx.Now, Link: g.Home}, "phone-unlocked")
}
