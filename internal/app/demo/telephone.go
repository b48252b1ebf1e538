package demo

import (
	"errors"
	"net"
	"net/netip"

	"kapu/internal/phone"
	"kapu/internal/store"
	"kapu/internal/telephone"
)

// Ports of sound: for a few calls, not for a country.
const (
	callsAtOnce  = 8
	firstRTPPort = 17400
	lastRTPPort  = 17599
)

// line is the demo's telephone line: this machine may call, nobody else.
func line(listen string) (*telephone.Config, error) {
	here, err := ours()
	return &telephone.Config{
		Listen: listen, FirstPort: firstRTPPort, LastPort: lastRTPPort, Calls: callsAtOnce,
		Trunks: []telephone.Trunk{{Name: "demo", Networks: here}},
	}, err
}

// ours are the addresses of this machine: softphones like to call by the one that
// others know it by, though they call from the machine to itself.
func ours() (here []netip.Prefix, err error) {
	addresses, err := net.InterfaceAddrs()
	for _, a := range addresses {
		if network, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(network.IP); ok {
				here = append(here, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
			}
		}
	}
	return append(here, netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")), err
}

// issuePhone gives somebody a telephone identifier, as a desk would.
func (s *seeder) issuePhone(tx *store.Tx, person string, login *Login) error {
	issued, err := s.app.Phones().Issue(tx, phone.Order{Person: person, Contact: store.PhoneContact{Email: login.Email, Lang: "hu"}, Office: office.ID})
	login.Phone = issued.Identifier
	return err
}

// findPhone describes the telephone identifier of somebody who has one.
func findPhone(tx *store.Tx, person string, login *Login) error {
	p, err := tx.PhoneOf(person)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	login.Phone = p.Identifier
	return err
}
