package paperproof

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kapu/internal/store/storetest"
)

var sample = Paper{Kind: Sheet, ID: "01957f3e-0000-7000-8000-000000000001", Office: "kisfalud", Made: time.Date(2026, 3, 2, 9, 42, 0, 0, time.UTC)}

// tokenOf is what the page is asked with.
func tokenOf(t *testing.T, p Proof) string {
	t.Helper()
	u, err := url.Parse(p.URL)
	if err != nil || u.Path != pagePath {
		t.Fatalf("%s: %v", p.URL, err)
	}
	return u.Query().Get("p")
}

func TestATokenSaysWhatWasProved(t *testing.T) {
	v := Prover{storetest.Ring(t), "https://kapu.example"}
	proof := v.Prove(sample, []string{"Kiss Anna", "Győr"})
	if again := v.Prove(sample, []string{"Kiss Anna", "Győr"}); again != proof {
		t.Error("the same paper has two proofs")
	}
	got, err := v.Read(tokenOf(t, proof))
	want := sample
	want.Digest = strings.ReplaceAll(proof.Digest, " ", "")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if len(want.Digest) != DigestSymbols || strings.ContainsAny(want.Digest, "01IO") {
		t.Errorf("digest %s", proof.Digest)
	}
	if strings.Contains(proof.URL, "Anna") || len(proof.URL) > 200 {
		t.Errorf("%d characters: %s", len(proof.URL), proof.URL)
	}
}

func TestADigestIsOfEveryWord(t *testing.T) {
	v := Prover{storetest.Ring(t), ""}
	other := Prover{storetest.Ring(t), ""}
	seen := map[string]bool{v.Prove(sample, []string{"Kiss Anna", "Győr"}).Digest: true}
	for _, said := range [][]string{{"Kiss Anna", "Győrr"}, {"Kiss AnnaGyőr", ""}, {"Kiss Anna"}, {"Győr", "Kiss Anna"}, nil} {
		if d := v.Prove(sample, said).Digest; seen[d] {
			t.Errorf("%v has a digest that was there before", said)
		} else {
			seen[d] = true
		}
	}
	if seen[other.Prove(sample, []string{"Kiss Anna", "Győr"}).Digest] {
		t.Error("the digest needs no key")
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	v := Prover{storetest.Ring(t), ""}
	token := tokenOf(t, v.Prove(sample, nil))
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		changed := []byte(token)
		changed[at] = rapid.Byte().Draw(t, "byte")
		if _, err := v.Read(string(changed)); string(changed) != token && !errors.Is(err, ErrForged) {
			t.Fatalf("%q passes", changed)
		}
	})
	for _, forged := range []string{"", ".", token[:len(token)-1], token + "A", strings.Replace(token, ".", "", 1), strings.Repeat("A", longestToken+1)} {
		if _, err := v.Read(forged); !errors.Is(err, ErrForged) {
			t.Errorf("%q passes", forged)
		}
	}
	if _, err := (Prover{storetest.Ring(t), ""}).Read(token); !errors.Is(err, ErrForged) {
		t.Error("a token of another gateway passes")
	}
}

func FuzzRead(f *testing.F) {
	v := Prover{storetest.Ring(f), ""}
	f.Add(v.token(sample), true)
	f.Add("c2hlZXQ.AAAAAAAAAAAAAAAAAAAAAA", false)
	f.Add("sheet\n\n\n\n", true)
	f.Add("minutes\nid\noffice\n9223372036854775807\nD", true)
	f.Fuzz(func(t *testing.T, token string, signed bool) {
		if signed { // what somebody could make who had the key: the reader must not trip
			token += "." + v.mac(token)
		}
		p, err := v.Read(token)
		if err != nil && p != (Paper{}) {
			t.Errorf("%q: %+v beside %v", token, p, err)
		}
	})
}
