package app

import (
	"context"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kapu/internal/store"
)

// ServeMetrics serves metrics and profiles at an address of their own, which
// must not be reachable from outside, until ctx ends.
func (a *App) ServeMetrics(ctx context.Context, address string) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		a.Log.Error("no metrics", "cause", err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.registry(), promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	if err := Serve(ctx, NewServer(mux, nil, a.Log), l); err != nil {
		a.Log.Error("metrics ended", "cause", err)
	}
}

// newMessages counts what became of messages, by medium: text messages cost money.
func newMessages() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kapu_messages_total", Help: "Messages sent, and tries that failed, by kind of fault."}, []string{"medium", "outcome"})
}

// registry holds what an operator watches. No label names a person.
func (a *App) registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "kapu_password_hashes_total", Help: "Passwords hashed.",
	}, func() float64 { return float64(a.Passwords.Calls()) }))
	r.MustRegister(jobMetrics{a}, attackMetrics{a}, a.messages)
	for outcome, n := range map[string]*atomic.Int64{"told": &a.oidc.Logouts.Told, "failed": &a.oidc.Logouts.Failed, "given-up": &a.oidc.Logouts.GivenUp} {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "kapu_logouts_total", Help: "What came of telling services that a session has ended.", ConstLabels: prometheus.Labels{"outcome": outcome},
		}, func() float64 { return float64(n.Load()) }))
	}
	for _, g := range []struct {
		name, help string
		of         func(*store.Tx) (int64, error)
	}{
		{"kapu_accounts", "Accounts.", func(tx *store.Tx) (int64, error) { n, _, err := tx.CountAccounts(); return n, err }},
		{"kapu_messages_waiting", "Messages that wait in the outbox.", func(tx *store.Tx) (int64, error) { n, _, err := tx.CountMessages(); return n, err }},
		{"kapu_messages_failed", "Messages that were given up.", func(tx *store.Tx) (int64, error) { _, n, err := tx.CountMessages(); return n, err }},
		{"kapu_logouts_waiting", "Ends of sessions of which services are still to be told.", (*store.Tx).CountLogouts},
		{"kapu_ledger_entries", "Entries of the ledger that have their place.", (*store.Tx).LedgerSize},
		{"kapu_ledger_cosigned_entries", "Entries beneath the newest head that an outside witness has signed.", a.Ledger.CosignedSize},
	} {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: g.name, Help: g.help}, a.gauge(g.of)))
	}
	return r
}

// gauge reads a number from the database; -1 says that it could not be read.
func (a *App) gauge(of func(*store.Tx) (int64, error)) func() float64 {
	return func() float64 {
		n := int64(-1)
		if err := a.DB.View(context.Background(), func(tx *store.Tx) (err error) {
			n, err = of(tx)
			return err
		}); err != nil {
			return -1
		}
		return float64(n)
	}
}
