package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/method/totp"
	"kapu/internal/store"
)

// LifecycleOptions of a measurement of the nightly work.
type LifecycleOptions struct {
	Database string        // DSN of an empty PostgreSQL database, or of the one that belongs to World; "" for a SQLite file
	World    string        // folder that keeps the accounts for another measurement; "" for none
	Accounts int           // how many there are
	Due      int           // of them whose end or reminder is due tonight
	Visitors int           // citizens who sign in, in turn; each can once in 30 seconds
	Rate     int           // sign-ins a second
	Before   time.Duration // how long sign-ins are measured before the sweep, at least
	Out      io.Writer
}

// Lifecycle builds accounts and measures the sweep of their lives while people sign in. Server and database have the
// whole machine, as they would.
func Lifecycle(ctx context.Context, o LifecycleOptions) error {
	if o.Due < 1 || o.Due > o.Accounts {
		return errors.New("bench: at least one account must be due, and at most all")
	}
	dir := o.World
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "kapu-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	w, err := openWorld(dir, o.Database)
	if err != nil {
		return err
	}
	parts, err := w.parts()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, parts)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := w.people(ctx, a, o); err != nil {
		return err
	}
	return w.night(ctx, a, o)
}

// people makes the accounts that are missing, and those that are due tonight.
func (w *world) people(ctx context.Context, a *app.App, o LifecycleOptions) error {
	t, err := newTown(ctx, a, o.Out)
	if err != nil {
		return err
	}
	if w.Residents == 0 {
		begun := time.Now()
		err := a.DB.InBulk(ctx, func() error {
			err := t.settle(ctx, 0, o.Accounts-o.Due, t.overTheYears, w.remember(max(1, o.Accounts/samples)))
			return errors.Join(err, w.welcome(ctx, t, o.Visitors))
		})
		if err != nil {
			return err
		}
		w.Residents = o.Accounts - o.Due
		if err := w.keep(); err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "built %d accounts in %s\n", w.Residents, time.Since(begun).Round(time.Second))
	}
	if err := t.settle(ctx, w.Residents, w.Residents+o.Due, t.tonight, nil); err != nil {
		return err
	}
	w.Residents += o.Due
	return w.keep()
}

// samples is of how many accounts the look-up is measured.
const samples = 5000

// remember keeps one account of so many, to be looked up later.
func (w *world) remember(each int) func([]store.Resident) {
	n := 0
	return func(people []store.Resident) {
		for _, p := range people {
			if n++; n%each == 0 {
				w.Samples = append(w.Samples, sample{ID: p.Accounts[0].ID, Username: string(p.Accounts[0].Username)})
			}
		}
	}
}

// welcome makes the citizens who sign in, with keys that we know.
func (w *world) welcome(ctx context.Context, t *town, visitors int) error {
	people := make([]store.Resident, visitors)
	for i := range people {
		c := citizen{Username: username(i), secret: totp.NewSecret()}
		c.Key = c.secret.Text()
		w.Citizens = append(w.Citizens, c)
		account := t.account(i, t.overTheYears)
		account.Username, account.Credentials[1].Secret = identity.Username(c.Username), c.Key
		people[i] = store.Resident{Reference: fmt.Sprintf("bench-citizen-%d", i), Person: t.names[i%len(t.names)].Person, Accounts: []store.Settled{account}}
	}
	return t.app.DB.Settle(ctx, people)
}

// night measures before the sweep and during it.
func (w *world) night(ctx context.Context, a *app.App, o LifecycleOptions) error {
	n := &night{world: w, db: a.DB, rate: o.Rate}
	n.atRest(ctx, o.Out)
	lease, err := hold(ctx, a.DB)
	if err != nil {
		return err
	}
	server, err := child("bench", "serve", w.Dir)
	if err != nil {
		return err
	}
	server.cmd.Env = os.Environ() // all cores
	if err := server.cmd.Start(); err != nil {
		return err
	}
	err = n.watch(ctx, o, server, lease)
	return errors.Join(err, server.stop())
}

func (n *night) watch(ctx context.Context, o LifecycleOptions, server *process, lease time.Time) error {
	if _, err := ready(ctx, n.world.Issuer); err != nil {
		return err
	}
	if err := n.world.discover(ctx); err != nil {
		return err
	}
	s, err := n.pass(ctx, lease, o.Before, server)
	if err != nil {
		return err
	}
	n.print(o.Out, s)
	return n.check(ctx, o.Out)
}
