package telephone

import (
	"bufio"
	"net/netip"
	"strings"
	"testing"
	"time"

	"kapu/internal/telephone/message"
	"kapu/internal/telephone/offer"
)

var (
	provider = netip.MustParseAddr("203.0.113.5")
	prefixes = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/28"), netip.MustParsePrefix("2001:db8::/64")}
)

func TestWhoseAnAddressIs(t *testing.T) {
	g := newGate([]Trunk{{Name: "a", Networks: prefixes}, {Name: "b", Networks: []netip.Prefix{netip.MustParsePrefix("198.51.100.7/32")}}}, 10, time.Now)
	for address, want := range map[string]string{"203.0.113.5": "a", "::ffff:203.0.113.5": "a", "2001:db8::9": "a", "198.51.100.7": "b", "203.0.113.99": "", "127.0.0.1": ""} {
		got := ""
		if k := g.trunk(netip.MustParseAddr(address)); k != nil {
			got = k.Name
		}
		if got != want {
			t.Errorf("%s is %q's, want %q's", address, got, want)
		}
	}
}

func TestWhereSoundMayGo(t *testing.T) {
	elsewhere := Trunk{Networks: prefixes, Media: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}}
	for to, want := range map[string][2]bool{
		"203.0.113.5:4000": {true, false}, "198.51.100.9:4000": {false, true}, "203.0.113.5:53": {false, false}, "192.0.2.1:4000": {false, false}, "127.0.0.1:4000": {false, false},
	} {
		a := netip.MustParseAddrPort(to)
		if got := [2]bool{(&Trunk{Networks: prefixes}).reaches(a), elsewhere.reaches(a)}; got != want {
			t.Errorf("%s: %v, want %v", to, got, want)
		}
	}
}

func TestHowFastOneAddressMayCall(t *testing.T) {
	now := time.Unix(1e9, 0)
	g := newGate(nil, 10, func() time.Time { return now })
	taken := 0
	for range 1000 {
		if g.invite(provider) {
			taken++
		}
	}
	if taken != invitesBurst {
		t.Errorf("%d at once", taken)
	}
	if !g.invite(netip.MustParseAddr("203.0.113.6")) {
		t.Error("one address was held up by another")
	}
	now = now.Add(time.Second)
	for taken = 0; g.invite(provider); taken++ {
	}
	if taken != invitesASecond {
		t.Errorf("%d a second later", taken)
	}
	for i := range 3 * mostSources {
		g.message(netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)}))
	}
	if len(g.sources) > mostSources {
		t.Errorf("%d addresses are remembered", len(g.sources))
	}
}

func TestHowManyCallsThereMayBe(t *testing.T) {
	g := newGate([]Trunk{{Calls: 8}, {}}, 10, time.Now)
	small, large := &g.trunks[0], &g.trunks[1]
	for range callsOfCaller {
		if !g.hold(small, "one") {
			t.Fatal("refused too early")
		}
	}
	if g.hold(small, "one") {
		t.Error("one number has as many calls as it likes")
	}
	for range 3 {
		if !g.hold(small, "") {
			t.Fatal("refused too early")
		}
	}
	if g.hold(small, "") {
		t.Error("a trunk has as many calls as it likes")
	}
	for place, want := range []bool{true, true, false} {
		if g.hold(large, "") != want {
			t.Errorf("the line's own limit is not held: place %d", 8+place)
		}
	}
	g.free(small, "one")
	if !g.hold(small, "one") {
		t.Error("a place that was given back is lost")
	}
}

func TestMessagesOfAStream(t *testing.T) {
	const m = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\n\r\nabc"
	r := bufio.NewReader(strings.NewReader("\r\n" + m + m))
	for _, want := range []string{"", m, m} {
		if got, err := next(r); err != nil || string(got) != want {
			t.Errorf("%q, %v", got, err)
		}
	}
	for name, text := range map[string]string{
		"no length":       "OPTIONS sip:a SIP/2.0\r\n\r\n",
		"a negative one":  "OPTIONS sip:a SIP/2.0\r\nl: -3\r\n\r\n",
		"far too long":    "OPTIONS sip:a SIP/2.0\r\nl: 999999\r\n\r\n",
		"an endless line": strings.Repeat("x", 3*message.Largest),
		"an endless head": strings.Repeat("X: y\r\n", message.Largest),
		"cut off":         m[:len(m)-1],
	} {
		if got, err := next(bufio.NewReader(strings.NewReader(text))); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(strings.NewReader(string(data)))
		for {
			m, err := next(r)
			if err != nil {
				return
			}
			if len(m) > message.Largest {
				t.Errorf("%d bytes are a message", len(m))
			}
		}
	})
}

func FuzzSound(f *testing.F) {
	f.Add([]byte{0x80, 101, 0, 1, 0, 0, 0, 5, 0, 0, 0, 9, 6, 0x8a, 1, 0x40}, false)
	f.Add([]byte{0x9f, 8, 0, 1, 0, 0, 0, 5, 0, 0, 0, 9, 6, 0x8a, 1, 0x40}, true)
	f.Fuzz(func(t *testing.T, data []byte, tones bool) {
		s := &sound{terms: &offer.Offer{Law: 8, Sound: 8, Events: 101}}
		if tones {
			s.terms.Events = -1
		}
		s.take(data, func(k rune) {
			if !strings.ContainsRune("0123456789*#", k) {
				t.Errorf("%q is no key", k)
			}
		})
	})
}
