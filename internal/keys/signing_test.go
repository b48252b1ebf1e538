package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestThumbprintsAreThoseOfTheStandards(t *testing.T) {
	b64 := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	ed := ed25519.PublicKey(b64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
	// The key of RFC 7515, A.3, with its thumbprint as go-jose computes it.
	uncompressed := slices.Concat([]byte{4}, b64("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), b64("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
	p256, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), uncompressed)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key  any
		want string
	}{
		{ed, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}, // RFC 8037, A.3
		{p256, "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"},
	} {
		if got, err := Thumbprint(c.key); got != c.want || err != nil {
			t.Errorf("%T: %q, %v", c.key, got, err)
		}
	}
	if _, err := Thumbprint("a string"); err == nil {
		t.Error("a string has a thumbprint")
	}
}

func TestAGeneratedKeyReadsBack(t *testing.T) {
	for _, alg := range []string{ES256, EdDSA} {
		der, err := GeneratePrivate(alg)
		if err != nil {
			t.Fatal(err)
		}
		kid, signer, err := ParsePrivate(der)
		if want, _ := Thumbprint(signer.Public()); err != nil || kid != want {
			t.Errorf("%s: %q, %v", alg, kid, err)
		}
	}
	if _, err := GeneratePrivate("none"); err == nil {
		t.Error("alg none was accepted")
	}
}

// rotate applies a change as the store would.
func rotate(line []SigningKey, c Change) []SigningKey {
	if c.Retire != nil {
		line[len(line)-1] = *c.Retire
	}
	return append(line, SigningKey{Life: c.Add})
}

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestTheFirstKeySignsAtOnce(t *testing.T) {
	c, due := Plan(nil, morning, DefaultSchedule())
	if !due || c.Retire != nil || c.Add.Active != morning {
		t.Fatalf("%+v, %v", c, due)
	}
	line := rotate(nil, c)
	if _, ok := ActiveAt(line, morning); !ok {
		t.Error("nobody signs")
	}
	if _, ok := ActiveAt(line, morning.Add(-time.Minute)); !ok {
		t.Error("nobody signs for a clock that lags behind")
	}
}

func TestAKeyIsSeenBeforeItSignsAndAfter(t *testing.T) {
	s := DefaultSchedule()
	end := morning.Add(s.Active)
	line := rotate(nil, Change{Add: Life{Published: morning, Active: morning}})
	if _, due := Plan(line, end.Add(-s.Lead-time.Second), s); due {
		t.Fatal("a successor came before its time")
	}
	c, due := Plan(line, end.Add(-s.Lead), s)
	if !due {
		t.Fatal("no successor")
	}
	line = rotate(line, c)
	for _, at := range []struct {
		now       time.Time
		published int
		active    int
	}{
		{end.Add(-s.Lead), 2, 0},
		{end.Add(-time.Second), 2, 0},
		{end, 2, 1},
		{end.Add(s.Overlap - time.Second), 2, 1},
		{end.Add(s.Overlap), 1, 1},
	} {
		active, _ := ActiveAt(line, at.now)
		if n := len(PublishedAt(line, at.now)); n != at.published || active != line[at.active] {
			t.Errorf("at %v: %d published, active %+v", at.now, n, active.Life)
		}
	}
}

func TestAKeyKeptForEverStaysPublished(t *testing.T) {
	s := LedgerSchedule()
	line := rotate(nil, Change{Add: Life{Published: morning, Active: morning}})
	c, _ := PlanNow(line, morning, s)
	if line = rotate(line, c); len(PublishedAt(line, morning.AddDate(50, 0, 0))) != 2 {
		t.Errorf("%+v", line)
	}
}

func TestAWaitingSuccessorIsEnough(t *testing.T) {
	s := DefaultSchedule()
	line := rotate(nil, Change{Add: Life{Published: morning, Active: morning}})
	c, _ := PlanNow(line, morning.Add(time.Hour), s)
	line = rotate(line, c)
	if _, due := PlanNow(line, morning.Add(2*time.Hour), s); due {
		t.Error("a second successor was planned")
	}
}

// However irregularly it is looked after, and however often rotated by hand,
// exactly one key signs at any moment, and none that was not seen for the lead.
func TestThereIsAlwaysOneKeyThatWasSeenInTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := DefaultSchedule()
		now, line := morning, []SigningKey(nil)
		for range rapid.IntRange(1, 40).Draw(t, "ticks") {
			p := Plan
			if rapid.Bool().Draw(t, "by hand") {
				p = PlanNow
			}
			if c, due := p(line, now, s); due {
				line = rotate(line, c)
			}
			active := 0
			for i, k := range line {
				if k.activeAt(now) {
					active++
				}
				if i > 0 && k.Active.Sub(k.Published) < s.Lead {
					t.Fatalf("key %d signs %v after it was published", i, k.Active.Sub(k.Published))
				}
			}
			if got, ok := ActiveAt(line, now); active != 1 || !ok || !got.publishedAt(now) {
				t.Fatalf("%d keys sign at %v: %+v", active, now, line)
			}
			now = now.Add(time.Duration(rapid.Int64Range(1, int64(200*day)).Draw(t, "pause")))
		}
	})
}
