package telephone_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kapu/internal/simulator/caller"
	"kapu/internal/telephone"
)

// throw sends bytes to a line and does not wait for what they do.
func throw(t *testing.T, network string, l *telephone.Line, data []byte) {
	t.Helper()
	conn, err := net.Dial(network, l.Address().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(data); err != nil && network == "udp" {
		t.Fatal(err)
	}
}

// The torture messages of RFC 4475, whole and in halves, do not stop the line:
// the next caller is heard.
func TestTheLineSurvivesTorture(t *testing.T) {
	t.Parallel()
	l := open(t, func(o *telephone.Config) { o.Calls = 100 })
	files, err := filepath.Glob("message/testdata/torture/*.dat")
	if err != nil || len(files) == 0 {
		t.Fatal("no torture", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, network := range []string{"udp", "tcp"} {
			throw(t, network, l, data)
			throw(t, network, l, bytes.Repeat(data[:len(data)/2], 3))
		}
	}
	x := dial(t, l, caller.Config{Events: 101})
	hears(t, x, tone(400)[:1600])
	if n := l.Counts.Panics.Load(); n > 0 {
		t.Errorf("%d panics", n)
	}
}

// What is no RTP, thrown at a call's port from where it may come, is nothing.
func TestACallSurvivesWhatIsNoSound(t *testing.T) {
	t.Parallel()
	d := newDiary()
	m := invite(t, open(t, nil, d), "")
	rubbish := rand.New(rand.NewPCG(4, 4475))
	for i := range 200 {
		packet := make([]byte, 1+i*7)
		for at := range packet {
			packet[at] = byte(rubbish.Uint32())
		}
		if i%2 == 0 {
			copy(packet, []byte{0x9f, 101, 0, byte(i), 0, 0, 0, 0, 0, 0, 0, 1})
		}
		m.sound(t, packet)
	}
	d.await(t, "start")
	for tick, key := time.NewTicker(20*time.Millisecond), ""; key != "6"; { // until the kernel has room for it
		m.sound(t, []byte{0x80, 101, 0, 1, 0, 0, 0, 5, 0, 0, 0, 9, 6, 0x8a, 1, 0x40})
		select {
		case key = <-d.told:
		case <-tick.C:
		}
	}
}

// What is logged of a call names neither the caller nor where they called from.
func TestTheLogNamesNoCaller(t *testing.T) {
	var log bytes.Buffer
	d := newDiary()
	t.Run("a call", func(t *testing.T) {
		l := open(t, func(o *telephone.Config) { o.Log = slog.New(slog.NewJSONHandler(&log, nil)) }, d)
		x := dial(t, l, caller.Config{Headers: "P-Asserted-Identity: <sip:+36301234567@provider.example>\r\n"})
		d.await(t, "start")
		_ = x.HangUp()
		d.await(t, "gone")
	})
	for _, secret := range []string{"1234567", "127.0.0.1", "provider.example"} {
		if strings.Contains(log.String(), secret) || log.Len() == 0 {
			t.Errorf("%s in %s", secret, &log)
		}
	}
}

// manual is a call by hand: for what no telephone does.
type manual struct {
	sip, rtp *net.UDPConn
	to       string
	remote   netip.AddrPort
}

const byHand = "%s sip:1818@line SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s;rport\r\nFrom: <sip:a@b>;tag=x\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nContact: <sip:a@%s>\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"

// invite calls a line by hand, and acknowledges.
func invite(t *testing.T, l *telephone.Line, media string) *manual {
	t.Helper()
	m := &manual{}
	var err error
	if m.sip, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(l.Address())); err != nil {
		t.Fatal(err)
	}
	if m.rtp, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.sip.Close(); m.rtp.Close() })
	port := m.rtp.LocalAddr().(*net.UDPAddr).Port
	if media == "" {
		media = fmt.Sprintf("m=audio %d RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n", port)
	}
	m.to = "<sip:1818@line>"
	answer := m.ask(t, "INVITE", 1, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"+media)
	m.to = between(answer, "To: ", "\r\n")
	var theirs uint16
	if _, err := fmt.Sscanf(between(answer, "m=audio ", " "), "%d", &theirs); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	m.remote = netip.AddrPortFrom(l.Address().Addr(), theirs)
	m.send(t, "ACK", 1, "")
	return m
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

func (m *manual) send(t *testing.T, method string, seq int, body string) {
	t.Helper()
	home := m.sip.LocalAddr().String()
	if _, err := fmt.Fprintf(m.sip, byHand, method, home, fmt.Sprint(method, seq), m.to, home, seq, method, home, len(body), body); err != nil {
		t.Fatal(err)
	}
}

// ask sends and returns the first answer that comes.
func (m *manual) ask(t *testing.T, method string, seq int, body string) string {
	t.Helper()
	m.send(t, method, seq, body)
	return m.hear(t)
}

func (m *manual) hear(t *testing.T) string {
	t.Helper()
	var buffer [4096]byte
	if err := m.sip.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, err := m.sip.Read(buffer[:])
	if err != nil {
		t.Fatal(err)
	}
	return string(buffer[:n])
}

func (m *manual) sound(t *testing.T, packet []byte) {
	t.Helper()
	if _, err := m.rtp.WriteToUDPAddrPort(packet, m.remote); err != nil {
		t.Fatal(err)
	}
}

// An answer that was not acknowledged is repeated, the same, a bounded number
// of times, and no sound is sent meanwhile.
func TestNoSoundBeforeTheAck(t *testing.T) {
	t.Parallel()
	l := open(t, nil)
	m := &manual{to: "<sip:1818@line>"}
	var err error
	if m.sip, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(l.Address())); err != nil {
		t.Fatal(err)
	}
	if m.rtp, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.sip.Close(); m.rtp.Close() })
	body := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\n", m.rtp.LocalAddr().(*net.UDPAddr).Port)
	first := m.ask(t, "INVITE", 1, body)
	if again := m.ask(t, "INVITE", 1, body); again != first {
		t.Errorf("the answer to a repetition is another:\n%s\n%s", first, again)
	}
	if late := m.hear(t); late != first { // after half a second, unasked
		t.Errorf("%s", late)
	}
	if err := m.rtp.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := m.rtp.Read(make([]byte, 2000)); err == nil {
		t.Errorf("%d bytes of sound before the ACK", n)
	}
}

// Where nobody listens, the kernel says so, and the call ends.
func TestSoundEndsWhereNobodyListens(t *testing.T) {
	t.Parallel()
	d := newDiary()
	l := open(t, nil, d)
	m := invite(t, l, "")
	m.rtp.Close()
	d.await(t, "start", "gone")
	if bye := m.hear(t); !strings.HasPrefix(bye, "BYE sip:a@") {
		t.Errorf("%s", bye)
	}
}

// A flood of INVITEs is refused out of hand: nothing is kept of it.
func TestAFloodCostsNothing(t *testing.T) {
	const flood = 3000
	l := open(t, func(o *telephone.Config) { o.Calls = 2 })
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(l.Address()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	before, heap := runtime.NumGoroutine(), heapOf()
	body := "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
	for i := range flood {
		if _, err := fmt.Fprintf(conn, byHand, "INVITE", "127.0.0.1:1", fmt.Sprint("f", i), "<sip:1818@line>", fmt.Sprint("c", i), 1, "INVITE", "127.0.0.1:1", len(body), body); err != nil {
			t.Fatal(err)
		}
	}
	var r map[string]int64
	for deadline := time.Now().Add(5 * time.Second); r["flooding"] == 0 && time.Now().Before(deadline); r = l.Counts.Refused() {
		throw(t, "udp", l, []byte("INVITE"))
	}
	if n := runtime.NumGoroutine() - before; n > 10 {
		t.Errorf("%d goroutines for a flood", n)
	}
	if grown := heapOf() - heap; grown > 2<<20 {
		t.Errorf("%d bytes are kept of a flood", grown)
	}
	if r["too-fast"] == 0 || r["flooding"] == 0 || l.Counts.Calls.Load() > 2 {
		t.Errorf("of %d INVITEs %v were refused, and %d calls are held", flood, r, l.Counts.Calls.Load())
	}
}

func heapOf() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
