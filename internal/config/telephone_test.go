package config_test

import (
	"strings"
	"testing"

	"kapu/internal/config"
)

const line = good + `
telephone:
  trunks:
  - {name: provider, networks: [203.0.113.0/24, "2001:db8::5"]}
`

func TestATelephoneNeedsLittle(t *testing.T) {
	c, err := config.Parse([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	first, last, err := c.Telephone.PortRange()
	if c.Telephone.Listen != "0.0.0.0:5060" || c.Telephone.MaxCalls != 200 || first != 16384 || last != 17183 || err != nil {
		t.Errorf("%+v, %v", c.Telephone, err)
	}
	networks, err := config.Networks(c.Telephone.Trunks[0].Networks)
	if err != nil || len(networks) != 2 || networks[1].Bits() != 128 {
		t.Errorf("%v, %v", networks, err)
	}
	if c, err := config.Parse([]byte(good)); err != nil || c.Telephone != nil {
		t.Errorf("a telephone that nobody asked for: %v", err)
	}
}

func TestAFaultOfTheTelephoneSaysWhatToWrite(t *testing.T) {
	for old, c := range map[string]struct{ new, want string }{
		"203.0.113.0/24":                 {"the provider", "telephone.trunks[0]"},
		"name: provider":                 {`name: ""`, "needs a name"},
		"telephone:\n":                   {"telephone:\n  max_calls: 500\n", "telephone.rtp_ports"},
		"telephone:\n  ":                 {"telephone:\n  rtp_ports: 500-2000\n  ", "telephone.rtp_ports"},
		"trunks:\n  - {name: provider, ": {"trunks:\n  - {encrypted: true, name: provider, ", "telephone.tls"},
		"  trunks:\n":                    {"  public_address: kapu.example\n  trunks:\n", "telephone.public_address"},
		"  trunks:":                      {"  tls: {certificate: a}\n  trunks:", "both certificate and key"},
		":\n  - {name: provider, networks: [203.0.113.0/24, \"2001:db8::5\"]}": {": []", "telephone.trunks"},
	} {
		if _, err := config.Parse([]byte(strings.Replace(line, old, c.new, 1))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
}
