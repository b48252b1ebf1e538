package outbound

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// Check tells what is wrong with an address on its face; nil means that it may
// be tried, not that its host is one that may be called.
func Check(address string, private bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || len(address) > longestAddress:
		return fmt.Errorf("%w: it is not an absolute web address", ErrAddress)
	case u.User != nil:
		return fmt.Errorf("%w: it has a user name in it", ErrAddress)
	case strings.Contains(address, "#"):
		return fmt.Errorf("%w: it has a fragment", ErrAddress)
	case u.Scheme != "https" && (u.Scheme != "http" || !private || !isLoopback(u.Hostname())):
		return fmt.Errorf("%w: it does not begin with https://", ErrAddress)
	}
	return checkHost(u.Hostname(), private)
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// checkHost refuses addresses that are not to be called, and numbers in
// disguise: some resolvers take 2130706433, 0x7f.1 and 0177.0.0.1 for 127.0.0.1.
func checkHost(host string, private bool) error {
	if ip, err := netip.ParseAddr(host); err == nil {
		may := guard(publicOnly)
		if private {
			may = oursToo
		}
		return may.check(ip)
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") && strings.Trim(last[2:], "0123456789abcdef") == "" {
		return fmt.Errorf("%w: its host is a number", ErrAddress)
	}
	return nil
}

// guard tells whether an address may be dialled.
type guard func(netip.Addr) bool

// control is asked by the dialer when the name is resolved and the connection
// not yet made, for each address that it tries (net.Dialer.Control).
func (g guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrAddress
	}
	return g.check(to.Addr())
}

// check unwraps an IPv4 address that dresses as IPv6 (RFC 4291, 2.5.5.2).
func (g guard) check(ip netip.Addr) error {
	if !g(ip.Unmap().WithZone("")) {
		return fmt.Errorf("%w: it is not a public one", ErrAddress)
	}
	return nil
}

// unreached are the parts of the public ranges that are none: for protocols,
// documentation, benchmarks, and those that carry an IPv4 address within (IANA
// special-purpose address registries; RFC 6890).
var unreached = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// globalUnicast is all of IPv6 that is routed (RFC 4291, 2.4). What is outside
// of it is refused without being named: NAT64, unique local, site local, …
var globalUnicast = netip.MustParsePrefix("2000::/3")

// ours are the networks that a client may be allowed to live in: loopback,
// private (RFC 1918, RFC 4193), and that of a carrier (RFC 6598). Link-local
// addresses are not among them: that is where clouds keep their secrets.
var ours = prefixes("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "100.64.0.0/10")

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, t := range texts {
		list = append(list, netip.MustParsePrefix(t))
	}
	return list
}

func within(list []netip.Prefix, ip netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func publicOnly(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && (ip.Is4() || globalUnicast.Contains(ip)) && !within(unreached, ip)
}

func oursToo(ip netip.Addr) bool { return publicOnly(ip) || within(ours, ip) }

func loopbackOnly(ip netip.Addr) bool { return ip.IsLoopback() }
