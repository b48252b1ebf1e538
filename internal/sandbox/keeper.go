package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/keys"
	"kapu/internal/volatile"
)

const (
	// Kept is how many exchanges are kept of a service.
	Kept = 50
	// Life is how long one is kept.
	Life = 30 * time.Minute
	// perMinute bounds what one process writes for one service: strangers can
	// cause exchanges too, by naming its client.
	perMinute = 120
	// codeLife is how long a code waits to be typed in.
	codeLife = 15 * time.Minute
)

// Keeper keeps the exchanges of the services that have a sandbox. It is safe for
// concurrent use, and a nil one keeps nothing.
type Keeper struct {
	kept    volatile.Store
	ring    *keys.Ring
	now     func() time.Time
	allowed atomic.Pointer[map[string]bool] // nil: no service has one

	mu    sync.Mutex
	paces map[string]pace
}

// pace is how much was written within a minute.
type pace struct{ minute, count int64 }

// NewKeeper makes a keeper for which no service has a sandbox yet.
func NewKeeper(kept volatile.Store, ring *keys.Ring, now func() time.Time) *Keeper {
	return &Keeper{kept: kept, ring: ring, now: now, paces: map[string]pace{}}
}

// Allow says which services have a sandbox, in place of those before.
func (k *Keeper) Allow(services []string) {
	if len(services) == 0 {
		k.allowed.Store(nil)
		return
	}
	allowed := map[string]bool{}
	for _, id := range services {
		allowed[id] = true
	}
	k.allowed.Store(&allowed)
}

// On tells whether any service has a sandbox; it costs a look at one pointer.
func (k *Keeper) On() bool { return k != nil && k.allowed.Load() != nil }

// Allows tells whether a service has a sandbox.
func (k *Keeper) Allows(service string) bool { return k.On() && (*k.allowed.Load())[service] }

func (k *Keeper) slot(service string, n int64) string {
	return fmt.Sprintf("sandbox/%s/%d", service, n%Kept)
}

// Keep keeps an exchange. Where there are too many at once, it is left out.
func (k *Keeper) Keep(ctx context.Context, service string, e Exchange) error {
	if !k.Allows(service) || !k.inPace(service) {
		return nil
	}
	n, err := k.kept.Increment(ctx, "sandbox/"+service, Life)
	if err != nil {
		return err
	}
	e.Number, e.At = n, k.now()
	raw, err := json.Marshal(e.cut())
	if err != nil {
		return err
	}
	if len(raw) > maxBytes {
		e.Sent, e.Answer = nil, nil
		if raw, err = json.Marshal(e); err != nil {
			return err
		}
	}
	return k.kept.Put(ctx, k.slot(service, n), raw, Life)
}

func (k *Keeper) inPace(service string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.paces[service]
	if minute := k.now().Unix() / 60; p.minute != minute {
		p = pace{minute: minute}
	}
	p.count++
	k.paces[service] = p
	return p.count <= perMinute
}

// Last are the exchanges of a service, the newest first.
func (k *Keeper) Last(ctx context.Context, service string) (last []Exchange, err error) {
	for n := range int64(Kept) {
		raw, found, err := k.kept.Get(ctx, k.slot(service, n))
		if err != nil {
			return nil, err
		}
		var e Exchange
		if found && json.Unmarshal(raw, &e) == nil {
			last = append(last, e)
		}
	}
	slices.SortFunc(last, func(a, b Exchange) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Number, a.Number))
	})
	return last, nil
}

// Invite makes a code that opens the page of a service once.
func (k *Keeper) Invite(ctx context.Context, service string) (code string, err error) {
	code = rand.Text()
	return code, k.kept.Put(ctx, k.invitation(service, code), []byte{1}, codeLife)
}

// enter uses a code up. One that is none of ours writes nothing.
func (k *Keeper) enter(ctx context.Context, service, code string) (bool, error) {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	key := k.invitation(service, code)
	if _, found, err := k.kept.Get(ctx, key); err != nil || !found {
		return false, err
	}
	_, taken, err := k.kept.Take(ctx, key)
	return taken, err
}

func (k *Keeper) invitation(service, code string) string {
	return "sandbox/" + service + "/code/" + k.ring.Digest("sandbox-code", service+"/"+code)
}
