package life

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/store"
)

// The kinds of acts that are announced and wait.
const (
	Delete     = "delete"
	RemoveTOTP = "remove-totp"
	Email      = "email"
)

// content is what is kept, sealed, of an act that waits.
type content struct {
	By         Actor          `json:"by,omitzero"`
	Email      identity.Email `json:"email,omitempty"`      // the new address
	NeedsNew   bool           `json:"new,omitempty"`        // it has not confirmed yet
	NeedsOld   bool           `json:"old,omitempty"`        // nor has the old one
	Earliest   time.Time      `json:"earliest,omitzero"`    // a desk's change of address takes no effect before
	Credential string         `json:"credential,omitempty"` // id of what is to be taken off
}

// put records an act in place of any other of its kind, with the token that stops it.
func (l *Life) put(tx *store.Tx, a identity.Account, kind string, c content, token string, due time.Time) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.PutAct(store.PendingAct{Account: a.ID, Kind: kind, Data: data, Digest: l.digest(token), Due: due})
	return err
}

func contentOf(act store.PendingAct) (c content, err error) {
	if err := json.Unmarshal(act.Data, &c); err != nil {
		return c, fmt.Errorf("life: act %s: %w", act.ID, err)
	}
	return c, nil
}

// announced returns when the act of a kind that waits on the account is due;
// zero if none waits. It holds the account, so that nobody announces beside us.
func announced(tx *store.Tx, a identity.Account, kind string) (time.Time, error) {
	if over(a, tx.Now) {
		return time.Time{}, ErrGone
	}
	if err := hold(tx, a.ID); err != nil {
		return time.Time{}, err
	}
	act, err := tx.Act(a.ID, kind)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	return act.Due, err
}

// hold lets one act after the other happen to an account.
func hold(tx *store.Tx, account string) error {
	if err := tx.HoldAccount(account); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return ErrGone
}

// linkPurpose keeps the digests of links apart from those of other secrets.
const linkPurpose = "life/link"

func (l *Life) digest(token string) string { return l.Ring.Digest(linkPurpose, token) }

// The pages that links lead to. The token names itself and nobody.
const (
	confirmPath = "/confirm?c="
	stopPath    = "/stop?c="
)

func (l *Life) confirmLink(token string) string { return l.Issuer + confirmPath + token }

func (l *Life) stopLink(token string) string { return l.Issuer + stopPath + token }

// issue puts a code of a link in place of any other for its purpose, and returns the token.
func (l *Life) issue(tx *store.Tx, a identity.Account, purpose string, until time.Time) (token string, err error) {
	token = keys.RandomToken()
	return token, tx.PutCode(store.Code{Account: a.ID, Purpose: purpose, Digest: l.digest(token), Expires: until})
}

// revoke makes the links for these purposes worthless.
func revoke(tx *store.Tx, account string, purposes ...string) error {
	for _, purpose := range purposes {
		c, err := tx.Code(account, purpose)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := tx.SpendCode(c.ID); err != nil && !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return nil
}

// Pending is an act that waits on an account.
type Pending struct {
	Kind     string
	Due      time.Time      // carried out then; forgotten, while it needs to be confirmed
	NeedsNew bool           // the new address has not confirmed yet
	NeedsOld bool           // the old address has not confirmed yet
	Email    identity.Email // the new address
}

// Pending lists what waits on an account, the next due first.
func (l *Life) Pending(tx *store.Tx, account string) ([]Pending, error) {
	acts, err := tx.ActsOf(account)
	if err != nil {
		return nil, err
	}
	var all []Pending
	for _, act := range acts {
		c, err := contentOf(act)
		if err != nil {
			return nil, err
		}
		if tx.Now.Before(act.Due) { // else it is over, and the job is on its way
			all = append(all, Pending{act.Kind, act.Due, c.NeedsNew, c.NeedsOld, c.Email})
		}
	}
	return all, nil
}
