// Package g711 owns the two codes of telephone sound (ITU-T G.711): 8000
// bytes a second, A-law in Europe and µ-law elsewhere. Its tables are made
// once; it refuses every other code and rate.
package g711

// Law is one of the two codes.
type Law byte

// The codes, and the static RTP payload types that stand for them (RFC 3551, 6).
const (
	ALaw  Law = 8
	MuLaw Law = 0
)

const (
	// Rate is how many bytes a second are.
	Rate = 8000
	// ALawSilence is A-law's byte for no sound.
	ALawSilence = 0xd5
)

var (
	fromALaw  [256]int16
	fromMuLaw [256]int16
	toMuLaw   [256]byte // of an A-law byte
)

func init() {
	for i := range 256 {
		fromALaw[i], fromMuLaw[i] = aLaw(byte(i)), muLaw(byte(i))
	}
	for i := range 256 {
		toMuLaw[i] = nearest(&fromMuLaw, fromALaw[i])
	}
}

// Samples writes the linear samples of code into to, and returns how many: as
// many as both have room for.
func Samples(to []int16, code []byte, law Law) int {
	table := &fromALaw
	if law == MuLaw {
		table = &fromMuLaw
	}
	n := min(len(to), len(code))
	for i, b := range code[:n] {
		to[i] = table[b]
	}
	return n
}

// ToMuLaw turns A-law into µ-law, in place.
func ToMuLaw(code []byte) {
	for i, b := range code {
		code[i] = toMuLaw[b]
	}
}

// FromSample is the A-law byte that is nearest to a linear sample.
func FromSample(s int16) byte { return nearest(&fromALaw, s) }

// aLaw expands a byte: sign, three bits of exponent, four of mantissa, with
// every second bit inverted.
func aLaw(b byte) int16 {
	b ^= 0x55
	v := int16(b&0x0f)<<4 + 8
	if exponent := b >> 4 & 7; exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if b&0x80 == 0 {
		return -v
	}
	return v
}

// muLaw expands a byte: as A-law's, with all bits inverted and a bias.
func muLaw(b byte) int16 {
	const bias = 0x84
	b = ^b
	v := (int16(b&0x0f)<<3+bias)<<(b>>4&7) - bias
	if b&0x80 != 0 {
		return -v
	}
	return v
}

// nearest is the code whose sample differs least.
func nearest(table *[256]int16, s int16) (code byte) {
	best := 1 << 17
	for i, v := range table {
		if d := max(int(v)-int(s), int(s)-int(v)); d < best {
			best, code = d, byte(i)
		}
	}
	return code
}
