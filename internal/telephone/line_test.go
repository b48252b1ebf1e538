package telephone_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"kapu/internal/simulator/caller"
	"kapu/internal/telephone"
	"kapu/internal/telephone/g711"
)

// diary is a conversation that says a prompt, repeats keys to its reader, and
// notes what it is told.
type diary struct {
	mu     sync.Mutex
	notes  []string
	prompt []byte
	told   chan string
}

func newDiary() *diary { return &diary{prompt: tone(400), told: make(chan string, 100)} }

func (d *diary) note(s string) {
	d.mu.Lock()
	d.notes = append(d.notes, s)
	d.mu.Unlock()
	d.told <- s
}

func (d *diary) Start() []telephone.Action {
	d.note("start")
	return []telephone.Action{telephone.Say{Parts: [][]byte{d.prompt}}, telephone.Collect{Timeout: 20 * time.Second}}
}

func (d *diary) Digit(k rune) []telephone.Action {
	d.note(string(k))
	if k == '#' {
		return []telephone.Action{telephone.End{}}
	}
	return nil
}

func (d *diary) Silence() []telephone.Action { d.note("silence"); return nil }
func (d *diary) HangUp()                     { d.note("gone") }

// await waits for notes, in order, and fails if another comes.
func (d *diary) await(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-d.told:
			if got != w {
				t.Fatalf("told %q, want %q of %v", got, w, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%q was never told; so far %v", w, d.notes)
		}
	}
}

// tone is a sound that is no key's, so many frames long.
func tone(frames int) []byte {
	sound := make([]byte, frames*160)
	for i := range sound {
		sound[i] = byte(i*7+i/160) | 1
	}
	return sound
}

var loopback = telephone.Trunk{Name: "loopback", Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Callers: true}

// open runs a line on loopback until the test ends.
func open(t *testing.T, change func(*telephone.Config), talks ...telephone.Conversation) *telephone.Line {
	t.Helper()
	var mu sync.Mutex
	c := telephone.Config{
		Listen: "127.0.0.1:0", Trunks: []telephone.Trunk{loopback}, FirstPort: 20000, LastPort: 20998, Calls: 10,
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Open: func(telephone.Call) telephone.Conversation {
			mu.Lock()
			defer mu.Unlock()
			if len(talks) == 0 {
				return newDiary()
			}
			next := talks[0]
			talks = talks[1:]
			return next
		},
	}
	if change != nil {
		change(&c)
	}
	l, err := telephone.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { l.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return l
}

func dial(t *testing.T, l *telephone.Line, c caller.Config) *caller.Call {
	t.Helper()
	x, err := try(l, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.HangUp() })
	return x
}

func try(l *telephone.Line, c caller.Config) (*caller.Call, error) {
	c.Line, c.Now = l.Address(), time.Now
	switch c.Network {
	case "":
		c.Network = "udp"
	case "tls":
		c.Line = l.SecureAddress()
	}
	if c.Dial == "" {
		c.Dial = "1818"
	}
	return caller.Dial(c)
}

func secured(c *telephone.Config) *tls.Config {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c.TLSListen, c.TLS = "127.0.0.1:0", &tls.Config{Certificates: s.TLS.Certificates}
	return &tls.Config{RootCAs: roots, ServerName: "example.com"}
}

// hears waits until the caller has heard a sound in full.
func hears(t *testing.T, x *caller.Call, sound []byte) {
	t.Helper()
	deadline := time.After(12 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !bytes.Contains(x.Heard(), sound) {
		select {
		case <-deadline:
			t.Fatalf("of %d bytes %d were heard, and not these", len(sound), len(x.Heard()))
		case <-tick.C:
		}
	}
}

func TestACallOnEveryNetwork(t *testing.T) {
	for _, c := range []struct {
		name string
		call caller.Config
	}{
		{"UDP, A-law, keys as 101", caller.Config{Events: 101}},
		{"UDP, µ-law, keys as 96", caller.Config{MuLaw: true, Events: 96}},
		{"UDP, keys as tones", caller.Config{}},
		{"TCP, µ-law, keys as tones", caller.Config{Network: "tcp", MuLaw: true}},
		{"TLS", caller.Config{Network: "tls", Events: 101}},
		{"TLS and SRTP", caller.Config{Network: "tls", Sealed: true, Events: 110}},
		{"TLS and SRTP, keys as tones", caller.Config{Network: "tls", Sealed: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDiary()
			d.prompt = tone(20)
			l := open(t, func(o *telephone.Config) { c.call.TLS = secured(o) }, d)
			x := dial(t, l, c.call)
			want := slices.Clone(d.prompt)
			if c.call.MuLaw {
				g711.ToMuLaw(want)
			}
			hears(t, x, want)
			x.Press("1*0#")
			d.await(t, "start", "1", "*", "0", "#", "gone")
			<-x.Ended()
		})
	}
}

func TestAKeyInterruptsAPrompt(t *testing.T) {
	d := newDiary()
	x := dial(t, open(t, nil, d), caller.Config{Events: 101})
	hears(t, x, d.prompt[:1600])
	x.Press("5")
	d.await(t, "start", "5")
	if n := len(x.Heard()); n > len(d.prompt)/2 {
		t.Errorf("the prompt went on: %d bytes", n)
	}
}

func TestTheCallerHangsUp(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		d := newDiary()
		l := open(t, nil, d)
		x := dial(t, l, caller.Config{Network: network, Events: 101})
		d.await(t, "start")
		if err := x.HangUp(); err != nil {
			t.Fatal(err)
		}
		d.await(t, "gone")
		if l.Counts.Answered.Load() != 1 {
			t.Errorf("%d answered", l.Counts.Answered.Load())
		}
	}
}

func TestTheLineCloses(t *testing.T) {
	d := newDiary()
	var x *caller.Call
	t.Run("while somebody calls", func(t *testing.T) {
		var err error
		if x, err = try(open(t, nil, d), caller.Config{Events: 101}); err != nil {
			t.Fatal(err)
		}
		d.await(t, "start")
	})
	d.await(t, "gone")
	<-x.Ended() // by the line's BYE
	_ = x.HangUp()
}

func TestWhoMayCall(t *testing.T) {
	var refused *caller.ErrRefused
	elsewhere := loopback
	elsewhere.Media = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	secret := loopback
	secret.Secure = true
	for name, c := range map[string]struct {
		trunk  telephone.Trunk
		call   caller.Config
		status int
	}{
		"sound to where the trunk is not":    {elsewhere, caller.Config{}, 488},
		"in the clear where it is forbidden": {secret, caller.Config{}, 488},
		"keys told in the clear":             {loopback, caller.Config{Sealed: true}, 488},
		"no room":                            {telephone.Trunk{Networks: loopback.Networks, Calls: 1}, caller.Config{}, 0},
	} {
		l := open(t, func(o *telephone.Config) { o.Trunks = []telephone.Trunk{c.trunk} })
		if c.status == 0 {
			dial(t, l, c.call)
			c.status = 486
		}
		if _, err := try(l, c.call); !errors.As(err, &refused) || refused.Status != c.status {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := open(t, func(o *telephone.Config) {
		o.Trunks = []telephone.Trunk{{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}
	})
	for _, network := range []string{"udp", "tcp"} {
		if _, err := try(l, caller.Config{Network: network, Patience: 300 * time.Millisecond}); err == nil || errors.As(err, &refused) {
			t.Errorf("a stranger was answered by %s: %v", network, err)
		}
	}
	if n := l.Counts.Refused()["stranger"]; n != 2 {
		t.Errorf("%d strangers counted", n)
	}
}

func TestWhatIsToldOfACaller(t *testing.T) {
	var told []telephone.Call
	var mu sync.Mutex
	l := open(t, func(o *telephone.Config) {
		o.Open = func(c telephone.Call) telephone.Conversation {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, c)
			return newDiary()
		}
	})
	for _, number := range []string{"+36301234567", "+36301234567", "+36207654321"} {
		x := dial(t, l, caller.Config{Dial: "1818", Headers: "P-Asserted-Identity: <sip:" + number + "@provider.example;user=phone>\r\n"})
		_ = x.HangUp()
	}
	dial(t, l, caller.Config{})
	mu.Lock()
	defer mu.Unlock()
	if told[0].Dialled != "1818" || told[0].Caller == "" || told[0].Caller != told[1].Caller || told[0].Caller == told[2].Caller || told[3].Caller != "" {
		t.Errorf("%+v", told)
	}
	for _, c := range told {
		if bytes.Contains([]byte(c.Caller), []byte("1234567")) {
			t.Errorf("a number was told: %+v", c)
		}
	}
}
