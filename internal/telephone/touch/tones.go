package touch

import "math"

// The frequencies of ITU-T Q.23, in Hz; a key sounds one of each.
var (
	low  = [4]float64{697, 770, 852, 941}
	high = [4]float64{1209, 1336, 1477, 1633}
)

// keypad has the key of each pair; '-' marks A to D.
const keypad = "123-456-789-*0#-"

const (
	rate  = 8000
	block = 102 // samples looked at together: 12.75 ms, whose bins lie 78 Hz apart

	// faintest is the energy of a block in which a key may be heard: each tone
	// at about -34 dBm0.
	faintest = 2e7
	// Twist is how much louder one group may be than the other: 8 dB if it is
	// the high one, 4 dB if it is the low one (a usual tolerance, Q.24).
	twistHigh = 6.31
	twistLow  = 2.51
	// clearer is how much a tone must stand out in its group: 8 dB.
	clearer = 6.3
	// purer is how much of a block's energy must be the two tones': a voice
	// that happens to sing both sings more besides.
	purer = 0.80

	blocksDown = 2 // alike, one after the other: the key is down
	blocksUp   = 3 // without it: the key is up
)

var lowTurn, highTurn = turns(low), turns(high)

// turns are the coefficients of Goertzel's filters.
func turns(hz [4]float64) (t [4]float64) {
	for i, f := range hz {
		t[i] = 2 * math.Cos(2*math.Pi*f/rate)
	}
	return t
}

// Tones hears keys in sound. The zero value is ready.
type Tones struct {
	filled  int
	energy  float64
	bins    [8]bin // four low, four high
	last    byte   // the key of the block before
	alike   int    // how many blocks had it
	down    byte   // the key that is down, 0 for none
	without int    // blocks since it was heard
}

type bin struct{ a, b float64 }

func (v *bin) feed(turn, x float64) { v.a, v.b = turn*v.a-v.b+x, v.a }

func (v *bin) power(turn float64) float64 { return v.a*v.a + v.b*v.b - turn*v.a*v.b }

// Hear takes samples (8000 a second) and calls down for each key that goes
// down in them.
func (t *Tones) Hear(samples []int16, down func(key rune)) {
	for _, s := range samples {
		x := float64(s)
		t.energy += x * x
		for i := range 4 {
			t.bins[i].feed(lowTurn[i], x)
			t.bins[4+i].feed(highTurn[i], x)
		}
		if t.filled++; t.filled == block {
			if key := t.settle(t.judge()); key != 0 {
				down(rune(key))
			}
			t.filled, t.energy, t.bins = 0, 0, [8]bin{}
		}
	}
}

// judge says which key a block sounds of, 0 for none.
func (t *Tones) judge() byte {
	if t.energy < faintest {
		return 0
	}
	l, lowPower, lowClear := loudest(t.bins[:4], lowTurn)
	h, highPower, highClear := loudest(t.bins[4:], highTurn)
	if !lowClear || !highClear || highPower > lowPower*twistHigh || lowPower > highPower*twistLow {
		return 0
	}
	// A pure tone of energy e has the power e·block/2.
	if lowPower+highPower < purer*t.energy*block/2 {
		return 0
	}
	return keypad[l*4+h]
}

func loudest(bins []bin, turn [4]float64) (at int, power float64, clear bool) {
	var powers [4]float64
	for i := range bins {
		if powers[i] = bins[i].power(turn[i]); powers[i] > power {
			at, power = i, powers[i]
		}
	}
	for i, p := range powers {
		if i != at && p*clearer > power {
			return at, power, false
		}
	}
	return at, power, true
}

// settle takes a block's key and returns the one that has just gone down.
func (t *Tones) settle(key byte) (pressed byte) {
	if key == t.last {
		t.alike++
	} else {
		t.last, t.alike = key, 1
	}
	if key != 0 && key == t.down {
		t.without = 0
		return 0
	}
	if t.down != 0 {
		if t.without++; t.without >= blocksUp {
			t.down = 0
		}
	}
	if key == 0 || key == '-' || t.alike < blocksDown {
		return 0
	}
	t.down, t.without = key, 0
	return key
}
