package telephone_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/telephone"
	"kapu/internal/telephone/g711"
)

// SIPp calls the line, as other people's telephones would: every scenario is a
// file in testdata/sipp, and says itself what must be answered.
func TestSIPp(t *testing.T) {
	program, err := exec.LookPath("sipp")
	if err != nil {
		t.Skip("sipp is missing; make setup brings it")
	}
	for name, c := range map[string]struct {
		network string // as sipp names it
		ring    time.Duration
		raw     bool     // plays recorded packets, which only root may
		told    []string // to the conversation
	}{
		"keys":      {"u1", 0, true, []string{"start", "1", "8", "*", "0", "#", "gone"}},
		"unoffered": {"u1", 0, true, []string{"start", "7", "#", "gone"}},
		"tones":     {"u1", 0, false, []string{"start", "4", "7", "1", "1", "#", "gone"}},
		"hold":      {"t1", 0, false, []string{"start", "gone"}},
		"cancel":    {"u1", time.Second, false, []string{"gone"}},
		"unfit":     {"u1", 0, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.raw && os.Geteuid() != 0 {
				t.Skip("sipp plays recorded packets through a raw socket, for which it must be root")
			}
			d := newDiary()
			l := open(t, func(o *telephone.Config) { o.Ring = c.ring }, d)
			sipp(t, program, name, l, "-t", c.network)
			d.await(t, c.told...)
		})
	}
}

// sipp runs a scenario once against a line.
func sipp(t *testing.T, program, scenario string, l *telephone.Line, more ...string) {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", "sipp", scenario+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "keys.alaw"), typed("4711#"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	args := []string{"-sf", file, "-m", "1", "-l", "1", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin", "-timeout", "20s", "-recv_timeout", "8000", "-trace_err", "-error_file", "errors.log"}
	cmd := exec.CommandContext(ctx, program, append(append(args, more...), l.Address().String())...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=dumb")
	if out, err := cmd.CombinedOutput(); err != nil {
		faults, _ := os.ReadFile(filepath.Join(dir, "errors.log")) // none if sipp did not come so far
		t.Fatalf("%v\n%s\n%s", err, faults, last(out, 2000))
	}
}

func last(out []byte, n int) string {
	return string(bytes.ToValidUTF8(out[max(0, len(out)-n):], nil))
}

// typed is the sound of keys, in A-law: half a second of nothing, then each for
// 100 ms and a pause of 100.
func typed(keys string) []byte {
	low, high := [4]float64{697, 770, 852, 941}, [3]float64{1209, 1336, 1477}
	sound := bytes.Repeat([]byte{g711.ALawSilence}, g711.Rate/2)
	for _, k := range keys {
		at := strings.IndexRune("123456789*0#", k)
		for i := range g711.Rate / 10 {
			phase := 2 * math.Pi * float64(i) / g711.Rate
			sound = append(sound, g711.FromSample(int16(6000*math.Sin(low[at/3]*phase)+6000*math.Sin(high[at%3]*phase))))
		}
		sound = append(sound, bytes.Repeat([]byte{g711.ALawSilence}, g711.Rate/10)...)
	}
	return sound
}
