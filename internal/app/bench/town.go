package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/method/totp"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
)

// town makes many accounts at once. All have one password, hashed once; every
// person has a key and data of their own, under names of a few thousand.
type town struct {
	app   *app.App
	names []population.Entry
	hash  string
	now   time.Time
	out   io.Writer
}

const (
	townNames = 2000 // different people whose data are given to the residents
	townBatch = 2000 // people written at once
	townHands = 3    // who seal and write at the same time: two that seal while one waits for the database
	secondIn  = 50   // one person in so many has a second account
	tellEvery = 500_000
)

func newTown(ctx context.Context, a *app.App, out io.Writer) (*town, error) {
	hash, err := a.Passwords.Hash(ctx, password)
	people := population.New(population.Options{Size: townNames}).In(population.Crowd)
	return &town{a, people, hash, a.Now(), out}, err
}

// ends gives an account its end, and when its life is looked at next.
type ends func(n int) (until, due time.Time)

// overTheYears spreads ends over the time that an account can last, none today.
func (t *town) overTheYears(int) (until, due time.Time) {
	days := t.today().AddYears(law.Default().LongestLife(t.now)).DaysSince(t.today())
	until = t.today().AddDays(1 + rand.IntN(days)).In(law.Budapest)
	for _, n := range law.Default().ReminderDays(t.now) {
		if at := until.AddDate(0, 0, -n); at.After(t.now) {
			return until, at
		}
	}
	return until, until
}

// tonight makes every account due since midnight: every other one is over, the
// rest are to be reminded of their end.
func (t *town) tonight(n int) (until, due time.Time) {
	midnight, reminders := t.today().In(law.Budapest), law.Default().ReminderDays(t.now)
	if n%2 == 0 {
		return midnight, midnight
	}
	return t.today().AddDays(reminders[n/2%len(reminders)]).In(law.Budapest), midnight
}

func (t *town) today() identity.Date { return law.Day(t.now) }

// settle makes accounts from one number up to another, without the latter, and
// shows each batch to seen, if there is one.
func (t *town) settle(ctx context.Context, from, to int, e ends, seen func([]store.Resident)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan [2]int)
	go func() {
		defer close(batches)
		for at := from; at < to; at += townBatch {
			select {
			case batches <- [2]int{at, min(at+townBatch, to)}:
			case <-ctx.Done():
				return
			}
		}
	}()
	var hands sync.WaitGroup
	var mu sync.Mutex
	var faults error
	done := 0
	for range townHands {
		hands.Go(func() {
			for b := range batches {
				residents := t.residents(b[0], b[1], e)
				err := t.app.DB.Settle(ctx, residents)
				mu.Lock()
				if err != nil {
					faults = errors.Join(faults, err)
					cancel()
				} else if seen != nil {
					seen(residents)
				}
				done += b[1] - b[0]
				t.tell(done, to-from)
				mu.Unlock()
			}
		})
	}
	hands.Wait()
	return errors.Join(faults, ctx.Err())
}

func (t *town) tell(done, of int) {
	if done/tellEvery != (done-townBatch)/tellEvery && done < of {
		fmt.Fprintf(t.out, "  %d accounts\n", done)
	}
}

func (t *town) residents(from, to int, e ends) (people []store.Resident) {
	for n := from; n < to; n++ {
		if n%secondIn != 0 || len(people) == 0 { // else this is another account of the person before
			people = append(people, store.Resident{Reference: fmt.Sprintf("bench-%d", n), Person: t.names[n%len(t.names)].Person})
		}
		last := &people[len(people)-1]
		last.Accounts = append(last.Accounts, t.account(n, e))
	}
	return people
}

func (t *town) account(n int, e ends) store.Settled {
	until, due := e(n)
	created := t.now.AddDate(0, 0, -1-rand.IntN(365))
	return store.Settled{
		Account: identity.Account{State: identity.Active, Username: identity.Username(spelt("Lakos", n)), Email: identity.Email(fmt.Sprintf("lakos%d@posta.example", n)),
			Lang: "hu", Created: created, Activated: created.Add(time.Hour), ValidUntil: until},
		Due: due,
		Credentials: []store.Credential{
			{Kind: string(law.Password), Secret: t.hash}, {Kind: totp.Kind, Secret: totp.NewSecret().Text()},
		},
	}
}
