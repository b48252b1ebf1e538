package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
)

// The job that sweeps accounts' lives, as the book of jobs calls it.
const sweepJob = "life"

const (
	// holdFor is how long the sweep is held back at most.
	holdFor = 10 * time.Minute
	// sweepLimit is how long a sweep may begin late and take.
	sweepLimit = 30 * time.Minute
	// glance is how often the book of jobs is read.
	glance = 100 * time.Millisecond
	// lookEvery is how often an account is looked up beside.
	lookEvery = 20 * time.Millisecond
)

// hold takes the sweep away from the server, so that it begins when we give it back.
func hold(ctx context.Context, db *store.DB) (lease time.Time, err error) {
	err = db.Apply(ctx, func(tx *store.Tx) error {
		lease = tx.Now.Add(holdFor)
		return tx.ClaimJob(sweepJob, lease, tx.Now)
	})
	if errors.Is(err, store.ErrStale) {
		err = fmt.Errorf("bench: another process works on this database; wait %s", holdFor)
	}
	return lease, err
}

// release gives the sweep back.
func release(ctx context.Context, db *store.DB, lease time.Time) error {
	return db.Apply(ctx, func(tx *store.Tx) error { return tx.EndJob(store.Job{Name: sweepJob, Lease: lease}) })
}

// watch is what is measured in one part of the night.
type watch struct {
	requests, signIns, byName, byID figures
}

// night is the sign-ins and look-ups of a night, before the sweep and during it.
type night struct {
	world          *world
	db             *store.DB
	rate           int
	before, during watch
	now            atomic.Pointer[watch]
	next           atomic.Int64
	cpu            [2]time.Duration // of the server, before and during
	took           [2]time.Duration
}

// swept is what the book of jobs says of a sweep.
type swept struct {
	done int64
	took time.Duration
}

// pass signs people in until the sweep is over, and returns what the book says of it.
func (n *night) pass(ctx context.Context, lease time.Time, before time.Duration, server *process) (s swept, err error) {
	ctx, stop := context.WithTimeout(ctx, before+holdFor+sweepLimit)
	var working sync.WaitGroup
	defer working.Wait()
	defer stop()
	n.now.Store(&n.before)
	working.Go(func() { n.signIns(ctx) })
	working.Go(func() { n.lookUps(ctx) })

	marks := [3]mark{n.mark(server)}
	if err := rest(ctx, before); err != nil {
		return s, err
	}
	held, err := n.await(ctx, func(store.Job) bool { return true })
	if err != nil {
		return s, err
	}
	if err := release(ctx, n.db, lease); err != nil {
		return s, err
	}
	begun, err := n.await(ctx, func(j store.Job) bool { return j.Began.After(held.Began) })
	if err != nil {
		return s, err
	}
	n.now.Store(&n.during)
	marks[1] = n.mark(server)
	ended, err := n.await(ctx, func(j store.Job) bool { return j.Total > held.Total || j.Fault != "" })
	marks[2] = n.mark(server)
	for i := range n.cpu {
		n.cpu[i], n.took[i] = marks[i+1].cpu-marks[i].cpu, marks[i+1].at.Sub(marks[i].at)
	}
	if ended.Fault != "" {
		err = errors.Join(err, fmt.Errorf("bench: the sweep failed: %s", ended.Fault))
	}
	return sweptOf(begun, ended, held), err
}

// sweptOf is a run from its beginning to its end. After a long one the next begins at once, and the book tells of that.
func sweptOf(begun, ended, before store.Job) swept {
	s := swept{done: ended.Total - before.Total, took: ended.Ended.Sub(begun.Began)}
	if ended.Began.After(begun.Began) {
		s.took = ended.Began.Sub(begun.Began)
	}
	return s
}

// mark is how much the server had worked at a moment.
type mark struct {
	at  time.Time
	cpu time.Duration
}

func (n *night) mark(server *process) mark {
	used, _ := server.cpu() // a server that is gone shows in the sign-ins
	return mark{time.Now(), used}
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// await reads the book until the sweep's entry is as wanted.
func (n *night) await(ctx context.Context, wanted func(store.Job) bool) (run store.Job, err error) {
	for {
		err := n.db.View(ctx, func(tx *store.Tx) error {
			all, err := tx.Jobs()
			for _, j := range all {
				if j.Name == sweepJob {
					run = j
				}
			}
			return err
		})
		if err != nil || wanted(run) {
			return run, err
		}
		if err := rest(ctx, glance); err != nil {
			return run, fmt.Errorf("bench: the sweep did not run: %w", err)
		}
	}
}

// signIns begins sign-ins at the rate, however long those before take, as people do.
func (n *night) signIns(ctx context.Context) {
	var inside sync.WaitGroup
	defer inside.Wait()
	tick := time.NewTicker(time.Second / time.Duration(n.rate))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		c := n.world.Citizens[int(n.next.Add(1)-1)%len(n.world.Citizens)]
		inside.Go(func() { n.signIn(ctx, c) })
	}
}

func (n *night) signIn(ctx context.Context, c citizen) {
	watch, begun := n.now.Load(), time.Now()
	v := n.world.visitor()
	v.client.Transport = timed{&watch.requests}
	if err := v.signIn(ctx, c); ctx.Err() == nil {
		watch.signIns.add(time.Since(begun), err)
	}
}

// timed takes the time of every request until its answer begins.
type timed struct{ figures *figures }

// RoundTrip implements http.RoundTripper.
func (t timed) RoundTrip(r *http.Request) (*http.Response, error) {
	begun := time.Now()
	res, err := transport.RoundTrip(r)
	if r.Context().Err() == nil {
		t.figures.add(time.Since(begun), err)
	}
	return res, err
}

// lookUps looks up one account after the other while the night goes on.
func (n *night) lookUps(ctx context.Context) {
	for rest(ctx, lookEvery) == nil {
		n.lookUpTwo(ctx, n.now.Load())
	}
}

// atRest looks accounts up while nothing else is done: what a look-up costs by itself.
func (n *night) atRest(ctx context.Context, w io.Writer) {
	var calm watch
	for range samples {
		n.lookUpTwo(ctx, &calm)
	}
	fmt.Fprintf(w, "look-ups at rest, half and 99 %% within: by username %s, by id %s\n", calm.byName.brief(), calm.byID.brief())
}

// lookUpTwo looks up one account by its name and another by its id.
func (n *night) lookUpTwo(ctx context.Context, w *watch) {
	anybody := func() sample { return n.world.Samples[rand.IntN(len(n.world.Samples))] }
	n.lookUp(ctx, &w.byName, func(tx *store.Tx) (identity.Account, error) {
		return tx.AccountByUsername(identity.Username(anybody().Username))
	})
	n.lookUp(ctx, &w.byID, func(tx *store.Tx) (identity.Account, error) { return tx.Account(anybody().ID) })
}

func (n *night) lookUp(ctx context.Context, f *figures, look func(*store.Tx) (identity.Account, error)) {
	begun := time.Now()
	err := n.db.View(ctx, func(tx *store.Tx) error { _, err := look(tx); return err })
	if ctx.Err() == nil {
		f.add(time.Since(begun), err)
	}
}

// print sets the night before the sweep beside the night during it.
func (n *night) print(w io.Writer, s swept) {
	fmt.Fprintf(w, "%s: swept %d accounts in %.1f s, %.0f a second\n", n.db.Engine(), s.done, s.took.Seconds(), float64(s.done)/s.took.Seconds())
	fmt.Fprintf(w, "%-28s %26s %26s\n", "half and 99 % within", "before the sweep", "during the sweep")
	for _, line := range []struct {
		name           string
		before, during *figures
	}{
		{"sign-ins", &n.before.signIns, &n.during.signIns}, {"their requests", &n.before.requests, &n.during.requests},
		{"look-ups by username", &n.before.byName, &n.during.byName}, {"look-ups by id", &n.before.byID, &n.during.byID},
	} {
		fmt.Fprintf(w, "%-28s %26s %26s\n", line.name, line.before.brief(), line.during.brief())
	}
	fmt.Fprintf(w, "%-28s %25.0f%% %25.0f%%\n", "processor of the server", 100*n.cpu[0].Seconds()/n.took[0].Seconds(), 100*n.cpu[1].Seconds()/n.took[1].Seconds())
}

// check sees that the sweep did its work: the half that was over is gone, with its
// persons, and nothing is due any more.
func (n *night) check(ctx context.Context, w io.Writer) error {
	return n.db.View(ctx, func(tx *store.Tx) error {
		due, err := tx.DueAccounts(1)
		if err != nil {
			return err
		}
		resting, err := tx.CountResting()
		if err != nil {
			return err
		}
		waiting, _, err := tx.CountMessages()
		fmt.Fprintf(w, "%d accounts have ended and %d letters wait to be sent\n", resting, waiting)
		var faults error
		for _, w := range []*watch{&n.before, &n.during} {
			faults = errors.Join(faults, w.signIns.fault, w.byName.fault, w.byID.fault)
		}
		if len(due) > 0 {
			faults = errors.Join(faults, errors.New("bench: accounts are due still"))
		}
		return errors.Join(err, faults)
	})
}
