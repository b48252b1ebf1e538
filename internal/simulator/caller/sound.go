package caller

import (
	"encoding/binary"
	"math"
	"time"

	"kapu/internal/telephone/g711"
)

const (
	frameTime  = 20 * time.Millisecond
	frameBytes = 160
	// A key sounds for pressed frames, and then none for released.
	pressed  = 5
	released = 4
)

// Press types keys, one after the other.
func (x *Call) Press(keys string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.keys = append(x.keys, []rune(keys)...)
}

// Heard is what was heard so far, as it came.
func (x *Call) Heard() []byte {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]byte{}, x.heard...)
}

func (x *Call) listen() {
	var buffer [1500]byte
	for {
		n, err := x.rtp.Read(buffer[:])
		if err != nil {
			select {
			case <-x.ended:
				return
			default:
				continue // the line's port is not open yet
			}
		}
		at := x.config.Now()
		packet := buffer[:n]
		if x.seal != nil {
			if packet, err = x.seal.in.DecryptRTP(nil, packet, nil); err != nil {
				continue
			}
		}
		if len(packet) < 12 || packet[0]>>6 != 2 {
			continue
		}
		sound := packet[12:]
		if x.config.Heard != nil {
			x.config.Heard(at, binary.BigEndian.Uint16(packet[2:]), sound)
			continue
		}
		x.mu.Lock()
		x.heard = append(x.heard, sound...)
		x.mu.Unlock()
	}
}

// speak sends a packet every 20 ms: silence, or the key that is being pressed.
func (x *Call) speak() {
	var key rune
	var since, began uint32
	timer := time.NewTimer(0)
	defer timer.Stop()
	next := x.config.Now()
	for frame := uint32(0); ; frame++ {
		select {
		case <-x.ended:
			return
		case <-timer.C:
		}
		next = next.Add(frameTime)
		timer.Reset(next.Sub(x.config.Now()))
		if key != 0 && frame-began >= pressed+released {
			key = 0
		}
		if key == 0 {
			if key = x.nextKey(); key != 0 {
				began, since = frame, frame*frameBytes
			}
		}
		x.send(frame, key, frame-began, since)
	}
}

func (x *Call) nextKey() rune {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.keys) == 0 {
		return 0
	}
	k := x.keys[0]
	x.keys = x.keys[1:]
	return k
}

const keypad = "0123456789*#"

// send sends one packet; of the last of a key three, as RFC 4733 (2.5.1.4) asks.
func (x *Call) send(frame uint32, key rune, held, since uint32) {
	law := byte(g711.ALaw)
	if x.config.MuLaw {
		law = byte(g711.MuLaw)
	}
	if key == 0 || held >= pressed || x.config.Events == 0 {
		sound := make([]byte, frameBytes)
		x.fill(sound, key, held)
		x.packet(law, frame, frame*frameBytes, sound)
		return
	}
	code, end := byte(0), byte(0)
	for i, k := range keypad {
		if k == key {
			code = byte(i)
		}
	}
	times := 1
	if held == pressed-1 {
		end, times = 0x80, 3
	}
	lasted := (held + 1) * frameBytes
	for range times {
		x.packet(byte(x.config.Events), frame, since, []byte{code, end | 10, byte(lasted >> 8), byte(lasted)})
	}
}

var low, high = [4]float64{697, 770, 852, 941}, [3]float64{1209, 1336, 1477}

// fill makes silence, or the two tones of a key.
func (x *Call) fill(sound []byte, key rune, held uint32) {
	row, column := 0, 0
	for i, k := range "123456789*0#" {
		if k == key {
			row, column = i/3, i%3
		}
	}
	for i := range sound {
		sound[i] = g711.ALawSilence
		if key != 0 && held < pressed {
			at := float64(int(held)*frameBytes+i) / g711.Rate
			sound[i] = g711.FromSample(int16(6000*math.Sin(2*math.Pi*low[row]*at) + 6000*math.Sin(2*math.Pi*high[column]*at)))
		}
	}
	if x.config.MuLaw {
		g711.ToMuLaw(sound)
	}
}

func (x *Call) packet(kind byte, seq, stamp uint32, payload []byte) {
	p := make([]byte, 12, 12+len(payload))
	p[0], p[1] = 0x80, kind
	binary.BigEndian.PutUint16(p[2:], uint16(seq))
	binary.BigEndian.PutUint32(p[4:], stamp)
	binary.BigEndian.PutUint32(p[8:], 7)
	p = append(p, payload...)
	if x.seal != nil {
		var err error
		if p, err = x.seal.out.EncryptRTP(nil, p, nil); err != nil {
			return
		}
	}
	_, _ = x.rtp.Write(p) // a packet more or less
}
