package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	passwords "kapu/internal/method/password"
)

// figures are what a measurement found.
type figures struct {
	mu    sync.Mutex
	begun time.Time
	took  time.Duration
	cpu   time.Duration // of the server
	base  time.Duration // of the database, where that is not in the server
	times []time.Duration
	fault error // the first
}

func (f *figures) add(took time.Duration, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		if f.fault == nil {
			f.fault = err
		}
		return
	}
	f.times = append(f.times, took)
}

// join adds what another measurement of the same found.
func (f *figures) join(o *figures) {
	f.took, f.cpu, f.base, f.times = f.took+o.took, f.cpu+o.cpu, f.base+o.base, append(f.times, o.times...)
}

func (f *figures) rate() float64 { return float64(len(f.times)) / f.took.Seconds() }

// within is in how long so many of a hundred were done. Sort first.
func (f *figures) within(share int) time.Duration {
	return f.times[(len(f.times)-1)*share/100].Round(10 * time.Microsecond)
}

// brief is half and all but one in a hundred.
func (f *figures) brief() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.times) == 0 {
		return "none"
	}
	slices.Sort(f.times)
	return fmt.Sprintf("%v / %v (%d)", f.within(50), f.within(99), len(f.times))
}

func (f *figures) print(w io.Writer, name string) {
	if len(f.times) == 0 {
		fmt.Fprintf(w, "%s: none\n", name)
		return
	}
	slices.Sort(f.times)
	fmt.Fprintf(w, "%s: %.1f/s (%d in %.1f s; half within %v, 99 %% within %v)\n", name, f.rate(), len(f.times), f.took.Seconds(), f.within(50), f.within(99))
	fmt.Fprintf(w, "  %.2f ms of the server's processor a flow, %.0f %% of its core\n",
		1000*f.cpu.Seconds()/float64(len(f.times)), 100*f.cpu.Seconds()/f.took.Seconds())
}

// each is the processor time of one.
func (f *figures) each() time.Duration { return (f.cpu + f.base) / time.Duration(max(1, len(f.times))) }

// printRate says how many were done by the clock, and how many a core of the
// server's, given to nothing else, would do; that minds less what else the
// machine does. A bare answer, measured in turn, is the yardstick for the rest.
func (f *figures) printRate(w io.Writer, name string, bare *figures, signed raw) {
	slices.Sort(f.times)
	fmt.Fprintf(w, "%-22s %6.0f/s per core, %6.0f/s by the clock (half within %v, 99 %% within %v); %v each, as much as %.1f bare answers",
		name, 1/f.each().Seconds(), f.rate(), f.within(50), f.within(99), f.each().Round(time.Microsecond), f.each().Seconds()/bare.each().Seconds())
	if f.base > 0 {
		fmt.Fprintf(w, "; %.0f %% of it the database's", 100*f.base.Seconds()/(f.cpu+f.base).Seconds())
	}
	if signed.times > 0 {
		share := f.each().Seconds() / signed.each().Seconds()
		fmt.Fprintf(w, ", or %.2f bare RSA-2048 signatures, of which it makes %.0f/s; where it makes %d, %.0f/s", share, 1/signed.each().Seconds(), usualRSA, usualRSA/share)
	}
	fmt.Fprintln(w)
}

// usualRSA is how many RSA-2048 signatures a core makes a second by Go where our
// goals are stated: machines differ, and one differs from moment to moment.
const usualRSA = 900

// raw is what something costs on the server's core when nothing else is done.
type raw struct {
	times     int
	took, cpu time.Duration
}

// each is the processor time of one.
func (r raw) each() time.Duration { return r.cpu / time.Duration(max(1, r.times)) }

func (r *raw) join(o raw) { *r = raw{r.times + o.times, r.took + o.took, r.cpu + o.cpu} }

// rawHashes hashes for a time.
func rawHashes(d time.Duration) (raw, error) { return rawWork(d, "argon2id") }

// rawWork asks a process of its own, on the server's core, while the server rests.
func rawWork(d time.Duration, what string) (r raw, err error) {
	p, err := child("bench", "raw", d.String(), what)
	if err != nil {
		return r, err
	}
	var out strings.Builder
	p.cmd.Stdout = &out
	if err := onCore(serverCore, p.cmd.Start); err != nil {
		return r, err
	}
	if err := p.cmd.Wait(); err != nil {
		return r, err
	}
	r.took = d
	if _, err := fmt.Sscan(out.String(), &r.times, (*int64)(&r.cpu)); err != nil || r.times == 0 {
		return r, errors.Join(errors.New("bench: the process did not say how much it did"), err)
	}
	return r, nil
}

// Raw does one thing for a time, again and again, and returns how often and with
// how much of the processor: it hashes ("argon2id"), or signs under an algorithm.
func Raw(ctx context.Context, what string, d time.Duration) (n int, cpu time.Duration, err error) {
	once, err := rawOnce(ctx, what)
	if err != nil {
		return 0, 0, err
	}
	r, err := again(d, once) // making a key is not what is measured
	return r.times, r.cpu, err
}

// again does something for a time.
func again(d time.Duration, once func() error) (r raw, err error) {
	begun, before := time.Now(), ownTime()
	for r.took < d && err == nil {
		err = once()
		r.times, r.took = r.times+1, time.Since(begun)
	}
	r.cpu = ownTime() - before
	return r, err
}

func rawOnce(ctx context.Context, what string) (func() error, error) {
	if what != "argon2id" {
		return signing(what)
	}
	h, err := passwords.NewHasher(passwords.Config{})
	return func() error { _, err := h.Hash(ctx, password); return err }, err
}

// print says how much of what the hash alone allows the sign-ins reach: by the
// clock, and by the processor time, which does not mind what else the machine does.
func (r raw) print(w io.Writer, f *figures) {
	rate, each := float64(r.times)/r.took.Seconds(), r.each().Seconds()
	perFlow := f.cpu.Seconds() / float64(max(1, len(f.times)))
	fmt.Fprintf(w, "  raw argon2id on the same core, in turn: %.1f/s, %.1f ms of the processor each\n", rate, 1000*each)
	fmt.Fprintf(w, "  sign-ins reach %.0f %% of that by the clock, %.0f %% by processor time\n", 100*f.rate()/rate, 100*each/perFlow)
}
