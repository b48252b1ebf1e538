package ledger

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/store"
)

// Config is what a ledger stands on. Appending and reading need the ring alone.
type Config struct {
	DB      *store.DB
	Ring    *keys.Ring
	Origin  string        // names the ledger on its heads: the issuer's host and "/ledger"
	Keys    *rotation.Set // Ed25519, kept for ever ([keys.LedgerSchedule])
	Witness string        // file outside the database that collects the heads; "" for none

	WitnessKeys []string // public keys of the outside witnesses whose signatures count ([cosign.NewKey])
}

// Ledger appends, sequences, reads and proves. It is safe for concurrent use.
type Ledger struct{ Config }

// New returns the ledger kept in the database.
func New(c Config) *Ledger { return &Ledger{c} }

// Append records an event in the transaction it speaks of, and returns the
// entry's id. Person is whom it concerns; "" for the gateway itself, and while a
// registration has no person yet. If the transaction fails, nothing happened
// and nothing is recorded. Personal fields need a person whose key is not erased.
func (l *Ledger) Append(tx *store.Tx, person string, e Event) (id string, err error) {
	id = store.NewID()
	return id, l.AppendAs(tx, id, person, e)
}

// AppendAll is [Ledger.Append] for several events of one person.
func (l *Ledger) AppendAll(tx *store.Tx, person string, events ...Event) error {
	for _, e := range events {
		if _, err := l.Append(tx, person, e); err != nil {
			return err
		}
	}
	return nil
}

// AppendAs is [Ledger.Append] under an id that the caller had from
// [store.NewID]: what it stands for is recorded once, and a second time is
// [store.ErrTaken]. An event without personal fields is a single statement.
func (l *Ledger) AppendAs(tx *store.Tx, id, person string, e Event) error {
	s, ok := shapes[e.Kind()]
	if !ok {
		return fmt.Errorf("ledger: %q is no kind of event", e.Kind())
	}
	w := l.write(s, id, tx.Now, person, e)
	opening, err := l.seal(tx, id, person, w.disclosures)
	if err != nil {
		return fmt.Errorf("ledger: %s: %w", s.kind, err)
	}
	return tx.AppendLedger(store.LedgerRow{ID: id, At: tx.Now, Kind: s.kind, Person: person, Body: w.leaf(), Opening: opening})
}

func (l *Ledger) write(s shape, id string, at time.Time, person string, e Event) *writer {
	w := &writer{id: id, kind: s.kind, at: at, person: l.commitment(id, person)}
	s.write(w, e)
	return w
}

// personDisclosure is behind the commitment to the person. Its salt follows
// from the entry's id under the gateway's key, so that the gateway can always
// check whose entry it is, and the leaf tells nobody else.
func (l *Ledger) personDisclosure(id, person string) disclosure {
	return newDisclosure(l.Ring.Digest("ledger/person", id), personField, person)
}

// commitment is the leaf's commitment to the person; "" for none.
func (l *Ledger) commitment(id, person string) string {
	if person == "" {
		return ""
	}
	return l.personDisclosure(id, person).digest()
}

// seal encrypts what opens an entry's commitments: under the person's key, or
// the gateway's where there is no person.
func (l *Ledger) seal(tx *store.Tx, id, person string, d []disclosure) (string, error) {
	if len(d) == 0 {
		return "", nil
	}
	plain, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	if person == "" {
		return l.Ring.Encrypt(openingPlace(id), string(plain))
	}
	key, err := tx.PersonalKey(person)
	if err != nil {
		return "", err
	}
	return key.Encrypt(openingPlace(id), string(plain)), nil
}

func openingPlace(id string) string { return "ledger/opening/" + id }

// saltBytes is the size of a commitment's salt: 128 bits, as RFC 9901, 9.3 recommends.
const saltBytes = 16

func newSalt() string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails (crypto/rand)
	return b64(salt)
}

// timeForm is how a moment stands in a leaf: UTC, to the millisecond (RFC 3339).
const timeForm = "2006-01-02T15:04:05.000Z"

func formatTime(t time.Time) string { return t.UTC().Format(timeForm) }
