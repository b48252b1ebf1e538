package notify

import (
	"encoding/json"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/store"
)

// Reach is by what ways, beside the mailboxes of their accounts, a person wishes to be reached, as [store.Notices] keeps it
// among their settings.
type Reach struct {
	Phone identity.Phone `json:"phone,omitempty"` // proven to be theirs
	SMS   bool           `json:"sms,omitempty"`
}

// ReachOf reads how a person wishes to be reached.
func ReachOf(n store.Notices) (r Reach, err error) {
	if len(n.Settings) > 0 {
		err = json.Unmarshal(n.Settings, &r)
	}
	return r, err
}

// PostToAll puts m into the outbox for every address known of a person: those of all their accounts, each once and in
// the language of its account, and their phone, if they wish it and m has a short text. A warning reaches its owner so
// even where one mailbox is in wrong hands. Who has no account, but a telephone identifier, is reached as it was issued.
func PostToAll(tx *store.Tx, person string, m Message) error {
	accounts, err := tx.AccountsOf(person)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, a := range accounts {
		if told[a.Email.Canonical()] {
			continue
		}
		told[a.Email.Canonical()] = true
		if err := Post(tx, Recipient{Email: a.Email.String(), Lang: a.Lang}, m); err != nil {
			return err
		}
	}
	if len(accounts) == 0 {
		return postToHolder(tx, person, m)
	}
	return postToPhone(tx, person, accounts[0].Lang, m)
}

// HolderOf is how the holder of a telephone identifier is reached: at the one address to which its password went.
func HolderOf(p store.Phone) Recipient {
	return Recipient{Email: p.Contact.Email, Phone: p.Contact.Phone, Lang: p.Contact.Lang}
}

// postToHolder writes to somebody without any account, where they are reached as the holder of a telephone identifier,
// if they have one and m goes there.
func postToHolder(tx *store.Tx, person string, m Message) error {
	p, err := tx.PhoneOf(person)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	err = Post(tx, HolderOf(p), m)
	if errors.Is(err, ErrUnreachable) { // by text alone, and the message has none
		return nil
	}
	return err
}

func postToPhone(tx *store.Tx, person, lang string, m Message) error {
	n, err := tx.Notices(person)
	if err != nil {
		return err
	}
	reach, err := ReachOf(n)
	if err != nil || !reach.SMS || reach.Phone == "" || !hasShortText(m.kind()) {
		return err
	}
	return Post(tx, Recipient{Phone: reach.Phone.String(), Lang: lang}, m)
}
