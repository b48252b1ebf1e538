package federation

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// How services are told of the end of sessions.
const (
	batch  = 128 // taken at once; each service's one after the other, the services side by side
	turn   = 10 * time.Second
	hidden = 4 * turn // longer than a turn and its last request take: what remains comes back then

	// One that was not told is tried again when it has waited as long again, within
	// these bounds, and given up when a session of the service's own is over as well.
	soonest  = 10 * time.Second
	latest   = time.Hour
	patience = 12 * time.Hour
)

// Outcome is what came of telling a service once.
type Outcome int

// The outcomes.
const (
	Told    Outcome = iota
	Refused         // it answers, but does not take this
	Silent          // it is out of order: nothing else need be tried now
)

// Logouts counts what came of telling services, since the process began.
type Logouts struct{ Told, Failed, GivenUp atomic.Int64 }

// Queue tells services of the sessions that have ended, through one door.
type Queue struct {
	Door      string
	DB        *store.DB
	Catalogue *catalogue.Catalogue
	Log       *slog.Logger
	Counts    *Logouts
	// Wants tells whether the service is to be told at all; it may be registered
	// anew meanwhile.
	Wants func(*catalogue.Service) bool
	// Tell tries to tell it once; why is for the log.
	Tell func(context.Context, *catalogue.Service, store.Logout) (o Outcome, why error)
}

// Run tells what is due, and says how many were told. It may run in several
// processes at once. A service that does not answer holds up nobody else.
func (q Queue) Run(ctx context.Context) (told int, err error) {
	claimed, err := q.claim(ctx)
	if err != nil {
		return 0, err
	}
	byService := map[string][]store.Logout{}
	for _, l := range claimed {
		byService[l.Service] = append(byService[l.Service], l)
	}
	before := q.Counts.Told.Load()
	var wait sync.WaitGroup
	var once sync.Once
	for id, list := range byService {
		wait.Go(func() {
			if fault := q.tellService(ctx, id, list); fault != nil {
				once.Do(func() { err = fault })
			}
		})
	}
	wait.Wait()
	return int(q.Counts.Told.Load() - before), err
}

// claim takes what is due. It writes nothing if nothing is.
func (q Queue) claim(ctx context.Context) (claimed []store.Logout, err error) {
	var due bool
	err = q.DB.View(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.LogoutsDue(q.Door)
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = q.DB.Update(ctx, func(tx *store.Tx) (err error) {
		claimed, err = tx.ClaimLogouts(q.Door, batch, hidden)
		return err
	})
	return claimed, err
}

// tellService tells one service, for as long as its turn is.
func (q Queue) tellService(ctx context.Context, id string, list []store.Logout) error {
	service := q.Catalogue.Service(id)
	wants := service != nil && q.Wants(service)
	limited, stop := context.WithTimeout(ctx, turn)
	defer stop()
	for _, l := range list {
		if limited.Err() != nil {
			return ctx.Err()
		}
		if wants {
			if o := q.tell(limited, service, l); o != Told {
				if err := q.notTold(ctx, l, o); err != nil || o == Silent {
					return err
				}
				continue
			}
		}
		if err := q.DB.Apply(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.ForgetLogout(l) }); err != nil {
			return err
		}
	}
	return nil
}

func (q Queue) tell(ctx context.Context, service *catalogue.Service, l store.Logout) Outcome {
	o, why := q.Tell(ctx, service, l)
	if o == Told {
		q.Counts.Told.Add(1)
		return o
	}
	q.Counts.Failed.Add(1)
	q.Log.Warn("a service was not told of a logout", "door", q.Door, "service", service.ID, "cause", why)
	return o
}

// notTold lets it wait, or gives it up; and with it, if the service is silent,
// all that it is to be told.
func (q Queue) notTold(ctx context.Context, l store.Logout, o Outcome) error {
	var lost int64
	err := q.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) (err error) {
		again := tx.Now.Add(min(max(tx.Now.Sub(l.Ended), soonest), latest))
		if lost, err = tx.GiveUpLogouts(q.Door, l.Service, tx.Now.Add(-patience)); err != nil {
			return err
		}
		if err := tx.PostponeLogout(l, again); err != nil || o != Silent {
			return err
		}
		return tx.PostponeLogouts(q.Door, l.Service, again)
	})
	q.Counts.GivenUp.Add(lost)
	return err
}
