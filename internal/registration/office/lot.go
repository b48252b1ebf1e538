package office

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// lotName begins what is hashed for a lot, so that no other hash is one.
const lotName = "kapu review lot v1"

// VerifyLot says whether the lot gives an act to a second clerk: SHA-256 over
// lotName, the Merkle root of the first signed tree in which the act has its
// place, and the id of its entry; the first eight bytes, as a fraction of 2^64
// (big-endian), are less than the share in percent. Whoever acts cannot foresee
// the root, and whoever has the signed head can draw the same lot again.
func VerifyLot(root [sha256.Size]byte, entry string, share int) bool {
	drawn := sha256.Sum256(append(append([]byte(lotName), root[:]...), entry...))
	percent, _ := bits.Mul64(binary.BigEndian.Uint64(drawn[:]), 100)
	return share > 0 && percent < uint64(share)
}
