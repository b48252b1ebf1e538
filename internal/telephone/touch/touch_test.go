package touch_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"kapu/internal/telephone/g711"
	"kapu/internal/telephone/prompt"
	"kapu/internal/telephone/touch"
)

// event is one packet: payload and timestamp.
type event struct {
	code     byte
	end      bool
	duration uint16
	at       uint32
}

func (e event) payload() []byte {
	p := []byte{e.code, 10, 0, 0}
	if e.end {
		p[1] |= 0x80
	}
	binary.BigEndian.PutUint16(p[2:], e.duration)
	return p
}

func TestEveryKeyIsToldOnce(t *testing.T) {
	for name, c := range map[string]struct {
		sent []event
		want string
	}{
		"pressed, held, released three times": {[]event{{1, false, 160, 1000}, {1, false, 320, 1000}, {1, true, 480, 1000}, {1, true, 480, 1000}, {1, true, 480, 1000}}, "1"},
		"its beginning was lost":              {[]event{{2, true, 480, 1000}, {2, true, 480, 1000}}, "2"},
		"the same key twice":                  {[]event{{3, false, 160, 1000}, {3, true, 320, 1000}, {3, false, 160, 2000}, {3, true, 320, 2000}}, "33"},
		"twice, all ends lost":                {[]event{{3, false, 160, 1000}, {3, false, 160, 2000}}, "33"},
		"a late packet of the key before":     {[]event{{4, false, 160, 1000}, {5, false, 160, 3000}, {4, true, 480, 1000}, {5, true, 320, 3000}}, "45"},
		"held for more than eight seconds":    {[]event{{6, false, 65535, 1000}, {6, false, 160, 66535}, {6, true, 400, 66535}}, "6"},
		"star, hash, and what is no key":      {[]event{{10, true, 400, 1000}, {11, true, 400, 2000}, {12, true, 400, 3000}, {16, true, 400, 4000}, {255, true, 400, 5000}}, "*#"},
		"the clock of the sender turns over":  {[]event{{7, true, 400, math.MaxUint32 - 100}, {8, true, 400, 500}}, "78"},
		"the sender's clock is set anew":      {[]event{{7, true, 400, 900000}, {8, true, 400, 160}}, "78"},
		"the first event is at zero":          {[]event{{9, false, 160, 0}, {9, true, 400, 0}}, "9"},
	} {
		var e touch.Events
		heard := ""
		for _, s := range c.sent {
			if k := e.Hear(s.payload(), s.at); k != 0 {
				heard += string(k)
			}
		}
		if heard != c.want {
			t.Errorf("%s: heard %q, want %q", name, heard, c.want)
		}
	}
	if k := new(touch.Events).Hear([]byte{1, 2, 3}, 5); k != 0 {
		t.Errorf("half an event is a key: %c", k)
	}
}

// sound is so many milliseconds of tones of an amplitude each, in noise.
func sound(ms int, amplitude, noise float64, hz ...float64) []int16 {
	r := rand.New(rand.NewPCG(1, uint64(ms)))
	s := make([]int16, ms*8)
	for i := range s {
		v := noise * r.NormFloat64()
		for _, f := range hz {
			v += amplitude * math.Sin(2*math.Pi*f*float64(i)/8000)
		}
		s[i] = int16(max(-32000, min(32000, v)))
	}
	return s
}

var pairs = map[rune][2]float64{
	'1': {697, 1209}, '2': {697, 1336}, '3': {697, 1477}, '4': {770, 1209}, '5': {770, 1336}, '6': {770, 1477},
	'7': {852, 1209}, '8': {852, 1336}, '9': {852, 1477}, '*': {941, 1209}, '0': {941, 1336}, '#': {941, 1477},
}

// heard is what is heard in sounds, after they went through G.711 as on a line.
func heard(sounds ...[]int16) (keys string) {
	var tones touch.Tones
	for _, s := range sounds {
		code := make([]byte, len(s))
		for i, v := range s {
			code[i] = g711.FromSample(v)
		}
		out := make([]int16, len(code))
		g711.Samples(out, code, g711.ALaw)
		tones.Hear(out, func(k rune) { keys += string(k) })
	}
	return keys
}

func TestTonesOfEveryKey(t *testing.T) {
	for key, hz := range pairs {
		for name, c := range map[string]struct {
			amplitude, noise, off float64
			ms                    int
		}{
			"loud":             {12000, 0, 1, 80},
			"soft":             {600, 5, 1, 80},
			"in noise":         {6000, 700, 1, 80},
			"short":            {8000, 50, 1, 50},
			"long":             {8000, 50, 1, 500},
			"1.5 percent high": {8000, 50, 1.015, 80},
			"1.5 percent low":  {8000, 50, 0.985, 80},
		} {
			press := sound(c.ms, c.amplitude, c.noise, hz[0]*c.off, hz[1]*c.off)
			pause := sound(60, 0, c.noise)
			if got, want := heard(pause, press, pause, press, pause), string(key)+string(key); got != want {
				t.Errorf("%c %s: heard %q", key, name, got)
			}
		}
	}
}

func TestWhatIsNoKey(t *testing.T) {
	for name, s := range map[string][]int16{
		"silence":                sound(2000, 0, 0),
		"noise":                  sound(5000, 0, 4000),
		"dial tone":              sound(2000, 8000, 0, 425),
		"one tone of two":        sound(2000, 8000, 0, 770),
		"two of the same group":  sound(2000, 8000, 0, 697, 941),
		"a key and a third tone": sound(2000, 8000, 0, 697, 1209, 1477),
		"key A, which we lack":   sound(200, 8000, 0, 697, 1633),
		"3.5 percent off":        sound(200, 8000, 0, 770*1.035, 1336*1.035),
		"far too soft":           sound(200, 60, 0, 697, 1209),
		"a click of 10 ms":       sound(10, 8000, 0, 697, 1209),
		"high far louder":        mixed(sound(200, 800, 0, 697), sound(200, 8000, 0, 1209)),
	} {
		if got := heard(s, sound(60, 0, 0)); got != "" {
			t.Errorf("%s: heard %q", name, got)
		}
	}
}

func mixed(a, b []int16) []int16 {
	out := make([]int16, len(a))
	for i := range a {
		out[i] = a[i] + b[i]
	}
	return out
}

// A voice sings many tones at once, which glide; no key may be heard in it.
func TestAVoiceIsNoKey(t *testing.T) {
	var tones touch.Tones
	r := rand.New(rand.NewPCG(7, 7))
	voice := make([]int16, 8000*30)
	phase, pitch := 0.0, 120.0
	for i := range voice {
		if i%2400 == 0 {
			pitch = 90 + 160*r.Float64()
		}
		phase += 2 * math.Pi * pitch / 8000
		v := 0.0
		for h := 1.0; h*pitch < 3400; h++ {
			formant := math.Exp(-math.Pow((h*pitch-500)/400, 2)) + 0.6*math.Exp(-math.Pow((h*pitch-1400)/500, 2))
			v += 5000 * formant * math.Sin(h*phase)
		}
		voice[i] = int16(max(-32000, min(32000, v)))
	}
	tones.Hear(voice, func(k rune) { t.Errorf("a voice was heard as %c", k) })
}

// Nor in any of the gateway's own words, which a caller's telephone may send
// back as an echo: spoken in one go, in both languages.
func TestAPromptIsNoKey(t *testing.T) {
	for _, lang := range prompt.Langs() {
		var tones touch.Tones
		heard := 0
		for _, p := range prompt.List() {
			code := prompt.Sound(lang, p.ID)
			samples := make([]int16, len(code))
			heard += g711.Samples(samples, code, g711.ALaw)
			tones.Hear(samples, func(k rune) { t.Errorf("%s: %s was heard as %c", lang, p.ID, k) })
		}
		if heard < 60*g711.Rate {
			t.Errorf("%s: only %d s of prompts", lang, heard/g711.Rate)
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte{1, 10, 0, 160}, uint32(1), []byte{1, 138, 0, 160}, uint32(1))
	f.Add([]byte{}, uint32(0), []byte{255, 255, 255, 255}, uint32(math.MaxUint32))
	f.Fuzz(func(t *testing.T, a []byte, at uint32, b []byte, then uint32) {
		var e touch.Events
		first, again := e.Hear(a, at), e.Hear(a, at)
		if again != 0 {
			t.Errorf("told twice: %c, %c", first, again)
		}
		if k := e.Hear(b, then); k != 0 && !(k >= '0' && k <= '9' || k == '*' || k == '#') {
			t.Errorf("no key: %q", k)
		}
	})
}

func FuzzTones(f *testing.F) {
	seed := make([]byte, 800)
	f.Add(seed)
	f.Fuzz(func(t *testing.T, code []byte) {
		samples := make([]int16, len(code))
		g711.Samples(samples, code, g711.ALaw)
		var tones touch.Tones
		n := 0
		tones.Hear(samples, func(rune) { n++ })
		if n > len(samples)/200 {
			t.Errorf("%d keys in %d samples", n, len(samples))
		}
	})
}
