package passkey

import (
	"context"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"kapu/internal/broker"
)

// challenge is what a key has to sign. It stands sealed in the page's form, so
// that asking for one writes nothing; that it was answered is remembered until it
// would be too old anyway.
type challenge struct {
	Visit string               `json:"v"` // the way on which it was asked, and with it the browser
	At    time.Time            `json:"t"`
	Asked webauthn.SessionData `json:"a"`
}

const challengePurpose = "passkey/challenge"

// longest sizes of what the form brings, in bytes.
const (
	longestChallenge = 4 << 10
	longestAnswer    = 16 << 10
)

func (x *Room) seal(v *broker.Visit, asked *webauthn.SessionData) (string, error) {
	raw, err := json.Marshal(challenge{Visit: v.Transaction.ID, At: x.Broker.Now(), Asked: *asked})
	if err != nil {
		return "", err
	}
	return x.Broker.Ring.Seal(challengePurpose, raw)
}

// unseal opens a challenge of this very visit. It is not good when it is too old,
// or somebody else's.
func (x *Room) unseal(v *broker.Visit, sealed string) (c challenge, good bool) {
	raw, err := x.Broker.Ring.Unseal(challengePurpose, sealed)
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return challenge{}, false
	}
	now := x.Broker.Now()
	return c, c.Visit == v.Transaction.ID && now.Before(c.At.Add(x.Broker.Law.PasskeyChallengeLife(now)))
}

// spend tells whether the challenge is answered for the first time.
func (x *Room) spend(ctx context.Context, c challenge) (first bool, err error) {
	key := "passkey-answered/" + x.Broker.Ring.Digest(challengePurpose, c.Asked.Challenge)
	return x.Broker.Volatile.CompareAndSwap(ctx, key, nil, []byte{1}, x.Broker.Law.PasskeyChallengeLife(x.Broker.Now()))
}
