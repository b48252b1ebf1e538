package password

import (
	"testing"

	"golang.org/x/crypto/argon2"
)

// BenchmarkRaw is the yardstick: argon2id alone, at OWASP's costs.
func BenchmarkRaw(b *testing.B) {
	salt := make([]byte, saltBytes)
	for b.Loop() {
		argon2.IDKey([]byte(passphrase), salt, OWASP.Passes, OWASP.Memory, OWASP.Threads, sumBytes)
	}
}

// BenchmarkVerify is what a sign-in pays; it should stay within a few per cent of Raw.
func BenchmarkVerify(b *testing.B) {
	h := newHasher(b, Config{Params: OWASP})
	stored := mustHash(b, h, passphrase)
	for b.Loop() {
		if ok, err := h.Verify(b.Context(), passphrase, stored); !ok {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerifyCrowd has 32 callers a processor waiting in line.
func BenchmarkVerifyCrowd(b *testing.B) {
	h := newHasher(b, Config{Params: OWASP})
	stored := mustHash(b, h, passphrase)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if ok, err := h.Verify(b.Context(), passphrase, stored); !ok {
				b.Error(err)
			}
		}
	})
}

func BenchmarkPolicy(b *testing.B) {
	policy := Policy{Min: 12, Max: 128}
	for b.Loop() {
		policy.Check("Kovácsoltvas-kilincs 7", Owner{Username: "KisAnna"})
	}
}
