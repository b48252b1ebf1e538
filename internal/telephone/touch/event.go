// Package touch owns how keys are heard: as events beside the sound (RFC
// 4733), or, of telephones that cannot send these, as pairs of tones within it
// (ITU-T Q.23). A key is told once, when it goes down, however often the
// network repeats it and however long it is held.
//
// It refuses the keys A to D, which no caller of ours has, and every other event.
package touch

// keys in the order of their event codes (RFC 4733, 3.2).
const keys = "0123456789*#"

// eventBytes is the length of an event's payload: code, end and volume, duration.
const eventBytes = 4

// Events hears keys as events. The zero value is ready.
type Events struct {
	begun   bool
	start   uint32 // the timestamp of the event heard last
	code    byte
	ended   bool
	through uint32 // how long it has lasted: 8000 is a second
}

// overtaken is how far behind the event heard last a packet may be and still be
// a late one of an event before it: a second. What lies further back comes from
// a sender whose clock was set anew.
const overtaken = 8000

// longest is the duration at which an event is told in segments (RFC 4733, 2.5.1.3).
const longest = 0xffff

// Hear takes one RTP packet's payload with its timestamp. It returns the key
// that has just gone down, or 0.
func (e *Events) Hear(payload []byte, timestamp uint32) rune {
	if len(payload) < eventBytes {
		return 0
	}
	code, end, lasted := payload[0], payload[1]&0x80 != 0, uint32(payload[2])<<8|uint32(payload[3])
	ahead := int32(timestamp - e.start)
	switch {
	case e.begun && ahead < 0 && ahead >= -overtaken: // late
		return 0
	case e.begun && ahead == 0: // the same again, or its end
		e.ended, e.through = e.ended || end, max(e.through, lasted)
		return 0
	case e.goesOn(code, ahead):
		e.start, e.through, e.ended = timestamp, lasted, end
		return 0
	}
	*e = Events{begun: true, start: timestamp, code: code, ended: end, through: lasted}
	if int(code) >= len(keys) {
		return 0
	}
	return rune(keys[code])
}

// goesOn tells whether a packet is the next segment of the event that is under
// way: it begins where that one's longest duration ends.
func (e *Events) goesOn(code byte, ahead int32) bool {
	return e.begun && !e.ended && code == e.code && e.through == longest && ahead == longest
}
