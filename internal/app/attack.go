package app

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/throttle"
)

// watched are the secrets that are stuffed: attacks on many accounts at once are
// looked for. In other rooms every request counts, right or wrong.
var watched = []string{"password", "totp", "mailcode", "passkey", "activation"}

// attacked tells the operator that there are more wrong secrets than usual: in the
// log, in the ledger, and by a metric as long as it lasts.
func (a *App) attacked(ctx context.Context, e throttle.Excess) error {
	a.Log.Warn("more wrong secrets than usual: strangers' devices wait longer", "secret", e.Purpose, "seen", e.Seen, "usual", e.Usual)
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		_, err := a.Ledger.Append(tx, "", ledger.AttackSuspected{Secret: e.Purpose, Seen: e.Seen, Usual: e.Usual})
		return err
	})
}

// attackMetrics tell how attempts fare, by the kind of secret.
type attackMetrics struct{ app *App }

var (
	attackAlarm    = prometheus.NewDesc("kapu_attack_alarm", "1 while there are more wrong secrets than usual.", []string{"secret"}, nil)
	attackAttempts = prometheus.NewDesc("kapu_attempts_total", "Attempts at secrets: begun, delayed, and of these because of their network.", []string{"secret", "outcome"}, nil)
)

// Describe implements prometheus.Collector.
func (attackMetrics) Describe(out chan<- *prometheus.Desc) {
	out <- attackAlarm
	out <- attackAttempts
}

// Collect implements prometheus.Collector.
func (m attackMetrics) Collect(out chan<- prometheus.Metric) {
	for secret, gate := range m.app.attempts {
		for outcome, n := range map[string]int64{"begun": gate.Counts.Begun.Load(), "delayed": gate.Counts.Delayed.Load(), "network": gate.Counts.Networks.Load()} {
			out <- prometheus.MustNewConstMetric(attackAttempts, prometheus.CounterValue, float64(n), secret, outcome)
		}
		alarmed, err := gate.Alarmed(context.Background())
		if err != nil {
			continue // an alarm on absence notices
		}
		value := 0.0
		if alarmed {
			value = 1
		}
		out <- prometheus.MustNewConstMetric(attackAlarm, prometheus.GaugeValue, value, secret)
	}
}
