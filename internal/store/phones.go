package store

import (
	"encoding/json"
	"errors"
	"time"
)

// PhoneKind is the kind under which the numeric credential stands in the standing
// of a session that was opened with it.
const PhoneKind = "phone"

// Phone is the numeric credential of a person (R20). Its identifier and contact are
// sealed with the person's key, password and answers under the gateway's.
type Phone struct {
	ID         string
	Person     string
	Identifier string
	Password   string    // digits
	Initial    bool      // the password is the one-time one
	Lapses     time.Time // when that ends
	Positions  string    // as they are asked now
	Heard      int       // answers that others may have heard since the password was chosen
	Wrong      int       // wrong answers in a row
	Misses     int       // wrong answers since the password was chosen
	Questions  string    // hashes of the answers; "" for none
	Reminders  string    // the questions as they are asked now
	Forgotten  int       // wrong tries at the questions in a row
	Contact    PhoneContact
	Told       string    // of which state the owner was told last
	Due        time.Time // when a sweep has to look at it; zero: never

	SessionsFrom time.Time // sessions that began at or before do not count
	Office       string    // that issued it last
	Created      time.Time
	Changed      time.Time // when the password was chosen or issued
	LastUsed     time.Time
}

// PhoneContact is where a one-time password goes, and notices about the credential.
type PhoneContact struct {
	Email string `json:"e,omitempty"`
	Phone string `json:"p,omitempty"` // international form
	Lang  string `json:"l"`
}

// AddPhone records a credential under a new id. ErrTaken: the person has one, or
// the identifier was given to somebody before.
func (tx *Tx) AddPhone(p Phone) (Phone, error) {
	p.ID, p.Created, p.Changed = NewID(), tx.Now, tx.Now
	index := tx.phoneIndex(p.Identifier)
	if _, err := tx.exec("INSERT INTO phone_identifiers (identifier_index) VALUES ($1)", index); err != nil {
		return p, err
	}
	key, err := tx.PersonalKey(p.Person)
	if err != nil {
		return p, err
	}
	sealed, err := tx.sealPhone(p)
	if err != nil {
		return p, err
	}
	_, err = tx.exec(`INSERT INTO phones (id, person, identifier, identifier_index, created, password, initial, lapses, positions, heard, wrong, misses,
			questions, reminders, forgotten, contact, told, due, sessions_from, office, changed, last_used)
		VALUES ($1, $19, $20, $21, $22, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		append(sealed, p.Person, key.Encrypt(place("phones", "identifier", p.ID), p.Identifier), index, millis(p.Created))...)
	return p, err
}

// FreeIdentifier tells whether an identifier was never given to anybody.
func (tx *Tx) FreeIdentifier(identifier string) (bool, error) {
	var n int64
	err := tx.row([]any{&n}, "SELECT COUNT(*) FROM phone_identifiers WHERE identifier_index = $1", tx.phoneIndex(identifier))
	return n == 0, err
}

// SavePhone records what of a credential may change. ErrNotFound: it is gone.
func (tx *Tx) SavePhone(p Phone) error {
	sealed, err := tx.sealPhone(p)
	if err != nil {
		return err
	}
	return tx.one(ErrNotFound, `UPDATE phones SET password = $2, initial = $3, lapses = $4, positions = $5, heard = $6, wrong = $7, misses = $8,
		questions = $9, reminders = $10, forgotten = $11, contact = $12, told = $13, due = $14, sessions_from = $15, office = $16,
		changed = $17, last_used = $18 WHERE id = $1`, sealed...)
}

// sealPhone are the arguments $1 to $18 of what may change.
func (tx *Tx) sealPhone(p Phone) ([]any, error) {
	ring := tx.db.ring
	password, err := ring.Encrypt(place("phones", "password", p.ID), p.Password)
	if err != nil {
		return nil, err
	}
	questions, err := ring.Encrypt(place("phones", "questions", p.ID), p.Questions)
	if err != nil {
		return nil, err
	}
	key, err := tx.PersonalKey(p.Person)
	if err != nil {
		return nil, err
	}
	contact, err := json.Marshal(p.Contact)
	if err != nil {
		return nil, err
	}
	return []any{p.ID, password, flag(p.Initial), millis(p.Lapses), p.Positions, int64(p.Heard), int64(p.Wrong), int64(p.Misses),
		questions, p.Reminders, int64(p.Forgotten), key.Encrypt(place("phones", "contact", p.ID), string(contact)), p.Told, millis(p.Due),
		millis(p.SessionsFrom), p.Office, millis(p.Changed), millis(p.LastUsed)}, nil
}

// Phone returns a credential by its id.
func (tx *Tx) Phone(id string) (Phone, error) { return tx.phone("k.id = $1", id) }

// PhoneOf returns the credential of a person.
func (tx *Tx) PhoneOf(person string) (Phone, error) { return tx.phone("k.person = $1", person) }

// PhoneByIdentifier finds a credential by its identifier.
func (tx *Tx) PhoneByIdentifier(identifier string) (Phone, error) {
	return tx.phone("k.identifier_index = $1", tx.phoneIndex(identifier))
}

// HoldPhone finds a credential by its identifier, and lets one transaction after
// the other work with it.
func (tx *Tx) HoldPhone(identifier string) (Phone, error) {
	index := tx.phoneIndex(identifier)
	if _, err := tx.exec("UPDATE phones SET due = due WHERE identifier_index = $1", index); err != nil {
		return Phone{}, err
	}
	return tx.phone("k.identifier_index = $1", index)
}

// HoldPhoneOf is [Tx.PhoneOf], and lets one transaction after the other work with it.
func (tx *Tx) HoldPhoneOf(person string) (Phone, error) {
	if _, err := tx.exec("UPDATE phones SET due = due WHERE person = $1", person); err != nil {
		return Phone{}, err
	}
	return tx.PhoneOf(person)
}

// MissPhone is what is written for an attempt at an identifier that nobody has.
func (tx *Tx) MissPhone(bucket int64) error {
	_, err := tx.exec(`INSERT INTO phone_misses (bucket, misses) VALUES ($1, 1)
		ON CONFLICT (bucket) DO UPDATE SET misses = phone_misses.misses + 1`, bucket)
	return err
}

// DuePhones returns the persons whose credential a sweep has to look at.
func (tx *Tx) DuePhones(limit int) (persons []string, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var person string
		err := scan(&person)
		persons = append(persons, person)
		return err
	}, "SELECT person FROM phones WHERE due > 0 AND due <= $1 ORDER BY due LIMIT $2"+tx.claim(), millis(tx.Now), limit)
	return persons, err
}

// EndPhone forgets the credential of a person, and the person with the key of all
// their data if they have no account. ErrNotFound: they have none.
func (tx *Tx) EndPhone(person string) error {
	if err := tx.one(ErrNotFound, "DELETE FROM phones WHERE person = $1", person); err != nil {
		return err
	}
	_, err := tx.ErasePerson(person)
	return err
}

func (tx *Tx) phoneIndex(identifier string) string {
	return tx.db.ring.Index("phones/identifier", identifier)
}

func (tx *Tx) phone(where string, args ...any) (p Phone, err error) {
	var identifier, password, questions, contact, wrapped string
	var initial, lapses, heard, wrong, misses, forgotten, due, from, created, changed, used int64
	err = tx.row([]any{&p.ID, &p.Person, &identifier, &password, &initial, &lapses, &p.Positions, &heard, &wrong, &misses, &questions, &p.Reminders,
		&forgotten, &contact, &p.Told, &due, &from, &p.Office, &created, &changed, &used, &wrapped},
		`SELECT k.id, k.person, k.identifier, k.password, k.initial, k.lapses, k.positions, k.heard, k.wrong, k.misses, k.questions, k.reminders,
			k.forgotten, k.contact, k.told, k.due, k.sessions_from, k.office, k.created, k.changed, k.last_used, p.key
		FROM phones k JOIN persons p ON p.id = k.person WHERE `+where, args...)
	if err != nil {
		return p, err
	}
	p.Initial, p.Lapses, p.Due, p.SessionsFrom = initial != 0, fromMillis(lapses), fromMillis(due), fromMillis(from)
	p.Heard, p.Wrong, p.Misses, p.Forgotten = int(heard), int(wrong), int(misses), int(forgotten)
	p.Created, p.Changed, p.LastUsed = fromMillis(created), fromMillis(changed), fromMillis(used)
	return p, tx.openPhone(&p, identifier, password, questions, contact, wrapped)
}

func (tx *Tx) openPhone(p *Phone, identifier, password, questions, contact, wrapped string) error {
	key, err := tx.db.ring.OpenPersonal(p.Person, wrapped)
	if err != nil {
		return err
	}
	var plain string
	var faults [4]error
	p.Identifier, faults[0] = key.Decrypt(place("phones", "identifier", p.ID), identifier)
	plain, faults[1] = key.Decrypt(place("phones", "contact", p.ID), contact)
	p.Password, faults[2] = tx.db.ring.Decrypt(place("phones", "password", p.ID), password)
	p.Questions, faults[3] = tx.db.ring.Decrypt(place("phones", "questions", p.ID), questions)
	if err := errors.Join(faults[:]...); err != nil {
		return err
	}
	return json.Unmarshal([]byte(plain), &p.Contact)
}

// EndPhoneSessions ends every session that was opened with a person's numeric
// credential, if they have one.
func (tx *Tx) EndPhoneSessions(person string) error {
	p, err := tx.PhoneOf(person)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.endSessionsOf(p.ID); err != nil {
		return err
	}
	_, err = tx.exec("UPDATE phones SET sessions_from = $2 WHERE id = $1", p.ID, millis(tx.Now))
	return err
}
