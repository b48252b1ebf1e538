package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys"
	"kapu/internal/volatile"
)

// initialToken is what is known of an initial access token (RFC 7591, 1.2),
// under the digest of the token.
type initialToken struct {
	Name  string `json:"n"` // by which the ledger speaks of it
	Uses  int    `json:"u"` // how many clients it may yet register
	Until int64  `json:"x"` // milliseconds since 1970
}

// Bounds of an initial access token, and of what is done with any token.
const (
	MaxInitialUses    = 1000
	LongestInitial    = 90 * 24 * time.Hour
	perMinute         = 30 // registrations with one token, or looks at one of them
	initialNameLength = 8
	spendTries        = 16 // how often spending runs after others
)

// NewInitialToken makes a token with which so many clients may register. Its
// name is for the ledger and tells nothing of the token.
func NewInitialToken(ctx context.Context, ring *keys.Ring, kept volatile.Store, now time.Time, uses int, life time.Duration) (token, name string, err error) {
	if uses < 1 || uses > MaxInitialUses || life <= 0 || life > LongestInitial {
		return "", "", fmt.Errorf("oidc: a token is for 1 to %d registrations and for %s at most", MaxInitialUses, LongestInitial)
	}
	token = keys.RandomToken()
	name = ring.Digest("oidc/initial/name", token)[:initialNameLength]
	value, err := json.Marshal(initialToken{Name: name, Uses: uses, Until: now.Add(life).UnixMilli()})
	if err != nil {
		return "", "", err
	}
	return token, name, kept.Put(ctx, "oidc/initial/"+ring.Digest(initialPurpose, token), value, life)
}

func (p *Provider) initialKey(token string) string {
	return "oidc/initial/" + p.Broker.Ring.Digest(initialPurpose, token)
}

// initial looks a token up. A stranger's costs one reading and no writing.
func (p *Provider) initial(ctx context.Context, token string) (known initialToken, err error) {
	if token == "" {
		return known, errRegistration
	}
	known, _, err = p.readInitial(ctx, token)
	if err != nil {
		return known, err
	}
	return known, p.notTooOften(ctx, known.Name)
}

func (p *Provider) readInitial(ctx context.Context, token string) (known initialToken, raw []byte, err error) {
	raw, found, err := p.Broker.Volatile.Get(ctx, p.initialKey(token))
	if err != nil {
		return known, nil, err
	}
	if !found || json.Unmarshal(raw, &known) != nil || known.Uses < 1 || p.over(known.Until) {
		return known, nil, errRegistration
	}
	return known, raw, nil
}

// spendInitial takes one use of a token; of many who come at once only as many
// get one as there are left.
func (p *Provider) spendInitial(ctx context.Context, token string) error {
	for range spendTries {
		known, raw, err := p.readInitial(ctx, token)
		if err != nil {
			return err
		}
		known.Uses--
		next, err := json.Marshal(known)
		if err != nil {
			return err
		}
		left := time.UnixMilli(known.Until).Sub(p.Broker.Now())
		done, err := p.Broker.Volatile.CompareAndSwap(ctx, p.initialKey(token), raw, next, left)
		if err != nil || done {
			return err
		}
	}
	return errors.New("oidc: too many registrations at once")
}

// notTooOften counts what is done in the name of a token that is a good one.
func (p *Provider) notTooOften(ctx context.Context, name string) error {
	key := fmt.Sprintf("oidc/registrations/%s/%d", name, p.Broker.Now().Unix()/60)
	n, err := p.Broker.Volatile.Increment(ctx, key, 2*time.Minute)
	if err == nil && n > perMinute {
		return wire.Refuse(wire.TemporarilyUnavailable, "RFC 7591, 5", "no more than %d in a minute", perMinute)
	}
	return err
}
