package provisional

import (
	"context"
	"encoding/json"
	"time"

	"kapu/internal/identity"
)

// pending is a registration whose e-mail address is not proved yet, or whose
// password is not chosen yet: all that is known of it anywhere. A browser has one.
type pending struct {
	ID       string            `json:"id"` // of the case, in the ledger
	Nonce    string            `json:"n"`  // of the challenge that was spent for it
	Person   identity.Person   `json:"p"`
	Username identity.Username `json:"u"`
	Email    identity.Email    `json:"e"`
	Lang     string            `json:"l"` // of letters
	Code     string            `json:"c"` // digest of the code of the letter
	Begun    time.Time         `json:"b"`
	Until    time.Time         `json:"t"`
	Proved   bool              `json:"v"` // the code was shown
	Taken    bool              `json:"x"` // somebody was given the username meanwhile
}

const pendingPurpose = "provisional/pending/"

// pendingKey names the registration of a browser. The secret itself is nowhere
// in the store.
func (x *Room) pendingKey(browser string) string {
	return "provisional/pending/" + x.Broker.Ring.Digest("provisional/pending", browser)
}

func (x *Room) sealPending(browser string, p pending) ([]byte, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	sealed, err := x.Broker.Ring.Seal(pendingPurpose+browser, raw)
	return []byte(sealed), err
}

// openPending opens a sealed registration; false if its time is over.
func (x *Room) openPending(browser string, sealed []byte) (p pending, ok bool) {
	raw, err := x.Broker.Ring.Unseal(pendingPurpose+browser, string(sealed))
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return pending{}, false
	}
	return p, x.Broker.Now().Before(p.Until)
}

// pending is the registration of a browser, if it has one.
func (x *Room) pending(ctx context.Context, browser string) (p pending, sealed []byte, ok bool, err error) {
	if browser == "" {
		return p, nil, false, nil
	}
	sealed, found, err := x.Broker.Volatile.Get(ctx, x.pendingKey(browser))
	if err != nil || !found {
		return p, nil, false, err
	}
	p, ok = x.openPending(browser, sealed)
	return p, sealed, ok, nil
}

// keep stores a registration in place of the browser's earlier one.
func (x *Room) keep(ctx context.Context, browser string, p pending) error {
	sealed, err := x.sealPending(browser, p)
	if err != nil {
		return err
	}
	return x.Broker.Volatile.Put(ctx, x.pendingKey(browser), sealed, p.Until.Sub(x.Broker.Now()))
}

// replace stores a registration in place of what was read before; false if
// another tab was first.
func (x *Room) replace(ctx context.Context, browser string, old []byte, p pending) (bool, error) {
	sealed, err := x.sealPending(browser, p)
	if err != nil {
		return false, err
	}
	return x.Broker.Volatile.CompareAndSwap(ctx, x.pendingKey(browser), old, sealed, p.Until.Sub(x.Broker.Now()))
}

// taken stands in place of a registration while its account is made.
var taken = []byte("taken")

const takenLife = time.Minute

// take claims a registration as it was read: of two tabs one gets it, and
// neither takes what a third has begun anew.
func (x *Room) take(ctx context.Context, browser string, read []byte) (bool, error) {
	return x.Broker.Volatile.CompareAndSwap(ctx, x.pendingKey(browser), read, taken, takenLife)
}

// drop forgets the registration of a browser.
func (x *Room) drop(ctx context.Context, browser string) error {
	return x.Broker.Volatile.Delete(ctx, x.pendingKey(browser))
}
