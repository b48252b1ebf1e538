package store

import (
	"encoding/json"
	"strings"

	"kapu/internal/identity"
	"kapu/internal/keys"
)

// PersonField is one of the things that are known of a person, each encrypted by
// itself: its place among the columns.
type PersonField int

// The fields, in the order of personColumns; the first of those is the register's.
const (
	CurrentName PersonField = iota + 1
	BirthName
	MotherBirthName
	BirthPlace
	BirthDate
	Address
	Nationality
	PersonalID
	TaxNumber
	TAJ
)

// personColumns are the encrypted columns of a person, in the order of
// [personFields].
var personColumns = []string{
	"register_ref", "current_name", "birth_name", "mother_birth_name", "birth_place", "birth_date",
	"address", "nationality", "personal_id", "tax_number", "taj",
}

// SavePerson records what the register says of the human being whom it calls
// ref, and returns the gateway's id for them. Known people are brought up to date.
func (tx *Tx) SavePerson(ref string, p identity.Person) (string, error) {
	index := tx.db.ring.Index("persons/register", ref)
	var id, wrapped string
	err := tx.row([]any{&id, &wrapped}, "SELECT id, key FROM persons WHERE register_index = $1", index)
	if err == ErrNotFound {
		return tx.addPerson(index, ref, p)
	}
	if err != nil {
		return "", err
	}
	key, err := tx.db.ring.OpenPersonal(id, wrapped)
	if err != nil {
		return "", err
	}
	return id, tx.updatePerson(id, key, index, ref, p)
}

func (tx *Tx) updatePerson(id string, key *keys.Personal, index, ref string, p identity.Person) error {
	args := []any{id, index, tx.coreIndex(p.BirthName, p.BirthDate), millis(tx.Now)}
	set := "UPDATE persons SET register_index = $2, core_index = $3, checked = $4"
	for i, v := range personFields(ref, p) {
		set += ", " + personColumns[i] + " = " + placeholder(i+5)
		args = append(args, key.Encrypt(place("persons", personColumns[i], id), v))
	}
	return tx.one(ErrNotFound, set+" WHERE id = $1", args...)
}

// provisionalRef begins the reference of people whom the register does not know
// of yet; no register's reference does.
const provisionalRef = "provisional:"

// AddProvisionalPerson records what somebody says of themselves (R8). The person
// has no reference of the register until [Tx.ConfirmPerson].
func (tx *Tx) AddProvisionalPerson(p identity.Person) (id string, err error) {
	ref := provisionalRef + NewID()
	return tx.addPerson(tx.db.ring.Index("persons/register", ref), ref, p)
}

// ConfirmPerson gives a provisional person the register's reference and record.
// ErrTaken: another person has that reference; ErrStale: this one is not provisional.
func (tx *Tx) ConfirmPerson(id, ref string, p identity.Person) error {
	former, err := tx.RegisterReference(id)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(former, provisionalRef) {
		return ErrStale
	}
	key, err := tx.PersonalKey(id)
	if err != nil {
		return err
	}
	return tx.updatePerson(id, key, tx.db.ring.Index("persons/register", ref), ref, p)
}

// ProvisionalLike returns the provisional accounts whose owners stated the same
// four data, compared without case.
func (tx *Tx) ProvisionalLike(core identity.Core) ([]identity.Account, error) {
	candidates, err := tx.accounts("a.provisional = 1 AND p.core_index = $1", tx.coreIndex(core.BirthName, core.BirthDate))
	if err != nil {
		return nil, err
	}
	var like []identity.Account
	for _, a := range candidates {
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(p.BirthPlace, core.BirthPlace) && foldName(p.MotherBirthName) == foldName(core.MotherBirthName) {
			like = append(like, a)
		}
	}
	return like, nil
}

func (tx *Tx) addPerson(index, ref string, p identity.Person) (string, error) {
	id := NewID()
	key, wrapped, err := tx.db.ring.NewPersonal(id)
	if err != nil {
		return "", err
	}
	args := []any{id, wrapped, index, tx.coreIndex(p.BirthName, p.BirthDate), millis(tx.Now), millis(tx.Now)}
	names, marks := "", ""
	for i, v := range personFields(ref, p) {
		names += ", " + personColumns[i]
		marks += ", " + placeholder(i+7)
		args = append(args, key.Encrypt(place("persons", personColumns[i], id), v))
	}
	_, err = tx.exec("INSERT INTO persons (id, key, register_index, core_index, created, checked"+names+
		") VALUES ($1, $2, $3, $4, $5, $6"+marks+")", args...)
	return id, err
}

// Person returns all that is known of a person. After [Tx.ErasePerson] it is ErrNotFound.
func (tx *Tx) Person(id string) (identity.Person, error) {
	_, p, err := tx.person(id)
	return p, err
}

// RegisterReference is the name by which the population register knows a person.
func (tx *Tx) RegisterReference(id string) (string, error) {
	ref, _, err := tx.person(id)
	return ref, err
}

func (tx *Tx) person(id string) (string, identity.Person, error) {
	p := newSealedPerson(tx)
	if err := tx.row(append(p.into(), &p.id), selectPerson, id); err != nil {
		return "", identity.Person{}, err
	}
	return p.open()
}

// sealedColumns are what a whole [sealedPerson] is read from, in the table named p.
var sealedColumns = "p.key, p." + strings.Join(personColumns, ", p.")

// sealedFields are what those of its fields are read from; all of it where none are named.
func sealedFields(fields []PersonField) string {
	if len(fields) == 0 {
		return sealedColumns
	}
	columns := "p.key"
	for _, f := range fields {
		columns += ", p." + personColumns[f]
	}
	return columns
}

var selectPerson = "SELECT " + sealedColumns + ", p.id FROM persons p WHERE p.id = $1"

// sealedPerson is a person whose data nobody has opened yet.
type sealedPerson struct {
	ring    *keys.Ring
	id      string
	wrapped string // the key
	fields  []string
}

func newSealedPerson(tx *Tx) *sealedPerson {
	return &sealedPerson{ring: tx.db.ring, fields: make([]string, len(personColumns))}
}

// into is where the columns go: those of the fields, or all.
func (p *sealedPerson) into(fields ...PersonField) []any {
	into := make([]any, 0, len(p.fields)+8)
	into = append(into, &p.wrapped)
	for _, f := range fields {
		into = append(into, &p.fields[f])
	}
	if len(fields) > 0 {
		return into
	}
	for i := range p.fields {
		into = append(into, &p.fields[i])
	}
	return into
}

// open decrypts what was read of the person, and the register's reference.
func (p *sealedPerson) open() (ref string, person identity.Person, err error) {
	key, err := p.ring.OpenPersonal(p.id, p.wrapped)
	if err != nil {
		return "", person, err
	}
	plain := make([]string, len(p.fields))
	for i, sealed := range p.fields {
		if sealed == "" {
			continue
		}
		if plain[i], err = key.Decrypt(place("persons", personColumns[i], p.id), sealed); err != nil {
			return "", person, err
		}
	}
	person, err = personOf(plain[1:])
	return plain[0], person, err
}

// PersonalKey opens the key under which a person's data are encrypted; the
// ledger seals its openings with it. After erasure it is [keys.ErrSealed] or ErrNotFound.
func (tx *Tx) PersonalKey(id string) (*keys.Personal, error) {
	var wrapped string
	if err := tx.row([]any{&wrapped}, "SELECT key FROM persons WHERE id = $1", id); err != nil {
		return nil, err
	}
	return tx.db.ring.OpenPersonal(id, wrapped)
}

// unneeded is true of persons who have neither an account nor a numeric credential.
const unneeded = `NOT EXISTS (SELECT 1 FROM accounts a WHERE a.person = persons.id)
	AND NOT EXISTS (SELECT 1 FROM phones k WHERE k.person = persons.id)`

// ErasePerson deletes a person who has no account and no numeric credential left,
// with the key of all that was ever encrypted for them. It says whether it did.
func (tx *Tx) ErasePerson(id string) (bool, error) {
	if err := tx.holdPersons([]string{id}); err != nil {
		return false, err
	}
	n, err := tx.exec("DELETE FROM persons WHERE id = $1 AND "+unneeded, id)
	return n == 1, err
}

// PersonByReference finds a person by the register's name for them.
func (tx *Tx) PersonByReference(ref string) (string, error) {
	var id string
	err := tx.row([]any{&id}, "SELECT id FROM persons WHERE register_index = $1", tx.db.ring.Index("persons/register", ref))
	return id, err
}

// coreIndex is the blind index for the desk's search by birth name and date.
func (tx *Tx) coreIndex(birth identity.Name, date identity.Date) string {
	return tx.db.ring.Index("persons/core", foldName(birth)+"\n"+date.String())
}

func foldName(n identity.Name) string { return strings.ToLower(n.String()) }

func personFields(ref string, p identity.Person) []string {
	address, _ := json.Marshal(p.Address) // four strings always marshal
	return []string{
		ref, joinName(p.CurrentName), joinName(p.BirthName), joinName(p.MotherBirthName), p.BirthPlace, p.BirthDate.String(),
		string(address), p.Nationality, string(p.PersonalID), string(p.TaxNumber), string(p.TAJ),
	}
}

// personOf is the reverse of personFields, without the reference. What was not
// read is empty.
func personOf(v []string) (p identity.Person, err error) {
	p = identity.Person{
		CurrentName: splitName(v[0]),
		Core:        identity.Core{BirthName: splitName(v[1]), MotherBirthName: splitName(v[2]), BirthPlace: v[3]},
		Nationality: v[6], PersonalID: identity.PersonalID(v[7]), TaxNumber: identity.TaxNumber(v[8]), TAJ: identity.TAJ(v[9]),
	}
	if v[4] != "" {
		if p.BirthDate, err = identity.ParseDate(v[4]); err != nil {
			return p, err
		}
	}
	if v[5] != "" {
		err = json.Unmarshal([]byte(v[5]), &p.Address)
	}
	return p, err
}

// A name is stored in one field; the line break cannot occur in a name.
func joinName(n identity.Name) string { return n.Family + "\n" + n.Given }

func splitName(s string) identity.Name {
	family, given, _ := strings.Cut(s, "\n")
	return identity.Name{Family: family, Given: given}
}
