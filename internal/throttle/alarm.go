package throttle

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"kapu/internal/law"
)

// Excess is what raised an alarm: wrong secrets in one window, and how many are
// usual. It says nothing about anybody.
type Excess struct {
	Purpose string
	Seen    int
	Usual   int
}

// pulse is how many wrong secrets there are in all, now and usually. It is one value
// for each purpose, whoever tries whatever from wherever.
type pulse struct {
	Window time.Time `json:"w"` // when the present one began
	Seen   int       `json:"n"` // in it
	Usual  float64   `json:"u"` // in one
	Until  time.Time `json:"a"` // the alarm lasts until then, if it is raised
}

// excess is from how many on there are too many.
func (p pulse) excess(a law.Alarm) float64 {
	return math.Max(float64(a.Floor), float64(a.Factor)*p.Usual)
}

// roll brings the pulse to the window of now. What is usual follows what is seen,
// but an attack counts in it as no more than what is just no alarm yet: it makes
// itself usual slowly, if at all.
func (p pulse) roll(a law.Alarm, now time.Time) pulse {
	passed := now.Sub(p.Window) / a.Window
	if passed <= 0 {
		return p
	}
	weight := float64(a.Window) / float64(a.Memory)
	p.Usual += weight * (math.Min(float64(p.Seen), p.excess(a)) - p.Usual)
	p.Usual *= math.Pow(1-weight, float64(passed-1))
	p.Seen, p.Window = 0, now.Truncate(a.Window)
	return p
}

// another counts one more wrong secret. It tells whether that raises the alarm.
func (p pulse) another(a law.Alarm, now time.Time) (pulse, bool) {
	p = p.roll(a, now)
	p.Seen++
	if float64(p.Seen) <= p.excess(a) {
		return p, false
	}
	raised := !now.Before(p.Until)
	p.Until = now.Add(a.Calm)
	return p, raised
}

// Alarmed tells whether there are more wrong secrets in all than usual.
func (g *Gate) Alarmed(ctx context.Context) (bool, error) {
	p, _, err := g.pulse(ctx)
	return g.config.Now().Before(p.Until), err
}

func (g *Gate) pulseKey() string { return "throttle:" + g.config.Purpose + ":pulse" }

func (g *Gate) pulse(ctx context.Context) (p pulse, raw []byte, err error) {
	raw, found, err := g.config.Store.Get(ctx, g.pulseKey())
	if err != nil || !found {
		return pulse{}, nil, err
	}
	return p, raw, json.Unmarshal(raw, &p)
}

// noteWrong counts a wrong secret in all, and tells the operator if it raises the
// alarm: once, whichever process saw it.
func (g *Gate) noteWrong(ctx context.Context, address string) error {
	now := g.config.Now()
	r := g.config.Rules(now)
	if !r.watches(address) || r.Alarm.Window == 0 {
		return nil
	}
	for range noteTries {
		p, raw, err := g.pulse(ctx)
		if err != nil {
			return err
		}
		next, raised := p.another(r.Alarm, now)
		value, err := json.Marshal(next)
		if err != nil {
			return err
		}
		done, err := g.config.Store.CompareAndSwap(ctx, g.pulseKey(), raw, value, r.Alarm.Memory)
		if err != nil {
			return err
		}
		if done && raised && g.config.Raised != nil {
			return g.config.Raised(ctx, Excess{g.config.Purpose, next.Seen, int(math.Round(next.Usual))})
		}
		if done {
			return nil
		}
	}
	return nil
}
