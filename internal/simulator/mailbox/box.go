package mailbox

import (
	"strconv"
	"sync"
	"time"
)

const (
	capacity       = 10_000    // messages kept; the oldest are forgotten
	longestMessage = 256 << 10 // bytes
)

// Mood is how the mailbox treats what it is given: a switch for tests.
type Mood int32

// Moods. What was refused is not kept.
const (
	Accepting      Mood = iota
	RefusingNow         // "come back later": 451; 503 for text messages
	RefusingAlways      // "no such mailbox": 550; 422
	Down                // connections are dropped before a word is said
)

// Box keeps messages. It is safe for concurrent use.
type Box struct {
	now     func() time.Time
	records map[string]string
	server  *server
	carrier *carrier

	mu   sync.RWMutex
	mood Mood
	kept []Message // oldest first
	last int       // id of the newest
}

// SetMood changes how the mailbox behaves from now on.
func (b *Box) SetMood(m Mood) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mood = m
}

// Mood is how the mailbox behaves.
func (b *Box) Mood() Mood {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.mood
}

func (b *Box) keep(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	m.ID, m.Received = strconv.Itoa(b.last), b.now().UTC()
	if len(b.kept) == capacity {
		b.kept[0] = Message{} // let go of its texts before the slice moves on
		b.kept = b.kept[1:]
	}
	b.kept = append(b.kept, m)
}

// Messages lists what went to an address or to one that holds the given part, newest first; "" is everything.
func (b *Box) Messages(to string) []Message {
	b.mu.RLock()
	defer b.mu.RUnlock()
	found := []Message{}
	for i := len(b.kept) - 1; i >= 0; i-- {
		if b.kept[i].wentTo(to) {
			found = append(found, b.kept[i])
		}
	}
	return found
}

// Message finds one by its id.
func (b *Box) Message(id string) (Message, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	n, err := strconv.Atoi(id)
	i := n - 1 - (b.last - len(b.kept))
	if err != nil || i < 0 || i >= len(b.kept) {
		return Message{}, false
	}
	return b.kept[i], true
}
