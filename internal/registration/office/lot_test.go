package office

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"testing"
)

// Fixed once and for all: whoever writes a verifier of their own can check it by these.
func TestTheLotIsWhatTheThreatsPageSays(t *testing.T) {
	root := sha256.Sum256([]byte("root"))
	const entry = "01957f3e-0000-7000-8000-000000000001"
	sum := sha256.Sum256([]byte("kapu review lot v1" + string(root[:]) + entry))
	// The fraction in whole percent, computed with large numbers instead of words of 64 bits.
	drawn, _ := new(big.Int).SetString(hex.EncodeToString(sum[:8]), 16)
	percent := int(new(big.Int).Rsh(drawn.Mul(drawn, big.NewInt(100)), 64).Int64())
	for share := range 101 {
		if got := VerifyLot(root, entry, share); got != (percent < share) {
			t.Errorf("share %d, fraction %d percent: %t", share, percent, got)
		}
	}
	if VerifyLot(root, entry, -1) {
		t.Error("a share below nothing draws")
	}
}

func TestTheLotDrawsItsShareAndNoPattern(t *testing.T) {
	const entries, share = 20_000, 10
	root, other := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
	drawn, both := 0, 0
	for i := range entries {
		id := fmt.Sprintf("01957f3e-0000-7000-8000-%012d", i)
		if VerifyLot(root, id, share) {
			drawn++
			if VerifyLot(other, id, share) {
				both++
			}
		}
	}
	const p = share / 100.0
	within := func(n int, p float64) bool {
		return math.Abs(float64(n)-entries*p) < 5*math.Sqrt(entries*p*(1-p)) // five standard deviations
	}
	if !within(drawn, p) || !within(both, p*p) {
		t.Errorf("%d of %d drawn, %d under another root too", drawn, entries, both)
	}
}
