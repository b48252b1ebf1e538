package message_test

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/telephone/message"
)

// What RFC 4475 expects of an endpoint that takes calls and does nothing else,
// message by message: 0 is a request that goes on to the line, dropped is one
// that nobody is told about (answers to what we never asked, above all), any
// other number is the status of the refusal.
const dropped = -1

var torture = map[string]int{
	// 3.1.1: valid, however strange.
	"wsinv": 0, "esc01": 0, "escnull": 405, "esc02": 501, "intmeth": 501, "lwsdisp": 0, "longreq": 0,
	"dblreq": 405, "semiuri": 0, "transports": 0, "mpart01": 405, "unreason": dropped, "noreason": dropped,
	// 3.1.2: invalid.
	"badinv01": 400, "clerr": 400, "ncl": 400, "scalar02": 400, "scalarlg": dropped, "quotbal": 400, "ltgtruri": 400,
	"lwsruri": 400, "lwsstart": 400, "trws": 400, "escruri": 0, "baddate": 0, "regbadct": 405, "badaspec": 400,
	"baddn": 0, "badvers": 505, "mismatch01": 400, "mismatch02": 501, "bigcode": dropped,
	// 3.2: transactions. 3.3: what only the application understands. 3.4: the old syntax.
	"badbranch": 0, "insuf": 400, "unkscm": 416, "novelsc": 416, "unksm2": 405, "bext01": 420, "invut": 415,
	"regaut01": 405, "multi01": 400, "mcl01": 400, "bcast": dropped, "zeromf": 0, "cparam01": 405, "cparam02": 405,
	"regescrt": 405, "sdp01": 406, "inv2543": 0,
}

func TestTorture(t *testing.T) {
	files, err := filepath.Glob("testdata/torture/*.dat")
	if err != nil || len(files) != 49 || len(torture) != 49 {
		t.Fatalf("%d messages, %d expectations, %v; RFC 4475 has 49", len(files), len(torture), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".dat")
		if got := verdict(t, data); got != torture[name] {
			t.Errorf("%s: %d, want %d", name, got, torture[name])
		}
	}
}

var source = netip.MustParseAddrPort("192.0.2.7:5099")

// verdict reads a message as the line does, and checks the form of what would be answered.
func verdict(t *testing.T, data []byte) int {
	t.Helper()
	request, answer, err := message.Read(data)
	var refusal *message.Refusal
	switch {
	case request != nil:
		if request.Method == "INVITE" {
			inForm(t, request.Reply(200, source, "t1", message.Abilities, []byte("v=0\r\n")))
		}
		return 0
	case answer != nil:
		return dropped
	case errors.As(err, &refusal):
		inForm(t, refusal.Head.Reply(refusal.Status, source, "t1", refusal.More, nil))
		return refusal.Status
	}
	return dropped
}

// inForm checks that an answer is made of lines, once each, that end before the body.
func inForm(t *testing.T, reply []byte) {
	t.Helper()
	head, _, whole := strings.Cut(string(reply), "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	if !whole || !strings.HasPrefix(lines[0], "SIP/2.0 ") || len(strings.SplitN(lines[0], " ", 3)[2]) == 0 {
		t.Errorf("not an answer: %q", reply)
	}
	lengths := 0
	for _, l := range lines[1:] {
		name, _, found := strings.Cut(l, ":")
		if !found || name == "" || strings.ContainsAny(l, "\r\n") {
			t.Errorf("not a header: %q", l)
		}
		if name == "Content-Length" {
			lengths++
		}
	}
	if lengths != 1 {
		t.Errorf("%d lengths: %q", lengths, reply)
	}
}

const invite = "INVITE sip:1818@kapu.example.hu SIP/2.0\r\nVia: SIP/2.0/UDP pbx.example.hu:5070;branch=z9hG4bK1;rport, SIP/2.0/UDP x;branch=z9hG4bK0\r\n" +
	"From: <sip:36301234567@example.hu>;tag=a\r\nTo: <sip:1818@kapu.example.hu>\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\nRecord-Route: <sip:p1;lr>\r\n\r\n"

func TestAnAnswerRepeatsWhatItMust(t *testing.T) {
	r, _, err := message.Read([]byte(invite))
	if err != nil {
		t.Fatal(err)
	}
	want := "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP pbx.example.hu:5070;branch=z9hG4bK1;rport=5099;received=192.0.2.7, SIP/2.0/UDP x;branch=z9hG4bK0\r\n" +
		"Record-Route: <sip:p1;lr>\r\nFrom: <sip:36301234567@example.hu>;tag=a\r\nTo: <sip:1818@kapu.example.hu>;tag=b\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\nContent-Length: 0\r\n\r\n"
	if got := string(r.Reply(200, source, "b", nil, nil)); got != want {
		t.Errorf("%q", got)
	}
	if got := string(r.Reply(100, source, "b", nil, nil)); strings.Contains(got, "tag=b") || strings.Contains(got, "Record-Route") {
		t.Errorf("a 100 has a tag or a route: %q", got)
	}
	if r.ReplyPort(5099) != 5099 {
		t.Error("rport was not obeyed")
	}
	for via, want := range map[string]uint16{"pbx:5070;branch=z9hG4bK1": 5070, "pbx;branch=z9hG4bK1": 5060, "[2001:db8::1]:5071;branch=z9hG4bK1": 5071, "pbx:99999;branch=z9hG4bK1": 5060} {
		r, _, err := message.Read([]byte(strings.Replace(invite, "pbx.example.hu:5070;branch=z9hG4bK1;rport, SIP/2.0/UDP x;branch=z9hG4bK0", via, 1)))
		if err != nil || r.ReplyPort(5099) != want {
			t.Errorf("%s: %v, %v", via, r, err)
		}
	}
}

func TestTheTagOfAnAddress(t *testing.T) {
	for value, want := range map[string]string{
		"<sip:a@b>;tag=1": "1", "sip:a@b;tag=2": "2", "<sip:a@b;tag=no>": "", `"x;tag=no" <sip:a@b> ; Tag = 3 ;y`: "3", "sip:a@b": "",
	} {
		if got := message.TagOf(value); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

func TestWhatIsTooMuchIsDropped(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"a long message":     {invite + strings.Repeat("x", message.Largest), message.ErrLarge},
		"very many headers":  {strings.Replace(invite, "CSeq", strings.Repeat("X: y\r\n", 200)+"CSeq", 1), message.ErrLarge},
		"very many hops":     {strings.Replace(invite, "From", strings.Repeat("Via: SIP/2.0/UDP a;branch=z9hG4bK2\r\n", 60)+"From", 1), message.ErrLarge},
		"no end of the head": {strings.TrimSuffix(invite, "\r\n"), message.ErrNotSIP},
		"nothing":            {"", message.ErrNotSIP},
		"keep-alive":         {"\r\n\r\n", message.ErrNotSIP},
		"another protocol":   {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", message.ErrNotSIP},
	} {
		if _, _, err := message.Read([]byte(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/torture/*.dat")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(invite))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := message.Read(data); errors.Is(err, message.ErrPanic) {
			t.Error("sipgo's parser panicked") // survived, and worth a word to its makers
		}
		verdict(t, data)
	})
}
