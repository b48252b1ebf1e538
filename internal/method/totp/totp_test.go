package totp

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

var (
	six   = Params{Digits: 6, Period: 30 * time.Second, Skew: 1}
	eight = Params{Digits: 8, Period: 30 * time.Second, Skew: 1}
	rfc   = mustSecret("12345678901234567890") // RFC 6238 appendix B, SHA-1
	noon  = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)
)

func mustSecret(key string) Secret {
	s, err := SecretOf([]byte(key))
	if err != nil {
		panic(err)
	}
	return s
}

func TestVectorsOfRFC6238(t *testing.T) {
	for seconds, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		at := time.Unix(seconds, 0)
		if got := Code(rfc, at, eight); got != want {
			t.Errorf("at %d: %s, want %s", seconds, got, want)
		}
		if got := Code(rfc, at, six); got != want[2:] {
			t.Errorf("six digits at %d: %s, want %s", seconds, got, want[2:])
		}
		if step, ok := Verify(rfc, want[2:], at, 0, six); !ok || step != seconds/30 {
			t.Errorf("Verify at %d: step %d, %v", seconds, step, ok)
		}
	}
}

func TestAgainstOathtool(t *testing.T) {
	tool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Skip("oathtool (apt-get install oathtool) is not installed; the vectors of RFC 6238 are tested without it")
	}
	for _, at := range []time.Time{noon, noon.Add(29 * time.Second), time.Unix(59, 0)} {
		secret := NewSecret()
		out, err := exec.Command(tool, "--totp", "--base32", "--now", at.UTC().Format("2006-01-02 15:04:05 UTC"), secret.Text()).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := Code(secret, at, six), strings.TrimSpace(string(out)); got != want {
			t.Errorf("at %v: %s, oathtool says %s", at, got, want)
		}
	}
}

func TestOneStepEitherWay(t *testing.T) {
	for offset, want := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		code := Code(rfc, noon.Add(time.Duration(offset)*six.Period), six)
		step, ok := Verify(rfc, code, noon, 0, six)
		if ok != want || (ok && step != noon.Unix()/30+int64(offset)) {
			t.Errorf("%+d steps: %d, %v", offset, step, ok)
		}
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	code := Code(rfc, noon, six)
	used, ok := Verify(rfc, code, noon, 0, six)
	if !ok {
		t.Fatal("the first use was refused")
	}
	for _, later := range []time.Duration{0, time.Second, 30 * time.Second} {
		if _, ok := Verify(rfc, code, noon.Add(later), used, six); ok {
			t.Errorf("accepted again after %v", later)
		}
	}
	before := Code(rfc, noon.Add(-six.Period), six)
	if _, ok := Verify(rfc, before, noon, used, six); ok {
		t.Error("an earlier code was accepted after a later one")
	}
	next := Code(rfc, noon.Add(six.Period), six)
	if step, ok := Verify(rfc, next, noon, used, six); !ok || step != used+1 {
		t.Error("the next code was refused")
	}
}

func TestCodesAsTyped(t *testing.T) {
	code := Code(rfc, noon, six)
	for typed, want := range map[string]bool{
		code[:3] + " " + code[3:]:      true,
		" " + code + "\n":              true,
		code[:3] + "-" + code[3:]:      true,
		code[:3] + "\u00a0" + code[3:]: true,
		code[:3] + "–" + code[3:]:      true,
		code[:5]:                       false,
		code + "0":                     false,
		"":                             false,
		code[:5] + "x":                 false,
		"+" + code:                     false,
		code + strings.Repeat(" ", 99): false,
		strings.Map(func(r rune) rune { return r - '0' + '٠' }, code): false, // Arabic digits
	} {
		if _, ok := Verify(rfc, typed, noon, 0, six); ok != want {
			t.Errorf("%q: %v, want %v", typed, ok, want)
		}
	}
}

func TestParamsOutOfBoundsMatchNothing(t *testing.T) {
	for _, p := range []Params{{}, {Digits: 0, Period: 30 * time.Second}, {Digits: 6}, {Digits: 6, Period: 30 * time.Second, Skew: 1000}} {
		if _, ok := Verify(rfc, "", noon, 0, p); ok {
			t.Errorf("%+v accepts the empty code", p)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(Code(rfc, noon, six))
	f.Add("000 000")
	f.Add("１２３４５６")
	valid := map[string]bool{}
	for i := -1; i <= 1; i++ {
		valid[Code(rfc, noon.Add(time.Duration(i)*six.Period), six)] = true
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if _, ok := Verify(rfc, typed, noon, 0, six); ok && !valid[strip(typed)] {
			t.Errorf("%q was accepted", typed)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	code := Code(rfc, noon, six)
	for b.Loop() {
		Verify(rfc, code, noon, 0, six)
	}
}
