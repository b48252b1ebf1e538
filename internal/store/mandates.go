package store

import (
	"crypto/subtle"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MandateState is where a mandate stands; package mandate says what leads where.
type MandateState string

// The states: two that wait, one that gives rights, and five that are over.
const (
	MandateOffered   MandateState = "offered"   // nobody has accepted it yet
	MandateAccepted  MandateState = "accepted"  // somebody has, and the principal has not confirmed them
	MandateInForce   MandateState = "in-force"  // both want it
	MandateRefused   MandateState = "refused"   // one of the two did not want the other
	MandateWithdrawn MandateState = "withdrawn" // the principal took the offer back
	MandateLapsed    MandateState = "lapsed"    // nobody answered in time
	MandateEnded     MandateState = "ended"     // somebody ended it
	MandateExpired   MandateState = "expired"   // its time was over
)

// Mandate is what lets one person act for another at some services. It holds ids
// only: names are read where they are shown, so that they end with their person.
type Mandate struct {
	ID             string
	Principal      string // the person for whom somebody acts
	Account        string // theirs, from which it was given
	Representative string // the person who acts; "" while nobody has accepted it
	Services       []string
	Reveal         string // how the representative sees the principal's name
	State          MandateState
	EndedBy        string
	Code           string // digest of the code by which the offer is found; "" once it is used
	Office         string // where a desk recorded it; "" for on line
	Created        time.Time
	Changed        time.Time
	Due            time.Time // until when it stays as it is
	Until          time.Time // until when it is given
}

// proof is the keyed digest of all that a mandate says: whoever can write to the
// database, and lacks the keys, makes nobody another's representative.
func (tx *Tx) mandateProof(m Mandate) string {
	return tx.db.ring.Digest("mandates/row", strings.Join([]string{
		m.ID, m.Principal, m.Account, m.Representative, strings.Join(m.Services, " "), m.Reveal, string(m.State), m.EndedBy, m.Code, m.Office,
		strconv.FormatInt(millis(m.Due), 10), strconv.FormatInt(millis(m.Until), 10),
	}, "\n"))
}

// listed are ids as they are kept: with a blank before and after each.
func listed(ids []string) string { return " " + strings.Join(ids, " ") + " " }

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// AddMandate records a mandate under a new id.
func (tx *Tx) AddMandate(m Mandate) (Mandate, error) {
	m.ID, m.Created, m.Changed = NewID(), tx.Now, tx.Now
	_, err := tx.exec(`INSERT INTO mandates (id, principal, account, representative, services, reveal, state, ended_by, code, office, created, changed, due, until, proof)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14)`,
		m.ID, m.Principal, m.Account, orNull(m.Representative), listed(m.Services), m.Reveal, string(m.State), m.EndedBy, orNull(m.Code), m.Office,
		millis(tx.Now), millis(m.Due), millis(m.Until), tx.mandateProof(m))
	return m, err
}

// ChangeMandate puts a mandate in the place of what it was. ErrStale: somebody
// else was first.
func (tx *Tx) ChangeMandate(was, m Mandate) (Mandate, error) {
	m.Changed = tx.Now
	return m, tx.one(ErrStale, `UPDATE mandates SET representative = $3, services = $4, state = $5, ended_by = $6, code = $7, changed = $8, due = $9, until = $10, proof = $11
		WHERE id = $1 AND proof = $2`, m.ID, tx.mandateProof(was), orNull(m.Representative), listed(m.Services), string(m.State), m.EndedBy, orNull(m.Code),
		millis(tx.Now), millis(m.Due), millis(m.Until), tx.mandateProof(m))
}

const selectMandates = `SELECT m.id, m.principal, m.account, COALESCE(m.representative, ''), m.services, m.reveal, m.state, m.ended_by, COALESCE(m.code, ''),
	m.office, m.created, m.changed, m.due, m.until, m.proof FROM mandates m `

// mandates reads those that are as we wrote them.
func (tx *Tx) mandates(rest string, args ...any) (all []Mandate, err error) {
	err = tx.few(func(scan func(...any) error) error {
		var m Mandate
		var services, proof string
		var created, changed, due, until int64
		if err := scan(&m.ID, &m.Principal, &m.Account, &m.Representative, &services, &m.Reveal, &m.State, &m.EndedBy, &m.Code,
			&m.Office, &created, &changed, &due, &until, &proof); err != nil {
			return err
		}
		m.Services, m.Created, m.Changed, m.Due, m.Until = strings.Fields(services), fromMillis(created), fromMillis(changed), fromMillis(due), fromMillis(until)
		if subtle.ConstantTimeCompare([]byte(proof), []byte(tx.mandateProof(m))) == 1 {
			all = append(all, m)
		}
		return nil
	}, selectMandates+rest, args...)
	return all, err
}

func (tx *Tx) mandate(where, value string) (Mandate, error) {
	all, err := tx.mandates("WHERE "+where+" = $1", value)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Mandate{}, err
	}
	return all[0], nil
}

// Mandate returns a mandate. ErrNotFound: there is none.
func (tx *Tx) Mandate(id string) (Mandate, error) { return tx.mandate("m.id", id) }

// MandateByCode finds the offer that a code stands for, by its digest.
func (tx *Tx) MandateByCode(digest string) (Mandate, error) { return tx.mandate("m.code", digest) }

// MandatesOf are all that a person gave or holds, the newest first.
func (tx *Tx) MandatesOf(person string) ([]Mandate, error) {
	return tx.mandates("WHERE m.principal = $1 OR m.representative = $1 ORDER BY m.created DESC, m.id DESC", person)
}

// inForce is what a mandate needs to give any right: its own time, and the account
// from which it was given.
const inForce = `JOIN accounts a ON a.id = m.account AND a.person = m.principal
	WHERE m.state = 'in-force' AND m.until > $2 AND a.state = 'active' AND a.valid_until > $2 AND a.provisional = 0 AND `

// MandatesFor are the mandates by which somebody may act now at a service, the
// oldest first.
func (tx *Tx) MandatesFor(representative, service string) ([]Mandate, error) {
	all, err := tx.mandates(inForce+"m.representative = $1 ORDER BY m.created, m.id", representative, millis(tx.Now))
	return slices.DeleteFunc(all, func(m Mandate) bool { return !slices.Contains(m.Services, service) }), err
}

// MandateHolds returns a mandate by which its representative may act now at a
// service. ErrNotFound: it gives no right there, or none any more.
func (tx *Tx) MandateHolds(id, service string) (Mandate, error) {
	all, err := tx.mandates(inForce+"m.id = $1", id, millis(tx.Now))
	if err == nil && (len(all) == 0 || !slices.Contains(all[0].Services, service)) {
		err = ErrNotFound
	}
	if err != nil {
		return Mandate{}, err
	}
	return all[0], nil
}

const livingMandate = "m.state IN ('offered', 'accepted', 'in-force')"

// MandatesDue are those whose time in their state is over, the longest due first.
func (tx *Tx) MandatesDue(limit int) ([]Mandate, error) {
	return tx.mandates("WHERE "+livingMandate+" AND m.due <= $1 ORDER BY m.due LIMIT $2", millis(tx.Now), limit)
}

// MandatesEnding are those that live and end with accounts and with persons.
func (tx *Tx) MandatesEnding(accounts, persons []string) (all []Mandate, err error) {
	for column, ids := range map[string][]string{"m.account": accounts, "m.representative": persons} {
		err := inPortions(ids, func(ids []string) error {
			some, err := tx.mandates("WHERE "+livingMandate+" AND "+column+" IN "+marks(0, len(ids)), anys(nil, ids)...)
			all = append(all, some...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// SweepMandates forgets those that have been over since before, and says how many.
func (tx *Tx) SweepMandates(before time.Time, limit int) (int64, error) {
	return tx.exec("DELETE FROM mandates WHERE id IN (SELECT m.id FROM mandates m WHERE NOT "+livingMandate+" AND m.changed <= $1 LIMIT $2)", millis(before), limit)
}

// leaveMandates takes a service out of all mandates.
func (tx *Tx) leaveMandates(service string) error {
	all, err := tx.mandates("WHERE m.services LIKE $1", "% "+service+" %")
	if err != nil {
		return err
	}
	for _, m := range all {
		less := m
		less.Services = slices.DeleteFunc(slices.Clone(m.Services), func(s string) bool { return s == service })
		if _, err := tx.ChangeMandate(m, less); err != nil {
			return err
		}
	}
	return nil
}
