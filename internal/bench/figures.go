package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
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

// rawHashes asks a process of its own, on the server's core, how many argon2id
// hashes it makes in a second when it does nothing else.
func rawHashes(o Options) (float64, error) {
	p, err := child("bench", "raw", o.Time.String())
	if err != nil {
		return 0, err
	}
	var out strings.Builder
	p.cmd.Stdout = &out
	if err := errors.Join(onCore(serverCore, p.cmd.Start), p.cmd.Wait()); err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
}

// Raw hashes for a time, one after the other, and returns how many a second.
func Raw(ctx context.Context, d time.Duration) (float64, error) {
	h, err := passwords.NewHasher(passwords.Config{})
	if err != nil {
		return 0, err
	}
	begun, n := time.Now(), 0
	for time.Since(begun) < d {
		if _, err := h.Hash(ctx, password); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}
