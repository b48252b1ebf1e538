package store

import "time"

// Message is a mail or a text message on its way out. Recipient and Data are
// kept encrypted, and Data is gone once the message was sent or given up.
type Message struct {
	ID        string
	Medium    string // "mail" or "sms"
	Recipient string
	Template  string
	Lang      string
	Data      []byte // JSON for the template
	Patient   bool   // waits while there are others; not read back
	Created   time.Time
	Attempts  int
	Fault     string // kind of the last fault
}

// States of a message.
const (
	messageWaiting = "waiting"
	messagePatient = "patient" // waits, too, but for those that wait
	messageSent    = "sent"
	messageFailed  = "failed"
)

// Post puts a message into the outbox, to be sent as soon as the transaction is over.
func (tx *Tx) Post(m Message) error { return tx.PostMany([]Message{m}) }

// PostMany is [Tx.Post] for many.
func (tx *Tx) PostMany(all []Message) error {
	rows := make([][]any, 0, len(all))
	for _, m := range all {
		id := NewID()
		recipient, err := tx.db.ring.Encrypt(place("outbox", "recipient", id), m.Recipient)
		if err != nil {
			return err
		}
		data, err := tx.db.ring.Encrypt(place("outbox", "data", id), string(m.Data))
		if err != nil {
			return err
		}
		state := messageWaiting
		if m.Patient {
			state = messagePatient
		}
		rows = append(rows, []any{id, m.Medium, recipient, m.Template, m.Lang, data, state, millis(tx.Now), millis(tx.Now), 0, ""})
	}
	return tx.insert("outbox (id, medium, recipient, template, lang, data, state, created, due, attempts, fault)", rows)
}

// ClaimMessages takes messages that are due, patient ones last, and hides them
// from other processes for as long as given, in which they must be sent or postponed.
func (tx *Tx) ClaimMessages(limit int, hidden time.Duration) (claimed []Message, err error) {
	for _, state := range []string{messageWaiting, messagePatient} {
		some, err := tx.claimMessages(state, limit-len(claimed), hidden)
		if err != nil {
			return nil, err
		}
		if claimed = append(claimed, some...); len(claimed) == limit {
			break
		}
	}
	return claimed, nil
}

func (tx *Tx) claimMessages(state string, limit int, hidden time.Duration) (claimed []Message, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var m Message
		var data string
		var created int64
		err := scan(&m.ID, &m.Medium, &m.Recipient, &m.Template, &m.Lang, &data, &created, &m.Attempts, &m.Fault)
		m.Data, m.Created = []byte(data), fromMillis(created)
		claimed = append(claimed, m)
		return err
	}, `UPDATE outbox SET attempts = attempts + 1, due = $1 WHERE id IN (SELECT id FROM outbox WHERE state = $2 AND due <= $3 ORDER BY due LIMIT $4`+tx.db.dialect.skip+`)
		RETURNING id, medium, recipient, template, lang, data, created, attempts, fault`,
		millis(tx.Now.Add(hidden)), state, millis(tx.Now), limit)
	if err != nil {
		return nil, err
	}
	for i := range claimed {
		if err := tx.openMessage(&claimed[i]); err != nil {
			return nil, err
		}
	}
	return claimed, nil
}

func (tx *Tx) openMessage(m *Message) (err error) {
	if m.Recipient, err = tx.db.ring.Decrypt(place("outbox", "recipient", m.ID), m.Recipient); err != nil {
		return err
	}
	data, err := tx.db.ring.Decrypt(place("outbox", "data", m.ID), string(m.Data))
	m.Data = []byte(data)
	return err
}

// MessageSent records success and forgets what the message said.
func (tx *Tx) MessageSent(id string) error { return tx.endMessage(id, messageSent, "") }

// MessageFailed gives a message up; fault is a kind, never a text from outside.
func (tx *Tx) MessageFailed(id, fault string) error { return tx.endMessage(id, messageFailed, fault) }

func (tx *Tx) endMessage(id, state, fault string) error {
	return tx.one(ErrNotFound, "UPDATE outbox SET state = $2, fault = $3, data = '', recipient = '' WHERE id = $1", id, state, fault)
}

// PostponeMessage lets a message wait until due after a fault.
func (tx *Tx) PostponeMessage(id string, due time.Time, fault string) error {
	return tx.one(ErrNotFound, "UPDATE outbox SET due = $2, fault = $3 WHERE id = $1", id, millis(due), fault)
}

// CountMessages tells how many messages wait and how many were given up.
func (tx *Tx) CountMessages() (waiting, failed int64, err error) {
	err = tx.row([]any{&waiting, &failed},
		"SELECT (SELECT COUNT(*) FROM outbox WHERE state IN ($1, $2)), (SELECT COUNT(*) FROM outbox WHERE state = $3)", messageWaiting, messagePatient, messageFailed)
	return waiting, failed, err
}

// SweepMessages deletes what ended before the given time.
func (tx *Tx) SweepMessages(before time.Time) (int64, error) {
	return tx.exec("DELETE FROM outbox WHERE state NOT IN ($1, $2) AND created < $3", messageWaiting, messagePatient, millis(before))
}
