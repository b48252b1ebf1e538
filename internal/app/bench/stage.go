package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// stage is where doors are measured: a gateway and a server that only answers, on
// one core, and signed-in browsers on the others.
type stage struct {
	world    *world
	server   *process
	bare     *floor
	database backends
	callers  []*caller
	yard     string // algorithm whose bare signatures are measured in turn as well; "" for none
}

// onStage sets the stage, has f measure on it, and clears it away. before, if not
// nil, adds to the world's folder what the gateway is to find there.
func onStage(ctx context.Context, o OIDCOptions, before func(dir string) error, f func(context.Context, *stage) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := stayOff(serverCore); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kapu-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if before != nil {
		if err := before(dir); err != nil {
			return err
		}
	}
	o.Accounts = o.Workers
	s := &stage{}
	if s.world, err = prepare(ctx, dir, o.Options); err != nil {
		return err
	}
	if err := printSignatures(o.Options); err != nil {
		return err
	}
	if s.bare, err = layFloor(ctx, o.Workers); err != nil {
		return err
	}
	if s.server, err = child("bench", "serve", dir, "--profile="+o.Profile); err != nil {
		return err
	}
	if err := onCore(serverCore, s.server.cmd.Start); err != nil {
		return err
	}
	if err = s.enter(ctx, o.Options); err == nil {
		err = f(ctx, s)
	}
	return errors.Join(err, s.server.stop(), s.bare.server.stop())
}

// enter waits for the gateway and signs the browsers in.
func (s *stage) enter(ctx context.Context, o Options) (err error) {
	if _, err = ready(ctx, s.world.Issuer); err != nil {
		return err
	}
	if err = s.world.discover(ctx); err != nil {
		return err
	}
	if s.callers, err = s.world.callers(ctx, s.world.Citizens); err != nil {
		return err
	}
	if s.database = backendsOf(s.world.Database); !s.database.hold(serverCore) {
		fmt.Fprintln(o.Out, "the database may not be held to the server's core")
	}
	return nil
}

// measure has all browsers ask in slices, and the bare server after each: so that
// a machine that grows slower or faster tilts neither. What they do to be ready,
// before a slice, is not measured.
func (s *stage) measure(ctx context.Context, o Options, name string, ready, ask func(*caller) error) error {
	asked, answered, signed := &figures{}, &figures{}, raw{}
	for spent := time.Duration(0); spent < o.Time; spent += slice {
		for _, c := range s.callers {
			if err := ready(c); err != nil {
				return err
			}
		}
		part, err := askAll(ctx, Options{Time: slice}, s.server, s.database, s.callers, ask)
		if err != nil {
			return err
		}
		yard, err := askAll(ctx, Options{Time: slice / 4}, s.bare.server, backends{}, s.bare.callers, (*caller).bare)
		if err != nil {
			return err
		}
		if s.yard != "" {
			more, err := rawWork(slice/4, s.yard)
			if err != nil {
				return err
			}
			signed.join(more)
		}
		asked.join(part)
		answered.join(yard)
	}
	asked.printRate(o.Out, name, answered, signed)
	return nil
}
