package provisional

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"math/bits"
	"strings"
	"time"

	"kapu/internal/keys"
)

const (
	challengePurpose = "provisional/challenge"
	// challengeLife is how long a form may be filled in: an hour for the slowest,
	// and another for the telephone that rang.
	challengeLife = 2 * time.Hour
	// longestWork is the most digits of an answer. With it what is hashed fills a
	// single block of SHA-256 (FIPS 180-4, 5.1.1), so that every try costs the same.
	longestWork   = 10
	longestSealed = 400 // characters of a challenge in the form
)

// challenge is what a browser is given with the form. The right to send it is
// earned by an answer whose hash begins with enough zero bits, or by its age.
// It is sealed, so that nobody else makes one or makes one older than it is,
// and belongs to one browser.
type challenge struct {
	Nonce   string    `json:"n"`
	Browser string    `json:"b"` // digest of the browser's secret
	Issued  time.Time `json:"t"`
}

// newChallenge makes one for a browser, and its sealed form.
func (x *Room) newChallenge(browser string) (c challenge, sealed string, err error) {
	c = challenge{Nonce: keys.RandomToken(), Browser: x.browserDigest(browser), Issued: x.Broker.Now()}
	raw, err := json.Marshal(c)
	if err != nil {
		return c, "", err
	}
	sealed, err = x.Broker.Ring.Seal(challengePurpose, raw)
	return c, sealed, err
}

func (x *Room) browserDigest(secret string) string {
	return x.Broker.Ring.Digest("provisional/browser", secret)
}

// readChallenge opens what came back with the form; false if it is not ours,
// not this browser's, or too old.
func (x *Room) readChallenge(sealed, browser string) (c challenge, ok bool) {
	raw, err := x.Broker.Ring.Unseal(challengePurpose, sealed)
	if err != nil || json.Unmarshal(raw, &c) != nil || browser == "" {
		return challenge{}, false
	}
	same := subtle.ConstantTimeCompare([]byte(x.browserDigest(browser)), []byte(c.Browser)) == 1
	return c, same && x.Broker.Now().Before(c.Issued.Add(challengeLife))
}

// work is how many zero bits an answer's hash begins with; 0 for what is no answer.
func (c challenge) work(answer string) int {
	if answer == "" || len(answer) > longestWork || strings.Trim(answer, "0123456789") != "" {
		return 0
	}
	sum := sha256.Sum256([]byte(c.Nonce + "." + answer))
	zero := 0
	for _, b := range sum {
		zero += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return zero
}

// left is how long a browser that cannot compute still has to wait.
func (c challenge) left(p price, now time.Time) time.Duration {
	return max(c.Issued.Add(p.Wait).Sub(now), 0)
}

// spend makes sure that a challenge is used once; false if it was.
func (x *Room) spend(ctx context.Context, c challenge) (bool, error) {
	return x.Broker.Volatile.CompareAndSwap(ctx, "provisional/spent/"+x.Broker.Ring.Digest("provisional/spent", c.Nonce), nil, []byte{1}, challengeLife)
}
