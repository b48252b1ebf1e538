package population

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"slices"
	"sync/atomic"
	"time"

	"kapu/internal/register"
)

// DefaultSize is how many people a register has when its options say nothing.
const DefaultSize = 2000

// Options say which people there are. The zero Options are the demo's.
type Options struct {
	Seed uint64
	Size int // named people included; DefaultSize when zero
	Now  func() time.Time
}

// Register is a synthetic population register. It is safe for concurrent use.
type Register struct {
	entries     []Entry
	byReference map[register.Reference]*Entry
	key         []byte // of references and trace numbers
	now         func() time.Time

	down  atomic.Bool
	delay atomic.Int64
}

// New builds the people of a seed: the named first, then the crowd.
func New(options Options) *Register {
	if options.Size == 0 {
		options.Size = DefaultSize
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	seed := binary.BigEndian.AppendUint64([]byte("kapu population simulator "), options.Seed)
	key := sha256.Sum256(seed)
	r := &Register{key: key[:], now: options.Now, byReference: make(map[register.Reference]*Entry, options.Size)}
	r.entries = newBuilder(options.Seed, options.Size).people(options.Size)
	for i := range r.entries {
		entry := &r.entries[i]
		entry.Reference = register.Reference(r.derive("reference", string(entry.Person.PersonalID)))
		entry.folded = foldStatement(entry.Statement())
		r.byReference[entry.Reference] = entry
	}
	return r
}

// People are all people, the named first. The entries are the caller's to keep, not to change.
func (r *Register) People() []Entry { return slices.Clone(r.entries) }

// In are the people in a situation.
func (r *Register) In(situation Situation) (people []Entry) {
	for _, entry := range r.entries {
		if entry.Situation == situation {
			people = append(people, entry)
		}
	}
	return people
}

// SetDown closes or opens the register: while it is down every question ends in register.ErrUnavailable.
func (r *Register) SetDown(down bool) { r.down.Store(down) }

// Down says whether the register is closed.
func (r *Register) Down() bool { return r.down.Load() }

// SetDelay makes every answer take at least so long.
func (r *Register) SetDelay(delay time.Duration) { r.delay.Store(int64(delay)) }

// Delay is how long every answer takes at least.
func (r *Register) Delay() time.Duration { return time.Duration(r.delay.Load()) }

// trace is the number of a check. It follows from the request's id, so that a repeated request has the same.
func (r *Register) trace(requestID string) string {
	if requestID == "" {
		requestID = rand.Text()
	}
	const length = 12
	return "SZL-" + r.derive("trace", requestID)[:length]
}

// derive is a stable name for a value that tells nothing about it.
func (r *Register) derive(purpose, value string) string {
	mac := hmac.New(sha256.New, r.key)
	mac.Write([]byte(purpose + "\x00" + value))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:20])
}
