// Package bench owns `kapu bench`: it starts a gateway of its own in a second
// process, held to one core, and drives it over HTTP as browsers and services
// would. It refuses to measure anything inside the server's process: what it
// prints is what others would see.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/app"
)

// Options of a measurement.
type Options struct {
	Database string        // DSN of an empty PostgreSQL database, or "" for a SQLite file
	Time     time.Duration // of each measured flow
	Accounts int           // citizens made beforehand; each can sign in once in 30 seconds
	Workers  int           // visitors at once
	Flows    int           // ends a flow's measurement after so many; 0 for its time alone
	Profile  string        // file for the server's processor profile; "" for none
	Out      io.Writer
}

var quiet = slog.New(slog.DiscardHandler)

// Cores: the server has one, the client and the database the others.
const serverCore = 0

// Run measures and prints the figures.
func Run(ctx context.Context, o Options) error {
	dir, err := os.MkdirTemp("", "kapu-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w, err := prepare(ctx, dir, o)
	if err != nil {
		return err
	}
	begun := time.Now()
	server, err := child("bench", "serve", dir, "--profile="+o.Profile)
	if err != nil {
		return err
	}
	if err := onCore(serverCore, server.cmd.Start); err != nil {
		return err
	}
	err = w.measure(ctx, o, server, begun)
	return errors.Join(err, server.stop())
}

func prepare(ctx context.Context, dir string, o Options) (*world, error) {
	w, err := openWorld(dir, o.Database)
	if err != nil {
		return nil, err
	}
	return w, w.settle(ctx, o.Accounts)
}

func (w *world) measure(ctx context.Context, o Options, server *process, begun time.Time) error {
	if _, err := ready(ctx, w.Issuer); err != nil {
		return err
	}
	up := time.Since(begun)
	if err := w.discover(ctx); err != nil {
		return err
	}
	idle, err := server.resident()
	if err != nil {
		return err
	}
	engine, _, _ := strings.Cut(w.Database, ":")
	fmt.Fprintf(o.Out, "%s: ready after %d ms, %d MiB resident when idle\n", engine, up.Milliseconds(), idle>>20)
	if err := w.measureSignIns(ctx, o, server); err != nil {
		return err
	}
	if err := w.measureSSO(ctx, o, server); err != nil {
		return err
	}
	busy, err := server.resident()
	if err != nil {
		return err
	}
	time.Sleep(calmAfter)
	calm, err := server.resident()
	fmt.Fprintf(o.Out, "%d MiB resident under load, %d MiB when it is calm again\n", busy>>20, calm>>20)
	return err
}

// calmAfter is how long after the last visit the server has given back its memory.
const calmAfter = 35 * time.Second

// slice is how long sign-ins are measured at a stretch, and raw hashes after
// them: in turn, so that a machine that grows slower or faster tilts neither.
const slice = 2 * time.Second

func (w *world) measureSignIns(ctx context.Context, o Options, server *process) error {
	var next atomic.Int64
	walk := func(ctx context.Context) (bool, error) {
		n := int(next.Add(1)) - 1
		if n >= len(w.Citizens) {
			return false, nil // everybody has signed in once
		}
		return true, w.visitor().signIn(ctx, w.Citizens[n])
	}
	signins, hashes := &figures{}, raw{}
	for spent := time.Duration(0); spent < o.Time; spent += slice {
		part, err := w.drive(ctx, Options{Time: slice, Workers: o.Workers}, server, func() flow { return walk })
		if err != nil {
			return err
		}
		signins.join(part)
		more, err := rawHashes(slice)
		if err != nil {
			return err
		}
		hashes.join(more)
	}
	signins.print(o.Out, "sign-ins (password + code)")
	hashes.print(o.Out, signins)
	return nil
}

func (w *world) measureSSO(ctx context.Context, o Options, server *process) error {
	visitors := make(chan *visitor, o.Workers)
	for i := range o.Workers {
		v := w.visitor()
		if err := v.signIn(ctx, w.Citizens[len(w.Citizens)-1-i]); err != nil {
			return fmt.Errorf("signing in before single sign-on: %w", err)
		}
		visitors <- v
	}
	sso, err := w.drive(ctx, o, server, func() flow {
		v := <-visitors
		return func(ctx context.Context) (bool, error) { return true, v.singleSignOn(ctx) }
	})
	if err == nil {
		sso.print(o.Out, "single sign-on (authorize, code, token, validate)")
	}
	return err
}

// flow does one walk and says whether there was one to do.
type flow func(ctx context.Context) (bool, error)

// drive runs flows from all workers at once for the time of a measurement.
func (w *world) drive(ctx context.Context, o Options, server *process, worker func() flow) (*figures, error) {
	return drive(ctx, o, server, backendsOf(w.Database), worker)
}

func drive(ctx context.Context, o Options, server *process, base backends, worker func() flow) (*figures, error) {
	before, err := server.cpu()
	if err != nil {
		return nil, err
	}
	stored := base.cpu()
	f := &figures{begun: time.Now()}
	end := f.begun.Add(o.Time)
	var working sync.WaitGroup
	for range o.Workers {
		walk := worker()
		working.Go(func() {
			for n := 0; time.Now().Before(end) && ctx.Err() == nil && (o.Flows == 0 || n < o.Flows/o.Workers); n++ {
				at := time.Now()
				more, err := walk(ctx)
				if !more {
					return
				}
				f.add(time.Since(at), err)
			}
		})
	}
	working.Wait()
	f.took = time.Since(f.begun)
	after, err := server.cpu()
	f.cpu, f.base = after-before, base.cpu()-stored
	return f, errors.Join(err, f.fault)
}

// Serve is the server's process: a gateway on the world of a folder. It writes
// its processor profile to a file if one is named.
func Serve(ctx context.Context, dir, profile string) error {
	ctx = untilOrphaned(ctx)
	w, err := readWorld(dir)
	if err != nil {
		return err
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
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
	l, err := net.Listen("tcp", w.Listen)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { a.Run(ctx); close(ended) }()
	err = app.Serve(ctx, app.NewServer(a.Handler, nil, quiet), l)
	<-ended
	return err
}
