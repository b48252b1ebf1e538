package demo_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/store"
	"kapu/internal/telephone/g711"
	"kapu/internal/telephone/prompt"
)

// Somebody else's telephone calls the demo, types keys by RFC 4733, and what it
// heard is held against the prompts, sample by sample.
func TestBaresipHearsThePrompts(t *testing.T) {
	if _, err := exec.LookPath("baresip"); err != nil {
		t.Skip("baresip was not found: make setup installs it")
	}
	d := start(t, t.TempDir(), false)
	phone := caller(t, d)
	telephone := newBaresip(t)
	telephone.command("dial", d.Telephone)
	telephone.happens("CALL_ESTABLISHED")
	digits := ""
	for position := range strings.FieldsSeq(phone.Positions) {
		digits += string(phone.Password[position[0]-'1'])
	}
	for _, key := range "1" + phone.Identifier + "#" + digits + "493027#493027#2" {
		telephone.command("sndcode", string(key))
	}
	telephone.hears(prompt.Hungarian, "history", "at.own", "by.phone")
	telephone.command("hangup", "")
	if err := d.App.DB.View(t.Context(), func(tx *store.Tx) (err error) {
		phone, err = tx.PhoneByIdentifier(phone.Identifier)
		return err
	}); err != nil || phone.Password != "493027" || phone.Initial {
		t.Errorf("the password is not the one that was typed twice: %v", err)
	}
}

// caller is somebody with a telephone identifier.
func caller(t *testing.T, d *demo.Demo) (p store.Phone) {
	t.Helper()
	i := slices.IndexFunc(d.Citizens, func(c demo.Login) bool { return c.Phone != "" })
	if i < 0 {
		t.Fatal("nobody has a telephone identifier")
	}
	err := d.App.DB.View(t.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.PhoneByIdentifier(d.Citizens[i].Phone)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// baresip is a running softphone, told what to do over TCP.
type baresip struct {
	t      *testing.T
	dir    string
	conn   net.Conn
	told   *bufio.Reader
	events []string // that happened so far
}

// patience is how long the whole call may take: real time, for a call is.
const patience = 25 * time.Second

func newBaresip(t *testing.T) *baresip {
	t.Helper()
	b := &baresip{t: t, dir: t.TempDir()}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	b.write("config", fmt.Sprintf(`net_interface 127.0.0.1
sip_listen 127.0.0.1:0
audio_player aubridge,nil
audio_source aufile,%[1]s/silence.wav
audio_alert aubridge,nil
ausrc_srate 8000
auplay_srate 8000
rtp_ports 27000-27200
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module aufile.so
module sndfile.so
module ctrl_tcp.so
module_tmp account.so
module_app menu.so
ctrl_tcp_listen %[2]s
snd_path %[1]s
`, b.dir, address))
	b.write("accounts", "<sip:somebody@127.0.0.1>;regint=0;audio_codecs=pcma\n")
	b.write("contacts", "")
	b.write("silence.wav", wav(int(patience/time.Second)*g711.Rate))
	program := exec.Command("baresip", "-f", b.dir)
	program.Env = append(os.Environ(), "HOME="+b.dir)
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Process.Kill(); program.Wait() })
	b.until("it takes commands", func() bool {
		b.conn, err = net.Dial("tcp", address)
		return err == nil
	})
	t.Cleanup(func() { b.conn.Close() })
	b.told = bufio.NewReader(b.conn)
	if err := b.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *baresip) write(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// wav is so many samples of silence as a file.
func wav(samples int) string {
	var file bytes.Buffer
	size := uint32(samples * 2)
	file.WriteString("RIFF")
	binary.Write(&file, binary.LittleEndian, 36+size)
	file.WriteString("WAVEfmt ")
	for _, field := range []any{uint32(16), uint16(1), uint16(1), uint32(g711.Rate), uint32(2 * g711.Rate), uint16(2), uint16(16)} {
		binary.Write(&file, binary.LittleEndian, field)
	}
	file.WriteString("data")
	binary.Write(&file, binary.LittleEndian, size)
	file.Write(make([]byte, size))
	return file.String()
}

// command sends one command, as a netstring of JSON, and waits for its answer.
func (b *baresip) command(name, parameter string) {
	b.t.Helper()
	text, err := json.Marshal(map[string]string{"command": name, "params": parameter})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.conn, "%d:%s,", len(text), text); err != nil {
		b.t.Fatal(err)
	}
	for answered := false; !answered; {
		m := b.message()
		if answered = m.Response; answered && !m.OK {
			b.t.Fatalf("%s was refused: %s", name, m.Data)
		}
		b.events = append(b.events, m.Type)
	}
}

// happens waits for an event.
func (b *baresip) happens(event string) {
	b.t.Helper()
	for !slices.Contains(b.events, event) {
		b.events = append(b.events, b.message().Type)
	}
}

// message is what baresip tells: an answer or an event.
type message struct {
	Response, OK bool
	Data, Type   string
}

func (b *baresip) message() (m message) {
	b.t.Helper()
	length, err := b.told.ReadString(':')
	if err != nil {
		b.t.Fatal(err)
	}
	size, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
	if err != nil {
		b.t.Fatal(err)
	}
	text := make([]byte, size+1) // and a comma
	if _, err := io.ReadFull(b.told, text); err != nil {
		b.t.Fatal(err)
	}
	if err := json.Unmarshal(text[:size], &m); err != nil {
		b.t.Fatal(err)
	}
	return m
}

// until waits for a condition.
func (b *baresip) until(what string, holds func() bool) {
	b.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			b.t.Fatalf("not within %s: %s", patience, what)
		}
	}
}

// hears waits until the prompts are in the recording, one after the other.
func (b *baresip) hears(lang prompt.Lang, ids ...prompt.ID) {
	b.t.Helper()
	b.until(fmt.Sprint("it hears ", ids), func() bool {
		heard := b.recording()
		for _, id := range ids {
			at := find(heard, samples(prompt.Sound(lang, id)))
			if at < 0 {
				return false
			}
			heard = heard[at:]
		}
		return true
	})
}

// recording is what was heard so far.
func (b *baresip) recording() []byte {
	names, _ := filepath.Glob(filepath.Join(b.dir, "*-dec.wav"))
	if len(names) == 0 {
		return nil
	}
	data, _ := os.ReadFile(names[0])
	return data
}

// samples are a prompt's, in 16 bits, little-endian.
func samples(alaw []byte) []byte {
	linear := make([]int16, len(alaw))
	g711.Samples(linear, alaw, g711.ALaw)
	var out bytes.Buffer
	binary.Write(&out, binary.LittleEndian, linear)
	return out.Bytes()
}

const (
	frame = 2 * g711.Rate / 50 // bytes of 20 ms
	// enough is the share of a prompt that must be heard as it is: a packet may
	// come too late on a machine that is busy.
	enough = 0.8
)

// find is where a prompt ends in a recording, or -1 if it is not there.
func find(heard, said []byte) (end int) {
	found, all, from := 0, 0, 0
	for at := 0; at+frame <= len(said); at += frame {
		piece := said[at : at+frame]
		if quiet(piece) {
			continue
		}
		all++
		if i := bytes.Index(heard[from:], piece); i >= 0 {
			found, from = found+1, from+i
		}
	}
	if float64(found) < enough*float64(all) {
		return -1
	}
	return from
}

// quiet tells of a piece that is much like any other: silence.
func quiet(piece []byte) bool {
	for i := 0; i < len(piece); i += 2 {
		if v := int16(binary.LittleEndian.Uint16(piece[i:])); v > 500 || v < -500 {
			return false
		}
	}
	return true
}
