package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"kapu/internal/keys"
	"kapu/internal/store"
)

// errPanic is what a job that panics returns. The text of a panic may hold
// anything and is not passed on.
var errPanic = errors.New("job: panicked")

// faults are the kinds of faults that the book tells apart, in the order in
// which they are looked for. No text of an error comes into the book.
var faults = []struct {
	is   error
	kind string
}{
	{errPanic, "panic"},
	{context.Canceled, "stopped"},
	{context.DeadlineExceeded, "timeout"},
	{keys.ErrSealed, "sealed"},
	{store.ErrNotFound, "not-found"},
	{store.ErrTaken, "taken"},
	{store.ErrStale, "contended"},
}

// FaultOther is the kind of every fault that has no name of its own.
const FaultOther = "other"

// Fault is the kind of an error, "" for none.
func Fault(err error) string {
	if err == nil {
		return ""
	}
	for _, f := range faults {
		if errors.Is(err, f.is) {
			return f.kind
		}
	}
	return FaultOther
}

// safely runs the job; one that panics must not take the gateway with it.
func safely(ctx context.Context, j Job) (done int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w at\n%s", errPanic, debug.Stack())
		}
	}()
	return j.Run(ctx)
}
