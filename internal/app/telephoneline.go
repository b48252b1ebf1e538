package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"

	"github.com/prometheus/client_golang/prometheus"

	"kapu/internal/config"
	"kapu/internal/telephone"
)

// TelephoneLine is the line of the configuration, without what answers on it;
// nil for none.
func TelephoneLine(c *config.Telephone) (*telephone.Config, error) {
	if c == nil {
		return nil, nil
	}
	line := &telephone.Config{Listen: c.Listen, Calls: c.MaxCalls}
	var err error
	if line.FirstPort, line.LastPort, err = c.PortRange(); err != nil {
		return nil, fmt.Errorf("telephone.rtp_ports: %w", err)
	}
	if c.Public != "" {
		if line.Public, err = netip.ParseAddr(c.Public); err != nil {
			return nil, fmt.Errorf("telephone.public_address: %w", err)
		}
	}
	if c.TLS != nil {
		pair, err := tls.LoadX509KeyPair(c.TLS.Certificate, c.TLS.Key)
		if err != nil {
			return nil, fmt.Errorf("telephone.tls: %w", err)
		}
		line.TLSListen, line.TLS = c.TLS.Listen, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	for _, t := range c.Trunks {
		networks, err1 := config.Networks(t.Networks)
		media, err2 := config.Networks(t.Media)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("telephone.trunks: %w", err)
		}
		line.Trunks = append(line.Trunks, telephone.Trunk{Name: t.Name, Networks: networks, Media: media, Calls: t.Calls, Callers: t.Callers, Secure: t.Encrypted})
	}
	return line, nil
}

// openLine takes the line's addresses; talk answers each call. Run runs it.
func (a *App) openLine(talk func(telephone.Call) telephone.Conversation) (err error) {
	if a.Telephone == nil {
		return nil
	}
	c := *a.Telephone
	c.Open, c.Now, c.Log = talk, a.Now, a.Log
	c.Digest = func(number string) string { return a.Ring.Digest("caller", number) }
	a.line, err = telephone.Open(c)
	return err
}

// Line is the telephone line, nil for none.
func (a *App) Line() *telephone.Line { return a.line }

// lineMetrics shows what a line counts. No label names a caller.
type lineMetrics struct{ counts *telephone.Counts }

var (
	callsNow      = prometheus.NewDesc("kapu_calls", "Calls at this moment.", nil, nil)
	callsAnswered = prometheus.NewDesc("kapu_calls_answered_total", "Calls that were answered.", nil, nil)
	callsRefused  = prometheus.NewDesc("kapu_calls_refused_total", "Messages and calls that were not taken.", []string{"reason"}, nil)
	callKeys      = prometheus.NewDesc("kapu_call_keys_total", "Keys that callers pressed.", []string{"kind"}, nil)
	callPanics    = prometheus.NewDesc("kapu_call_panics_total", "Messages and calls that ended in a fault of ours.", nil, nil)
	callSkipped   = prometheus.NewDesc("kapu_call_frames_skipped_total", "Packets of sound that were left out for being far too late.", nil, nil)
	callLateness  = prometheus.NewDesc("kapu_call_lateness_seconds", "How late packets of sound left.", nil, nil)
)

// Describe implements prometheus.Collector.
func (m lineMetrics) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, to) }

// Collect implements prometheus.Collector.
func (m lineMetrics) Collect(to chan<- prometheus.Metric) {
	count := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	to <- prometheus.MustNewConstMetric(callsNow, prometheus.GaugeValue, float64(m.counts.Calls.Load()))
	count(callsAnswered, m.counts.Answered.Load())
	for reason, n := range m.counts.Refused() {
		count(callsRefused, n, reason)
	}
	count(callKeys, m.counts.Events.Load(), "event")
	count(callKeys, m.counts.Tones.Load(), "tone")
	count(callPanics, m.counts.Panics.Load())
	count(callSkipped, m.counts.Skipped.Load())
	within, n, sum := m.counts.Lateness()
	to <- prometheus.MustNewConstHistogram(callLateness, n, sum.Seconds(), within)
}
