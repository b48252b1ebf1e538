package store

import (
	"encoding/json"
	"strings"
	"time"

	"kapu/internal/identity"
)

// CardCode is the registration code that came with an electronic identity card
// (R10): of the code itself there is a slow hash only. Reference and Document
// are encrypted under the gateway's key, since the holder is nobody of ours yet;
// they are empty once the code is over.
type CardCode struct {
	ID            string
	Reference     string // the register's name for the holder
	Document      identity.Document
	Record        string // hash of the code
	State         string
	Tries         int    // wrong codes so far
	ReservedBy    string // digest of the browser's token; stays after the reservation
	ReservedUntil time.Time
	Office        string
	Clerk         string // account of the clerk who issued it
	Issued        time.Time
	Changed       time.Time
	Expires       time.Time
}

// AddCardCode records a code under the id that it has already.
func (tx *Tx) AddCardCode(c CardCode) error {
	reference, document, err := tx.sealHolder(c)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO card_codes (id, document_index, reference, document, digest, state, tries, reserved_by, reserved_until, office, clerk, issued, changed, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.ID, tx.cardIndex(c.Document.Number), reference, document, c.Record, c.State, c.Tries, c.ReservedBy, millis(c.ReservedUntil),
		c.Office, c.Clerk, millis(tx.Now), millis(tx.Now), millis(c.Expires))
	return err
}

func (tx *Tx) cardIndex(number string) string {
	return tx.db.ring.Index("card_codes/document", number)
}

func (tx *Tx) sealHolder(c CardCode) (reference, document string, err error) {
	if reference, err = tx.db.ring.Encrypt(place("card_codes", "reference", c.ID), c.Reference); err != nil || c.Document == (identity.Document{}) {
		return reference, "", err
	}
	raw, err := json.Marshal(c.Document)
	if err != nil {
		return "", "", err
	}
	document, err = tx.db.ring.Encrypt(place("card_codes", "document", c.ID), string(raw))
	return reference, document, err
}

// SwapCardCode records what has become of a code, in one conditional update.
// ErrStale: it is not any more what it was when it was read.
func (tx *Tx) SwapCardCode(was, is CardCode) error {
	reference, document, err := tx.sealHolder(is)
	if err != nil {
		return err
	}
	return tx.one(ErrStale, `UPDATE card_codes SET reference = $6, document = $7, state = $8, tries = $9, reserved_by = $10, reserved_until = $11, changed = $12
		WHERE id = $1 AND state = $2 AND tries = $3 AND reserved_by = $4 AND reserved_until = $5`,
		was.ID, was.State, was.Tries, was.ReservedBy, millis(was.ReservedUntil),
		reference, document, is.State, is.Tries, is.ReservedBy, millis(is.ReservedUntil), millis(tx.Now))
}

// CardCode returns the code with that id.
func (tx *Tx) CardCode(id string) (CardCode, error) {
	found, err := tx.cardCodes("id = $1", id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return CardCode{}, err
	}
	return found[0], nil
}

// CardCodesOf returns the codes of the card with that number, the newest first.
func (tx *Tx) CardCodesOf(number string) ([]CardCode, error) {
	return tx.cardCodes("document_index = $1 ORDER BY issued DESC, id DESC", tx.cardIndex(number))
}

// LapsedCardCodes returns codes in one of the states whose time is over, oldest first.
func (tx *Tx) LapsedCardCodes(states []string, limit int) ([]CardCode, error) {
	quoted := "'" + strings.Join(states, "', '") + "'" // in the text, where the partial index needs them
	return tx.cardCodes("expires <= $1 AND state IN ("+quoted+") ORDER BY expires LIMIT $2", millis(tx.Now), limit)
}

// DropCardCodes forgets codes whose time was over before the given moment, and
// says how many.
func (tx *Tx) DropCardCodes(before time.Time, limit int) (int64, error) {
	return tx.exec("DELETE FROM card_codes WHERE id IN (SELECT id FROM card_codes WHERE expires < $1 LIMIT $2)", millis(before), limit)
}

func (tx *Tx) cardCodes(where string, args ...any) (found []CardCode, err error) {
	err = tx.each(func(scan func(...any) error) error {
		var c CardCode
		var document string
		var reserved, issued, changed, expires int64
		err := scan(&c.ID, &c.Reference, &document, &c.Record, &c.State, &c.Tries, &c.ReservedBy, &reserved, &c.Office, &c.Clerk, &issued, &changed, &expires)
		if err != nil {
			return err
		}
		c.ReservedUntil, c.Issued, c.Changed, c.Expires = fromMillis(reserved), fromMillis(issued), fromMillis(changed), fromMillis(expires)
		err = tx.openHolder(&c, document)
		found = append(found, c)
		return err
	}, `SELECT id, reference, document, digest, state, tries, reserved_by, reserved_until, office, clerk, issued, changed, expires
		FROM card_codes WHERE `+where, args...)
	return found, err
}

func (tx *Tx) openHolder(c *CardCode, document string) (err error) {
	if c.Reference, err = tx.db.ring.Decrypt(place("card_codes", "reference", c.ID), c.Reference); err != nil || document == "" {
		return err
	}
	plain, err := tx.db.ring.Decrypt(place("card_codes", "document", c.ID), document)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(plain), &c.Document)
}
