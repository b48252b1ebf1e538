package breached

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

func TestEveryDressOfACommonWordIsFound(t *testing.T) {
	for _, password := range []string{
		"jelszó", "Jelszo123", "JELSZO2024!!", "j3lsz0", "jelsz0123456", "!!jelszó!!",
		"jel-szó", "jelszó jelszó", "szeretlek1985", "Sz3r3tl3k", "Fradi1899!!!!",
		"kovács19850312", "password", "P@ssw0rd2025", "pa$$word", "iloveyou", "letmein123",
		"qwertzuiop", "123456", "12345678", "1qaz2wsx", "elefánt2024", "Budapest1872",
	} {
		if !Contains(password) {
			t.Errorf("%q passes for uncommon", password)
		}
	}
}

func TestSecretsPass(t *testing.T) {
	for _, password := range []string{
		"zebra kettő hajnal", "kávéfőző-vasutas-7", "x9$Kq2!mWz7#Lp", "anna83749201746", "", "!", "é",
	} {
		if Contains(password) {
			t.Errorf("%q passes for common", password)
		}
	}
}

// The stated rate of false positives, on random words of twelve letters.
func TestFalsePositives(t *testing.T) {
	const tries, most = 20_000, 20_000 / 1000
	rng := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for range tries {
		var b strings.Builder
		for range 12 {
			b.WriteByte("abcdefghijklmnopqrstuvwxyz0123456789"[rng.IntN(36)])
		}
		if Contains(b.String()) {
			wrong++
		}
	}
	if wrong > most {
		t.Errorf("%d of %d random passwords refused", wrong, tries)
	}
}

// SOURCES.md speaks of this very file, so neither is replaced without the other.
func TestSourcesNameTheFilter(t *testing.T) {
	page, err := os.ReadFile("SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(file)); !strings.Contains(string(page), sum) {
		t.Errorf("SOURCES.md does not name SHA-256 %s: go generate here", sum)
	}
}

func FuzzCandidates(f *testing.F) {
	f.Add("Jelszó123!")
	f.Add("1a2")
	f.Add("\xff1\u0301")
	f.Fuzz(func(t *testing.T, password string) {
		if n := len(candidates(password)); n < 1 || n > 45 {
			t.Errorf("%d look-ups for %q", n, password)
		}
	})
}
