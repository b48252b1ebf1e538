package life

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// lookUp is how many are looked up at once by their index.
	lookUp = 500
	// mostFaults is after how many faults a run gives up: the cause is not in the accounts then.
	mostFaults = 100
)

// longestRest is the longest that the errands rest between two transactions.
const longestRest = time.Second

// errands is work on all that is due.
type errands[T any] struct {
	now   func() time.Time
	look  func(limit int) ([]T, error) // what is due, the longest due first
	name  func(T) string
	atOne int                    // how many one transaction takes
	do    func([]T) (int, error) // one transaction; says how many were done
}

// through does the errands until nothing is due, or nothing that others do not
// hold. Where a transaction fails, its parts are tried one by one; one that fails
// then is left for the next run, with its error, and the rest goes on. After each
// transaction it rests for as long as that took: half of the machine is left to
// those who sign in meanwhile.
func through[T any](ctx context.Context, e errands[T]) (done int, err error) {
	failed := map[string]bool{}
	for ctx.Err() == nil && len(failed) < mostFaults {
		due, looking := e.look(lookUp + len(failed))
		if looking != nil {
			return done, errors.Join(err, looking)
		}
		due = slices.DeleteFunc(due, func(t T) bool { return failed[e.name(t)] })
		before := done + len(failed)
		for some := range slices.Chunk(due, e.atOne) {
			began := e.now()
			n, faults := e.try(ctx, some)
			done += n
			for name, fault := range faults {
				failed[name], err = true, errors.Join(err, fault)
			}
			rest(ctx, e.now().Sub(began))
		}
		if done+len(failed) == before {
			break
		}
	}
	return done, errors.Join(err, ctx.Err())
}

// try does some of the errands, together or else one by one.
func (e errands[T]) try(ctx context.Context, some []T) (done int, faults map[string]error) {
	n, err := e.do(some)
	if err == nil || ctx.Err() != nil {
		return n, nil
	}
	if len(some) == 1 {
		return 0, map[string]error{e.name(some[0]): err}
	}
	faults = map[string]error{}
	for i := range some {
		if n, err := e.do(some[i : i+1]); err == nil {
			done += n
		} else {
			faults[e.name(some[i])] = err
		}
	}
	return done, faults
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(min(d, longestRest)):
	}
}
