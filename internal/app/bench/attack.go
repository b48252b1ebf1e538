package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/volatile"
)

// AttackOptions of an attack.
type AttackOptions struct {
	Database  string        // DSN of an empty PostgreSQL database, or "" for a SQLite file
	Time      time.Duration // of each attack
	Rate      int           // guesses a minute
	Addresses int           // that guesses at one account come from
	Stuffers  int           // and those at many
	Out       io.Writer
}

// owners are citizens who sign in on devices that are remembered while others
// attack; the first of them is the one whose password is guessed.
const owners = 64

// Attack guesses at one account from many addresses, then tries as many names as
// there are guesses once each, and prints what came of it for the attacker and for
// the owners. All of it is real but the addresses, which the attacker's visitors
// name in the header that a proxy of ours would set, and the size of the machine.
func Attack(ctx context.Context, o AttackOptions) error {
	dir, err := os.MkdirTemp("", "kapu-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, err := openWorld(dir, o.Database)
	if err != nil {
		return err
	}
	w.Proxied = true
	if err := w.settle(ctx, owners); err != nil {
		return err
	}
	server, err := child("bench", "serve", dir)
	if err != nil {
		return err
	}
	if err := onCore(serverCore, server.cmd.Start); err != nil {
		return err
	}
	return errors.Join(w.attack(ctx, o, server), server.stop())
}

func (w *world) attack(ctx context.Context, o AttackOptions, server *process) error {
	if _, err := ready(ctx, w.Issuer); err != nil {
		return err
	}
	if err := w.discover(ctx); err != nil {
		return err
	}
	stake, err := w.stake(ctx)
	if err != nil {
		return err
	}
	defer stake.close()
	fmt.Fprintf(o.Out, "%d guesses a minute for %v each. Simulated: the addresses (X-Forwarded-For), each in a /24 of its own. Real: time, server, database, hashes.\n", o.Rate, o.Time)
	for _, plan := range []plan{w.guessing(o.Addresses), w.stuffing(o.Rate*int(o.Time/time.Second)/60, o.Stuffers)} {
		if err := w.run(ctx, o, server, stake, plan); err != nil {
			return err
		}
	}
	return nil
}

// run carries out one attack while an owner signs in.
func (w *world) run(ctx context.Context, o AttackOptions, server *process, s *stake, p plan) error {
	crowd, err := w.crowd(ctx, p.size, p.net)
	if err != nil {
		return err
	}
	victim, err := w.ownerOf(ctx, w.Citizens[p.owner], crowd[0].address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	signs := victim.keepsSigningIn(ctx)
	found := w.besiege(ctx, o, crowd, p)
	cancel()
	<-signs
	end := context.WithoutCancel(ctx)
	found.resident, err = server.resident()
	if err != nil {
		return err
	}
	if found.rows, found.alarmed, err = s.look(end); err != nil {
		return err
	}
	if found.fresh, err = w.onNewDevice(end, w.Citizens[p.owner]); err != nil {
		return err
	}
	found.print(o.Out, p, victim)
	return errors.Join(found.fault, victim.times.fault)
}

// stake looks into the server's database from outside.
type stake struct {
	db   *store.DB
	gate *throttle.Gate
}

func (w *world) stake(context.Context) (*stake, error) {
	ring, err := keys.OpenOrCreate(filepath.Join(w.Dir, "keys.json"), true)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(context.Background(), w.Database, store.Options{Ring: ring, Now: time.Now, Log: quiet})
	if err != nil {
		return nil, err
	}
	gate, err := throttle.New(throttle.Config{Store: volatile.NewSQL(db), Key: []byte(ring.Digest("throttle", "password")), Purpose: "password",
		Rules: throttle.WatchedRulesOf(law.Default()), Now: time.Now})
	return &stake{db, gate}, err
}

func (s *stake) close() { _ = s.db.Close() }

func (s *stake) look(ctx context.Context) (rows int64, alarmed bool, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.CountVolatile()
		return err
	})
	if err != nil {
		return 0, false, err
	}
	alarmed, err = s.gate.Alarmed(ctx)
	return rows, alarmed, err
}

// print says what came of an attack.
func (f *found) print(out io.Writer, p plan, victim *owner) {
	fmt.Fprintf(out, "\n%s\n", p.title)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "  %s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	row("guesses sent", "%d in %.0f s (%.0f a minute)", f.sent(), f.took.Seconds(), float64(f.sent())/f.took.Minutes())
	row("let through to the hash", "%d; the law lets %d through in this time", f.looked.Load(), p.bound(f))
	row("refused before it", "%d delayed, %d too many at once", f.delayed.Load(), f.busy.Load())
	row("right passwords found", "%d (each leads to the second factor, no further)", f.hits.Load())
	p.chance(row, f)
	row("owner, remembered device", "%d of %d sign-ins went through; half / 99 in 100 within %s", victim.done.Load(), victim.tried.Load(), victim.times.brief())
	row("owner, new device", "%s", f.fresh)
	row("alarm", "%v", f.alarmed)
	row("server", "%d MiB resident; %d rows in volatile", f.resident>>20, f.rows)
	_ = t.Flush()
}
