package g711_test

import (
	"testing"

	"kapu/internal/telephone/g711"
)

// ITU-T G.711, tables 1 and 2: the ends and the middle of both scales, here on
// a scale of sixteen bits.
func TestTheScales(t *testing.T) {
	for _, c := range []struct {
		law  g711.Law
		code byte
		want int16
	}{
		{g711.ALaw, 0xd5, 8}, {g711.ALaw, 0x55, -8}, {g711.ALaw, 0xaa, 32256}, {g711.ALaw, 0x2a, -32256}, {g711.ALaw, 0x85, 4224},
		{g711.MuLaw, 0xff, 0}, {g711.MuLaw, 0x7f, 0}, {g711.MuLaw, 0x80, 32124}, {g711.MuLaw, 0x00, -32124},
	} {
		var s [1]int16
		if g711.Samples(s[:], []byte{c.code}, c.law); s[0] != c.want {
			t.Errorf("%d %#x: %d, want %d", c.law, c.code, s[0], c.want)
		}
	}
}

// A-law told as µ-law sounds alike: within a step of the coarser scale.
func TestMuLawSoundsLikeALaw(t *testing.T) {
	var code, told [256]byte
	for i := range code {
		code[i], told[i] = byte(i), byte(i)
	}
	g711.ToMuLaw(told[:])
	var a, u [256]int16
	g711.Samples(a[:], code[:], g711.ALaw)
	g711.Samples(u[:], told[:], g711.MuLaw)
	for i := range a {
		if d := max(int(a[i])-int(u[i]), int(u[i])-int(a[i])); d > 16+max(int(a[i]), -int(a[i]))/30 {
			t.Errorf("%#x: %d became %d", i, a[i], u[i])
		}
		if g711.FromSample(a[i]) != byte(i) {
			t.Errorf("%#x does not come back", i)
		}
	}
}
