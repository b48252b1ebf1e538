package broker_test

import (
	"net/http/httptest"
	"testing"

	"kapu/internal/broker"
)

func TestTheAddressIsTheOneThatOurProxySaw(t *testing.T) {
	for name, c := range map[string]struct {
		proxied bool
		lines   []string
		want    string
	}{
		"no proxy of ours":               {false, []string{"203.0.113.9"}, "192.0.2.1"},
		"a proxy that says nothing":      {true, nil, "192.0.2.1"},
		"one hop":                        {true, []string{"203.0.113.9"}, "203.0.113.9"},
		"a made-up hop, line lengthened": {true, []string{"198.51.100.7, 203.0.113.9"}, "203.0.113.9"},
		"a made-up hop, line added":      {true, []string{"198.51.100.7", "203.0.113.9"}, "203.0.113.9"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		for _, line := range c.lines {
			r.Header.Add("X-Forwarded-For", line)
		}
		b := &broker.Broker{Config: broker.Config{Proxied: c.proxied}}
		if got := b.Address(r); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
