package password

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

// cheap keeps tests fast; the costs of production are measured in bench_test.go.
var cheap = Params{Memory: 64, Passes: 1, Threads: 1}

const passphrase = "zebra-kettő-hajnal"

func newHasher(t testing.TB, c Config) *Hasher {
	t.Helper()
	if c.Params == (Params{}) {
		c.Params = cheap
	}
	h, err := NewHasher(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func mustHash(t testing.TB, h *Hasher, password string) string {
	t.Helper()
	stored, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestOnlyTheRightPasswordVerifies(t *testing.T) {
	h := newHasher(t, Config{})
	stored := mustHash(t, h, passphrase)
	for _, c := range []struct {
		name, typed string
		want        bool
	}{
		{"the same", passphrase, true},
		{"decomposed ő", strings.Replace(passphrase, "ő", "ő", 1), true},
		{"other case", strings.ToUpper(passphrase), false},
		{"a prefix", passphrase[:len(passphrase)-1], false},
		{"with a blank", passphrase + " ", false},
		{"empty", "", false},
		{"compatibility form (NFC keeps it apart)", strings.Replace(passphrase, "z", "ｚ", 1), false},
		{"beyond the cap", strings.Repeat("a", MaxBytes+1), false},
	} {
		if got, err := h.Verify(t.Context(), c.typed, stored); err != nil || got != c.want {
			t.Errorf("%s: Verify = %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	if mustHash(t, h, passphrase) == stored {
		t.Error("two records of one password are equal: no salt")
	}
	if _, err := h.Hash(t.Context(), strings.Repeat("a", MaxBytes+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("Hash beyond the cap: %v", err)
	}
}

func TestRecordIsArgon2idInPHCFormat(t *testing.T) {
	h := newHasher(t, Config{Params: OWASP})
	stored := mustHash(t, h, passphrase)
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("record %q", stored)
	}
	parts := strings.Split(stored, "$")
	salt, _ := base64.RawStdEncoding.DecodeString(parts[4])
	want := argon2.IDKey([]byte(passphrase), salt, 2, 19456, 1, 32)
	if got, _ := base64.RawStdEncoding.DecodeString(parts[5]); !bytes.Equal(got, want) {
		t.Error("the sum is not what plain argon2id gives for it")
	}
}

// The promise of equal effort: known name, unknown name and broken row all
// cost exactly one hash.
func TestEveryAttemptCostsOneHash(t *testing.T) {
	h := newHasher(t, Config{})
	stored := mustHash(t, h, passphrase)
	attempts := map[string]func() (bool, error){
		"right":        func() (bool, error) { return h.Verify(t.Context(), passphrase, stored) },
		"wrong":        func() (bool, error) { return h.Verify(t.Context(), "other", stored) },
		"unknown name": func() (bool, error) { return false, h.VerifyNobody(t.Context(), passphrase) },
		"broken row":   func() (bool, error) { return h.Verify(t.Context(), passphrase, "garbage") },
	}
	for name, attempt := range attempts {
		before := h.Calls()
		ok, err := attempt()
		if calls := h.Calls() - before; calls != 1 {
			t.Errorf("%s cost %d hashes", name, calls)
		}
		if ok != (name == "right") {
			t.Errorf("%s: ok = %v", name, ok)
		}
		if wantErr := name == "broken row"; (err != nil) != wantErr {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRecordsAreRaised(t *testing.T) {
	old := newHasher(t, Config{})
	stored := mustHash(t, old, passphrase)
	dearer := newHasher(t, Config{Params: Params{Memory: 128, Passes: 2, Threads: 1}})
	if ok, err := dearer.Verify(t.Context(), passphrase, stored); !ok || err != nil {
		t.Fatalf("an older record no longer opens: %v, %v", ok, err)
	}
	if old.NeedsRehash(stored) || !dearer.NeedsRehash(stored) {
		t.Error("only the Hasher with other costs should ask for a new record")
	}
}

func TestPepper(t *testing.T) {
	first, second := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	plain := newHasher(t, Config{})
	one := newHasher(t, Config{Peppers: [][]byte{first}})
	both := newHasher(t, Config{Peppers: [][]byte{second, first}})
	unpeppered, peppered := mustHash(t, plain, passphrase), mustHash(t, one, passphrase)

	for name, stored := range map[string]string{"from before the pepper": unpeppered, "of the older pepper": peppered} {
		if ok, err := both.Verify(t.Context(), passphrase, stored); !ok || err != nil {
			t.Errorf("a record %s: %v, %v", name, ok, err)
		}
		if !both.NeedsRehash(stored) {
			t.Errorf("a record %s should be replaced", name)
		}
	}
	if ok, err := plain.Verify(t.Context(), passphrase, peppered); ok || !errors.Is(err, ErrRecord) {
		t.Errorf("without the pepper: %v, %v", ok, err)
	}
	stripped := strings.Replace(peppered, ",keyid="+one.peppers[0].id, "", 1)
	if ok, _ := one.Verify(t.Context(), passphrase, stripped); ok {
		t.Error("the pepper made no difference to the sum")
	}
	if _, err := NewHasher(Config{Peppers: [][]byte{[]byte("short")}}); !errors.Is(err, ErrConfig) {
		t.Errorf("a short pepper: %v", err)
	}
}

func TestRecordRefused(t *testing.T) {
	h := newHasher(t, Config{})
	good := mustHash(t, h, passphrase)
	swap := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for name, stored := range map[string]string{
		"empty":          "",
		"other function": swap("argon2id", "argon2i"),
		"other version":  swap("v=19", "v=16"),
		"memory bomb":    swap("m=64", "m=4194304"),
		"time bomb":      swap("t=1", "t=4294967295"),
		"no passes":      swap("t=1", "t=0"),
		"no lanes":       swap("p=1", "p=0"),
		"leading zero":   swap("m=64", "m=064"),
		"no sum":         good[:strings.LastIndex(good, "$")+1],
		"trailing text":  good + " ",
	} {
		if ok, err := h.Verify(context.Background(), passphrase, stored); ok || !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
		if !h.NeedsRehash(stored) {
			t.Errorf("%s: kept", name)
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA")
	f.Add("$argon2id$v=19$m=64,t=1,p=1,keyid=AAAA$$")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRecord(text)
		if err == nil && (r.String() != text || !r.inBounds()) {
			t.Errorf("%q was read as %q", text, r)
		}
	})
}
