package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/law"
)

// plan is what an attacker tries: which name and password each time.
type plan struct {
	title  string
	owner  int // who signs in meanwhile
	size   int // how many addresses it comes from
	net    int // of the attackers' addresses, so that two attacks have nothing in common
	try    func(n int) (name, password string)
	bound  func(f *found) int // how many guesses the law lets through
	chance func(row func(name, format string, args ...any), f *found)
}

// validCodes is how many one-time codes are right at once, of how many (RFC 6238, one
// step of tolerance to either side).
const validCodes, allCodes = 3, 1_000_000

// aYear is how long a patient guesser goes on.
const aYear = 365 * 24 * time.Hour

// guessing is at one account, always with another password.
func (w *world) guessing(size int) plan {
	delays := law.Default().AccountDelays(time.Now())
	return plan{
		title: fmt.Sprintf("Guessing at one account, from %d addresses", size), owner: 0, size: size, net: 10,
		try:   func(n int) (string, string) { return w.Citizens[0].Username, fmt.Sprint("Talan-ez-az-", n) },
		bound: func(f *found) int { return delays.Within(f.took) },
		chance: func(row func(string, string, ...any), f *found) {
			part := func(n int) float64 { return 100 * float64(n) * validCodes / allCodes }
			row("chance of success", "%.4f %% were it a one-time code; the law's bound is %.4f %%, %.1f %% in a year of it",
				part(int(f.looked.Load())), part(delays.Within(f.took)), part(delays.Within(aYear)))
		},
	}
}

// stuffing tries a list from elsewhere: each name once. A few on it are ours, with
// the right password.
func (w *world) stuffing(names, size int) plan {
	every := max(1, names/(owners-2))
	rules, alarm := law.Default().StuffingDelays(time.Now()), law.Default().AttackAlarm(time.Now())
	return plan{
		title: fmt.Sprintf("Stuffing: %d names, each once, %d of them ours, from %d addresses", names, min(names/every, owners-2), size), owner: 1, size: size, net: 172,
		try: func(n int) (string, string) {
			if ours := 2 + n/every; n%every == 0 && ours < owners {
				return w.Citizens[ours].Username, password
			}
			return spelt("Idegen", n), "Egy-masik-jelszo-1"
		},
		bound: func(f *found) int {
			calm := rules.Delays
			calm.Before = rules.Alarmed
			return alarm.Floor + f.networks*calm.Within(f.took)
		},
		chance: func(row func(string, string, ...any), f *found) {
			row("accounts reached", "%.1f %% of the names were looked at", 100*float64(f.looked.Load()+f.hits.Load())/float64(max(1, f.sent())))
		},
	}
}

// guesser is a browser of the attacker's that has come as far as the password.
type guesser struct {
	*visitor
	at string
	mu sync.Mutex // one request at a time
}

// crowd are browsers at addresses of their own, each as far as the password.
func (w *world) crowd(ctx context.Context, size, net int) ([]*guesser, error) {
	all := make([]*guesser, size)
	for i := range all {
		g := &guesser{visitor: w.visitor()}
		g.address = fmt.Sprintf("%d.%d.%d.1", net, 16+i/250, i%250)
		var err error
		if g.at, err = g.atPassword(ctx); err != nil {
			return nil, err
		}
		all[i] = g
	}
	return all, nil
}

// atPassword goes to the page that asks for the password.
func (v *visitor) atPassword(ctx context.Context) (string, error) {
	at, _, err := v.authorize(ctx)
	if err != nil {
		return "", err
	}
	at, err = v.post(ctx, at, url.Values{"method": {string(law.TOTP)}})
	if err == nil && !strings.HasPrefix(at, v.world.Issuer+"/signin/password") {
		err = fmt.Errorf("was sent to %s instead of the password", at)
	}
	return at, err
}

// answer sends a name and a password, and says with which status it was answered.
func (v *visitor) answer(ctx context.Context, at, name, password string) (*http.Response, error) {
	form := url.Values{"username": {name}, "password": {password}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.world.Issuer)
	r.Header.Set("X-Forwarded-For", v.address)
	res, err := v.client.Do(r)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return res, closing(res, err)
}

func closing(res *http.Response, err error) error {
	if fault := res.Body.Close(); err == nil {
		err = fault
	}
	return err
}

// found is what came of an attack.
type found struct {
	looked, delayed, busy, hits atomic.Int64
	networks                    int
	took                        time.Duration
	resident, rows              int64
	alarmed                     bool
	fresh                       string // how the owner would fare on a new device
	once                        sync.Once
	fault                       error // the first
}

func (f *found) sent() int64 {
	return f.looked.Load() + f.delayed.Load() + f.busy.Load() + f.hits.Load()
}

// count sorts an answer by what it says of the guess.
func (f *found) count(status int) {
	switch status {
	case http.StatusUnprocessableEntity:
		f.looked.Add(1)
	case http.StatusTooManyRequests:
		f.delayed.Add(1)
	case http.StatusServiceUnavailable:
		f.busy.Add(1)
	case http.StatusSeeOther:
		f.hits.Add(1)
	default:
		f.once.Do(func() { f.fault = fmt.Errorf("a guess was answered with %d", status) })
	}
}

// hands is how many guesses are under way at once, at most.
const hands = 64

// besiege sends the guesses at their pace, or as fast as the server answers if
// that is slower.
func (w *world) besiege(ctx context.Context, o AttackOptions, crowd []*guesser, p plan) *found {
	f := &found{networks: len(crowd)}
	pace := time.Minute / time.Duration(o.Rate)
	due := make(chan int, hands)
	var working sync.WaitGroup
	for range hands {
		working.Go(func() {
			for n := range due {
				f.guess(ctx, crowd[n%len(crowd)], p, n)
			}
		})
	}
	begun := time.Now()
	for n := 0; time.Since(begun) < o.Time && ctx.Err() == nil; n++ {
		if wait := time.Until(begun.Add(time.Duration(n) * pace)); wait > 0 {
			time.Sleep(wait)
		}
		due <- n
	}
	close(due)
	working.Wait()
	f.took = time.Since(begun)
	return f
}

func (f *found) guess(ctx context.Context, g *guesser, p plan, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	name, secret := p.try(n)
	res, err := g.answer(ctx, g.at, name, secret)
	if err != nil {
		f.once.Do(func() { f.fault = err })
		return
	}
	f.count(res.StatusCode)
	if res.StatusCode == http.StatusSeeOther { // it must not go on as them
		g.client = g.world.visitor().client
		if g.at, err = g.atPassword(ctx); err != nil {
			f.once.Do(func() { f.fault = err })
		}
	}
}
