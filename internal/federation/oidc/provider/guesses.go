package provider

import (
	"context"
	"errors"
	"time"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/match"
	"kapu/internal/throttle"
)

// guesses delays services that are wrong of people too often: of one datum of one
// person, and of everybody on one day. A right value in between takes no wrong one
// back. Who asks about one person without end is delayed, too, however right.
type guesses struct{ datum, person, service *throttle.Gate }

func newGuesses(b *broker.Broker) guesses {
	gate := func(purpose string, rules func(time.Time) throttle.Rules) *throttle.Gate {
		g, err := throttle.New(throttle.Config{Store: b.Volatile, Key: []byte(b.Ring.Digest("throttle", purpose)), Purpose: purpose, Rules: rules, Now: b.Now})
		if err != nil {
			panic(err) // cannot happen: nothing of the configuration is missing
		}
		return g
	}
	return guesses{
		datum: gate("match", func(at time.Time) throttle.Rules {
			return throttle.Rules{Account: b.Law.MatchDelays(at), Memory: b.Law.MatchMemory(at)}
		}),
		person: gate("match-person", func(at time.Time) throttle.Rules {
			return throttle.Rules{Account: b.Law.MatchQuestions(at), Memory: aDay}
		}),
		service: gate("match-service", func(at time.Time) throttle.Rules {
			return throttle.Rules{Account: b.Law.MatchDelaysOfService(at), Memory: aDay}
		}),
	}
}

const aDay = 24 * time.Hour

// charge is what a question counts against, until it turns out to be right.
type charge struct {
	gate  *throttle.Gate
	name  string
	claim string // "" for the question as a whole
	kept  bool   // it is not taken back, however right the values are
}

// charges are those of a question: of the service today, with everybody and with
// this person, and of each datum.
func (g guesses) charges(now time.Time, of grant, held []match.Stated) []charge {
	day := identity.DateOf(now.In(law.Budapest)).String()
	all := []charge{{gate: g.service, name: of.Service + " " + day}, {gate: g.person, name: of.Service + " " + of.of() + " " + day, kept: true}}
	for _, s := range held {
		all = append(all, charge{gate: g.datum, name: of.Service + " " + of.of() + " " + string(s.Claim), claim: string(s.Claim)})
	}
	return all
}

// whole: there is one lane, that of the service; addresses do not count.
const whole = true

// begin charges a question before anything is compared, so that a hundred sent at
// once are a hundred. A wait above zero means that it must not go on, and that
// nothing was charged.
func (g guesses) begin(ctx context.Context, now time.Time, of grant, held []match.Stated) (wait time.Duration, err error) {
	all := g.charges(now, of, held)
	for i, c := range all {
		wait, err = c.gate.Attempt(c.name, "", whole).Begin(ctx)
		if wait > 0 || err != nil {
			return wait, errors.Join(err, abandon(ctx, all[:i]))
		}
	}
	return 0, nil
}

// end takes back what was charged for what is right; all of it if nobody is told.
func (g guesses) end(ctx context.Context, now time.Time, of grant, held []match.Stated, found results) error {
	wrong := false
	for _, right := range found {
		wrong = wrong || !right
	}
	var back []charge
	for _, c := range g.charges(now, of, held) {
		right, told := found[c.claim]
		if found == nil || told && right || c.claim == "" && !wrong && !c.kept {
			back = append(back, c)
		}
	}
	return abandon(ctx, back)
}

func abandon(ctx context.Context, charges []charge) (err error) {
	for _, c := range charges {
		err = errors.Join(err, c.gate.Attempt(c.name, "", whole).Abandoned(ctx))
	}
	return err
}
