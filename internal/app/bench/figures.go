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

func (f *figures) rate() float64 { return float64(len(f.times)) / f.took.Seconds() }

func (f *figures) print(w io.Writer, name string) {
	if len(f.times) == 0 {
		fmt.Fprintf(w, "%s: none\n", name)
		return
	}
	slices.Sort(f.times)
	at := func(share int) time.Duration { return f.times[(len(f.times)-1)*share/100].Round(10 * time.Microsecond) }
	fmt.Fprintf(w, "%s: %.1f/s (%d in %.1f s; half within %v, 99 %% within %v)\n", name, f.rate(), len(f.times), f.took.Seconds(), at(50), at(99))
	fmt.Fprintf(w, "  %.2f ms of the server's processor a flow, %.0f %% of its core\n",
		1000*f.cpu.Seconds()/float64(len(f.times)), 100*f.cpu.Seconds()/f.took.Seconds())
}

// raw is what argon2id costs on the server's core when nothing else is done.
type raw struct {
	rate float64       // hashes a second
	cpu  time.Duration // of the processor for one hash
}

// rawHashes asks a process of its own, on the server's core.
func rawHashes(o Options) (r raw, err error) {
	p, err := child("bench", "raw", o.Time.String())
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
	var n int
	if _, err := fmt.Sscan(out.String(), &n); err != nil || n == 0 {
		return r, errors.Join(errors.New("bench: the hashing process did not say how much it hashed"), err)
	}
	used := p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	return raw{rate: float64(n) / o.Time.Seconds(), cpu: used / time.Duration(n)}, nil
}

// Raw hashes for a time, one after the other, and returns how often.
func Raw(ctx context.Context, d time.Duration) (n int, err error) {
	h, err := passwords.NewHasher(passwords.Config{})
	if err != nil {
		return 0, err
	}
	for begun := time.Now(); time.Since(begun) < d; n++ {
		if _, err := h.Hash(ctx, password); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// print says how much of what the hash alone allows the sign-ins reach: by the
// clock, and by the processor time, which does not mind what else the machine does.
func (r raw) print(w io.Writer, f *figures) {
	perFlow := f.cpu.Seconds() / float64(max(1, len(f.times)))
	fmt.Fprintf(w, "  %.0f %% of what raw argon2id allows by the clock, %.0f %% by processor time\n",
		100*f.rate()/r.rate, 100*r.cpu.Seconds()/perFlow)
}
