package password

import (
	"errors"
	"runtime"
	"time"
)

// Params are argon2id's costs (RFC 9106 section 3.1).
type Params struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// OWASP is the first choice of the OWASP Password Storage Cheat Sheet:
// 19 MiB, two passes, one lane.
var OWASP = Params{Memory: 19 * 1024, Passes: 2, Threads: 1}

// Bounds of a stored record. A row somebody tampered with must not be able to
// make the server hash for minutes or take all its memory.
const (
	maxMemory  = 256 * 1024 // KiB
	maxPasses  = 16
	maxThreads = 16
	minSalt    = 8
	maxSalt    = 64
	minSum     = 16
	maxSum     = 64
)

func (p Params) valid() bool {
	return p.Threads >= 1 && p.Threads <= maxThreads &&
		p.Passes >= 1 && p.Passes <= maxPasses &&
		p.Memory >= 8*uint32(p.Threads) && p.Memory <= maxMemory
}

// DefaultQueuePerSlot is how many callers may wait for each slot. At about
// 40 ms a hash the last of them waits under three seconds, which is as long as
// a citizen in front of a form should.
const DefaultQueuePerSlot = 64

// MaxBytes is the longest password hashed, in bytes after normalisation. It
// lies far above any Policy.Max, and only keeps a hostile form from feeding
// the hash megabytes.
const MaxBytes = 4096

const (
	saltBytes = 16
	sumBytes  = 32
)

// Config says how a Hasher works. The zero value is usable: OWASP's costs, one
// slot a processor, no pepper.
type Config struct {
	Params Params // zero: OWASP
	Slots  int    // hashes at once; zero: GOMAXPROCS
	Queue  int    // callers that may wait; zero: DefaultQueuePerSlot a slot; negative: none

	// Peppers are keys from outside the database (32 bytes each). The first
	// one is used for new records; the others only verify older ones, so a
	// pepper can be rotated. Records from before the first pepper still verify.
	Peppers [][]byte

	// Release, if set, is called once when no hash has been asked for during
	// Quiet after the last one. Every hash takes 19 MiB which the runtime
	// keeps for the next; debug.FreeOSMemory here gives them back to the
	// system after a burst, at a cost of about 20 ms of page faults to the
	// first hash of the next one.
	Release func()
	Quiet   time.Duration
}

// Errors of a Hasher. None of them contains anything that was typed.
var (
	// ErrBusy: slots and queue are full; answer 503 and ask to try again.
	ErrBusy = errors.New("password: too many hashes are waiting")
	// ErrTooLong: more than MaxBytes; only Hash says it.
	ErrTooLong = errors.New("password: longer than the cap")
	// ErrRecord: the stored record is not one of ours, or needs a pepper that
	// is not configured. It means a broken row or configuration, not a wrong password.
	ErrRecord = errors.New("password: stored record is unusable")
	// ErrConfig: costs out of bounds, or a pepper that is not 32 bytes.
	ErrConfig = errors.New("password: configuration out of bounds")
)

func (c Config) withDefaults() Config {
	if c.Params == (Params{}) {
		c.Params = OWASP
	}
	if c.Slots <= 0 {
		c.Slots = runtime.GOMAXPROCS(0)
	}
	switch {
	case c.Queue == 0:
		c.Queue = c.Slots * DefaultQueuePerSlot
	case c.Queue < 0:
		c.Queue = 0
	}
	return c
}
