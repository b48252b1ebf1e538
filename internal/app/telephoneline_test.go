package app

import (
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kapu/internal/config"
	"kapu/internal/telephone"
)

func TestTheLineOfAConfiguration(t *testing.T) {
	c := &config.Telephone{Listen: "127.0.0.1:0", Ports: "20000-20100", Public: "198.51.100.7", MaxCalls: 9, Trunks: []config.Trunk{
		{Name: "provider", Networks: []string{"203.0.113.0/28"}, Media: []string{"203.0.113.64/26", "2001:db8::1"}, Calls: 5, Callers: true, Encrypted: true},
	}}
	got, err := TelephoneLine(c)
	if err != nil {
		t.Fatal(err)
	}
	trunk := got.Trunks[0]
	if got.FirstPort != 20000 || got.LastPort != 20100 || got.Public != netip.MustParseAddr("198.51.100.7") || got.Calls != 9 ||
		trunk.Name != "provider" || len(trunk.Networks) != 1 || len(trunk.Media) != 2 || trunk.Calls != 5 || !trunk.Callers || !trunk.Secure {
		t.Errorf("%+v", got)
	}
	c.TLS = &config.TelephoneTLS{Certificate: "/nowhere"}
	if _, err := TelephoneLine(c); err == nil {
		t.Error("a certificate that is not there was taken")
	}
	if none, err := TelephoneLine(nil); none != nil || err != nil {
		t.Errorf("%v, %v", none, err)
	}
}

func TestWhatALineCountsIsShown(t *testing.T) {
	l, err := telephone.Open(telephone.Config{Listen: "127.0.0.1:0", Calls: 1, FirstPort: 20000, LastPort: 20010, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Open: func(telephone.Call) telephone.Conversation { return nil }, Trunks: []telephone.Trunk{{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := prometheus.NewRegistry()
	r.MustRegister(lineMetrics{&l.Counts})
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, f := range families {
		seen[f.GetName()] = len(f.GetMetric())
	}
	for name, n := range map[string]int{"kapu_calls": 1, "kapu_calls_refused_total": 7, "kapu_call_keys_total": 2, "kapu_call_lateness_seconds": 1} {
		if seen[name] != n {
			t.Errorf("%s: %d series, want %d", name, seen[name], n)
		}
	}
}
