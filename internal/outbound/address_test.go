package outbound_test

import (
	"errors"
	"net/netip"
	"net/url"
	"testing"

	"kapu/internal/outbound"
)

func TestWhatMayBeCalled(t *testing.T) {
	const never, private, always = 0, 1, 2
	for address, want := range map[string]int{
		"https://service.example/jwks":        always,
		"https://service.example:8443/a?b=c":  always,
		"https://93.184.216.34/":              always,
		"https://[2606:2800:220:1:248::1]/":   always,
		"https://service.example./":           always,
		"https://service4.example2/":          always,
		"https://127.0.0.1/":                  private,
		"https://127.8.9.10/":                 private,
		"https://[::1]/":                      private,
		"https://[::ffff:127.0.0.1]/":         private,
		"https://[::ffff:10.0.0.1]/":          private,
		"https://10.1.2.3/":                   private,
		"https://172.31.255.255/":             private,
		"https://192.168.1.1/":                private,
		"https://100.64.0.1/":                 private,
		"https://[fd12::1]/":                  private,
		"http://localhost:3000/":              private,
		"http://127.0.0.1:3000/":              private,
		"http://[::1]:3000/":                  private,
		"http://10.0.0.1/":                    never,
		"http://service.example/":             never,
		"http://localhost.service.example/":   never,
		"https://169.254.169.254/latest/meta": never,
		"https://[fe80::1]/":                  never,
		"https://[fe80::1%25eth0]/":           never,
		"https://[::ffff:169.254.169.254]/":   never,
		"https://0.0.0.0/":                    never,
		"https://0.1.2.3/":                    never,
		"https://[::]/":                       never,
		"https://[::7f00:1]/":                 never, // IPv4-compatible
		"https://[64:ff9b::7f00:1]/":          never, // NAT64
		"https://[2002:7f00:1::]/":            never, // 6to4
		"https://[2001:0:7f00:1::]/":          never, // Teredo
		"https://224.0.0.1/":                  never,
		"https://255.255.255.255/":            never,
		"https://192.0.2.1/":                  never,
		"https://198.18.0.1/":                 never,
		"https://[ff02::1]/":                  never,
		"https://[2001:db8::1]/":              never,
		"https://2130706433/":                 never, // 127.0.0.1 as one number
		"https://0x7f000001/":                 never,
		"https://0x7f.0.0.1/":                 never,
		"https://0177.0.0.1/":                 never,
		"https://127.1/":                      never,
		"https://127.0.0.1./":                 never,
		"https://service.0x7F/":               never,
		"https://user@service.example/":       never,
		"https://service.example@127.0.0.1/":  never,
		"https://service.example/#x":          never,
		"https://service.example/#":           never,
		"https:service.example":               never,
		"https:///path":                       never,
		"//service.example/":                  never,
		"file:///etc/passwd":                  never,
		"gopher://service.example/":           never,
		"ftp://service.example/":              never,
		"jar:https://service.example/":        never,
		"":                                    never,
		"https://%31%32%37.0.0.1/":            never, // percent-encoded digits
		"https://１２７.0.0.1/":                  never, // full-width digits
		"https://ser\x00vice.example/":        never,
	} {
		for allowed, least := range map[bool]int{false: always, true: private} {
			err := outbound.Check(address, allowed)
			if (err == nil) != (want >= least) || err != nil && !errors.Is(err, outbound.ErrAddress) {
				t.Errorf("Check(%q, private %t) = %v", address, allowed, err)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"https://a.example/", "https://[::ffff:7f00:1]/", "https://127.1", "https://0x7f.1", "https://[fe80::1%25a]", "http://localhost", "https://a@b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		err := outbound.Check(address, false)
		if err != nil {
			return
		}
		if outbound.Check(address, true) != nil {
			t.Errorf("%q is taken, but not where more is", address)
		}
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" {
			t.Fatalf("%q is taken", address)
		}
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
			public(t, ip)
		}
	})
}

// FuzzDial has the guard look at every address there is.
func FuzzDial(f *testing.F) {
	for _, seed := range []string{"127.0.0.1", "::ffff:10.0.0.1", "2606:2800:220:1::1", "fe80::1", "64:ff9b::a00:1", "100.100.0.1"} {
		f.Add(netip.MustParseAddr(seed).AsSlice())
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ip, ok := netip.AddrFromSlice(raw)
		if ok && outbound.MayDial(netip.AddrPortFrom(ip, 443).String()) == nil {
			public(t, ip)
		}
	})
}

// public says by other means than the guard's that an address is one.
func public(t *testing.T, ip netip.Addr) {
	t.Helper()
	ip = ip.Unmap()
	if ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || ip.Zone() != "" ||
		ip.Is6() && ip.As16()[0]>>5 != 1 || ip.Is4() && (ip.As4()[0] == 0 || ip.As4()[0] >= 224 || ip.As4()[0] == 100 && ip.As4()[1]>>6 == 1) {
		t.Errorf("%v may be called", ip)
	}
}
