package config

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Telephone is the line on which citizens call; without it nothing listens.
type Telephone struct {
	Listen   string        `yaml:"listen"` // host:port of SIP by UDP and TCP; default 0.0.0.0:5060
	TLS      *TelephoneTLS `yaml:"tls"`
	Trunks   []Trunk       `yaml:"trunks"`
	Ports    string        `yaml:"rtp_ports"`      // first-last; default 16384-17183
	Public   string        `yaml:"public_address"` // what callers know us by, behind NAT; "" for the address that packets leave from
	MaxCalls int           `yaml:"max_calls"`      // at once; default 200
}

// TelephoneTLS is where SIP by TLS is listened to.
type TelephoneTLS struct {
	Listen      string `yaml:"listen"` // host:port; default 0.0.0.0:5061
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
}

// Trunk is a provider's line, or a private exchange: nobody else is answered.
type Trunk struct {
	Name      string   `yaml:"name"`
	Networks  []string `yaml:"networks"`  // CIDR or addresses that SIP comes from
	Media     []string `yaml:"media"`     // where sound may go; default networks
	Calls     int      `yaml:"calls"`     // at once; 0 for max_calls
	Callers   bool     `yaml:"callers"`   // the trunk vouches for the numbers in P-Asserted-Identity
	Encrypted bool     `yaml:"encrypted"` // TLS and SRTP, or nothing
}

// Defaults of the telephone.
const (
	sipAddress  = "0.0.0.0:5060"
	sipsAddress = "0.0.0.0:5061"
	rtpPorts    = "16384-17183"
	usualCalls  = 200
)

// complete fills in what the file leaves out.
func (t *Telephone) complete() {
	if t == nil {
		return
	}
	for _, d := range []struct {
		into  *string
		usual string
	}{{&t.Listen, sipAddress}, {&t.Ports, rtpPorts}} {
		if *d.into == "" {
			*d.into = d.usual
		}
	}
	if t.TLS != nil && t.TLS.Listen == "" {
		t.TLS.Listen = sipsAddress
	}
	if t.MaxCalls == 0 {
		t.MaxCalls = usualCalls
	}
}

func (t *Telephone) check() (faults []error) {
	if t == nil {
		return nil
	}
	if len(t.Trunks) == 0 {
		faults = append(faults, errors.New("telephone.trunks: name the networks that may call; nobody else is answered"))
	}
	for i, k := range t.Trunks {
		_, err1 := Networks(k.Networks)
		_, err2 := Networks(k.Media)
		if err := errors.Join(err1, err2); err != nil || len(k.Networks) == 0 || k.Name == "" || k.Calls < 0 {
			faults = append(faults, fmt.Errorf("telephone.trunks[%d]: needs a name, and networks like 203.0.113.0/24 %w", i, errors.Join(err)))
		}
		if k.Encrypted && t.TLS == nil {
			faults = append(faults, fmt.Errorf("telephone.trunks[%d].encrypted: needs telephone.tls", i))
		}
	}
	if _, err := netip.ParseAddr(t.Public); t.Public != "" && err != nil {
		faults = append(faults, errors.New("telephone.public_address: write an IP address"))
	}
	if first, last, err := t.PortRange(); err != nil || int(last)-int(first) < 2*t.MaxCalls-1 {
		faults = append(faults, errors.New("telephone.rtp_ports: write first-last, above 1023, with two ports for each of max_calls"))
	}
	if t.TLS != nil && (t.TLS.Certificate == "" || t.TLS.Key == "") {
		faults = append(faults, errors.New("telephone.tls: needs both certificate and key"))
	}
	return faults
}

// PortRange is the first and the last port of RTP.
func (t *Telephone) PortRange() (first, last uint16, err error) {
	a, b, _ := strings.Cut(t.Ports, "-")
	from, err1 := strconv.ParseUint(a, 10, 16)
	to, err2 := strconv.ParseUint(b, 10, 16)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, err
	}
	if from < 1024 || to < from {
		return 0, 0, errors.New("config: not a range of ports")
	}
	return uint16(from), uint16(to), nil
}

// Networks reads addresses and CIDR networks.
func Networks(texts []string) (networks []netip.Prefix, err error) {
	for _, t := range texts {
		if a, err := netip.ParseAddr(t); err == nil {
			networks = append(networks, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(t)
		if err != nil {
			return nil, err
		}
		networks = append(networks, p.Masked())
	}
	return networks, nil
}
