// Package breached answers one question: is this password, with its usual
// decorations taken off, a common or breached password or a dictionary word?
//
// The list itself is not here, only a binary fuse filter of its 16-bit
// fingerprints: nothing on the list is ever missed, and a password that is not
// on it is refused by mistake at a rate of 2^-16 a look-up, under one in a
// thousand passwords in the worst case (see maxDecoration). SOURCES.md says
// where the words come from and in which versions.
package breached

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"sync"

	"github.com/FastFilter/xorfilter"
)

//go:generate go run ./build

//go:embed common.filter
var file []byte

// The filter is half a megabyte and only wanted when somebody chooses a
// password, so it is read then. A file that cannot be read is a broken build,
// and a policy without its list must not go on.
var filter = sync.OnceValue(func() *xorfilter.BinaryFuse[uint16] {
	f, err := xorfilter.LoadBinaryFuse[uint16](bytes.NewReader(file))
	if err != nil {
		panic("breached: embedded filter: " + err.Error())
	}
	return f
})

// Contains says whether the password is common: on the list as it stands, or
// after folding (case, accents, look-alike digits, repetition) with up to ten
// digits and punctuation marks taken off its ends.
func Contains(password string) bool {
	for _, candidate := range candidates(password) {
		if filter().Contains(Key(candidate)) {
			return true
		}
	}
	return false
}

// Key is the filter's key for a folded word: the first 8 bytes of its SHA-256.
func Key(folded string) uint64 {
	sum := sha256.Sum256([]byte(folded))
	return binary.BigEndian.Uint64(sum[:8])
}
