package notify

import (
	"encoding/json"
	"errors"
	"fmt"

	"kapu/internal/identity"
	"kapu/internal/store"
)

// Media of a message, as the outbox names them.
const (
	Mail = "mail"
	SMS  = "sms"
)

// Recipient is how a person can be reached. Either address may be empty.
type Recipient struct {
	Email string
	Phone string // international form: +36301234567
	Lang  string // "hu" or "en"; anything else is Hungarian
}

// Medium is by what a recipient with one address is reached.
func (to Recipient) Medium() string {
	if to.Email == "" {
		return SMS
	}
	return Mail
}

// Errors of Post. They hold no address.
var (
	// ErrUnreachable: the recipient has no address that this message could go to.
	ErrUnreachable = errors.New("notify: no address for this message")
	// ErrPhone: the phone number is not in the international form.
	ErrPhone = errors.New("notify: the phone number is not of the form +36301234567")
)

// Letter is a message and whom it is for.
type Letter struct {
	To      Recipient
	Message Message
}

// Post puts m into the outbox, for each address of the recipient that this kind of message goes to. It is part of the
// caller's transaction: no commit, no message. The error is *identity.Invalid for a bad mail address.
func Post(tx *store.Tx, to Recipient, m Message) error {
	return putAll(tx, []Letter{{to, m}}, false)
}

// PostMany is [Post] for the many letters of a night's work: all of them are posted, or none. They wait while others do,
// so that nobody waits for a code until everybody has been reminded.
func PostMany(tx *store.Tx, letters []Letter) error { return putAll(tx, letters, true) }

func putAll(tx *store.Tx, letters []Letter, patient bool) error {
	var all []store.Message
	for _, l := range letters {
		some, err := l.written(patient)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	if err := tx.PostMany(all); err != nil {
		return fmt.Errorf("notify: post: %w", err)
	}
	return nil
}

// written is the letter as the outbox keeps it, for each of its addresses.
func (l Letter) written(patient bool) (all []store.Message, err error) {
	f := l.Message.facts()
	if err := f.check(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	addresses, err := l.To.addresses(l.Message)
	for _, a := range addresses {
		all = append(all, store.Message{Medium: a.medium, Recipient: a.at, Template: l.Message.kind(), Lang: known(l.To.Lang), Data: data, Patient: patient})
	}
	return all, err
}

type address struct{ medium, at string }

func (to Recipient) addresses(m Message) (all []address, err error) {
	if to.Email != "" && hasLetter(m.kind()) {
		mail, err := identity.ParseEmail(to.Email)
		if err != nil {
			return nil, err
		}
		all = append(all, address{Mail, mail.String()})
	}
	if to.Phone != "" && hasShortText(m.kind()) {
		if phone, err := identity.ParsePhone(to.Phone); err != nil || phone.String() != to.Phone {
			return nil, ErrPhone
		}
		all = append(all, address{SMS, to.Phone})
	}
	if len(all) == 0 {
		return nil, ErrUnreachable
	}
	return all, nil
}
