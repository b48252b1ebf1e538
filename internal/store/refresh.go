package store

import (
	"time"

	"kapu/internal/authn"
	"kapu/internal/identity"
)

// Family is the state of a family of refresh tokens: all that came of one grant,
// each in the place of the one before.
type Family struct {
	Generation int64     // of the token that counts; the first is 0
	Rotated    time.Time // when it came to be
}

// AddFamily records that a grant has refresh tokens. ErrTaken: it has them already.
func (tx *Tx) AddFamily(grant string, expires time.Time) error {
	_, err := tx.exec("INSERT INTO refresh_families (grant_id, generation, rotated, expires) VALUES ($1, 0, $2, $3)",
		grant, millis(tx.Now), millis(expires))
	return err
}

// RotateFamily puts the next generation in the place of this one. ErrStale: it
// is not the one that counts, or the family is gone.
func (tx *Tx) RotateFamily(grant string, generation int64) error {
	return tx.one(ErrStale, "UPDATE refresh_families SET generation = generation + 1, rotated = $3 WHERE grant_id = $1 AND generation = $2",
		grant, generation, millis(tx.Now))
}

// Family returns the state of a grant's family, or ErrNotFound.
func (tx *Tx) Family(grant string) (f Family, err error) {
	var rotated int64
	err = tx.row([]any{&f.Generation, &rotated}, "SELECT generation, rotated FROM refresh_families WHERE grant_id = $1", grant)
	f.Rotated = fromMillis(rotated)
	return f, err
}

// EndGrant records that what was issued under a grant counts no more, nor what
// was issued under a session if the id is a session's. A family goes with its
// grant.
func (tx *Tx) EndGrant(id string, expires time.Time) error {
	if _, err := tx.exec("DELETE FROM refresh_families WHERE grant_id = $1", id); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO ended_grants (id, expires) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET expires = excluded.expires WHERE ended_grants.expires < excluded.expires`, id, millis(expires))
	return err
}

// GrantEnded tells whether a grant, or the session under which it was made ("" for
// none), was ended.
func (tx *Tx) GrantEnded(grant, session string) (bool, error) {
	var n int64
	err := tx.row([]any{&n}, "SELECT COUNT(*) FROM ended_grants WHERE id IN ($1, $2)", grant, session)
	return n > 0, err
}

// grantStanding is what is read of an account for every token that somebody shows:
// its standing, without Has and Office, and whether the grant was ended.
type grantStanding struct {
	authn.Standing
	until, from, provisional, ended int64
}

// grantColumns are read from accounts a for the account $1, the grant $2 and the
// session $3.
const grantColumns = `a.person, a.state, a.valid_until, a.sessions_from, a.provisional,
	(SELECT COUNT(*) FROM ended_grants WHERE id = $2) + (SELECT COUNT(*) FROM ended_grants WHERE id = $3)`

func (g *grantStanding) into() []any {
	return []any{&g.Person, &g.State, &g.until, &g.from, &g.provisional, &g.ended}
}

func (g *grantStanding) standing(account string) (authn.Standing, bool) {
	g.Account, g.ValidUntil, g.SessionsFrom, g.Provisional = account, fromMillis(g.until), fromMillis(g.from), g.provisional != 0
	return g.Standing, g.ended > 0
}

// StandingOf is [Tx.Standing] and [Tx.GrantEnded] by one question, without Has and
// Office.
func (tx *Tx) StandingOf(account, grant, session string) (authn.Standing, bool, error) {
	var g grantStanding
	err := held(func(holders string) error {
		return tx.row(g.into(), "SELECT "+grantColumns+" FROM "+holders+" a WHERE a.id = $1", account, grant, session)
	})
	s, ended := g.standing(account)
	return s, ended, err
}

// SealedOwner is the owner of an account, of whom nobody has opened anything yet.
type SealedOwner struct {
	person         *sealedPerson
	account, email string
}

// Person decrypts what was read of the person. After [Tx.ErasePerson] it errs
// with [keys.ErrSealed], as Email does.
func (o *SealedOwner) Person() (identity.Person, error) {
	_, p, err := o.person.open()
	return p, err
}

// Email decrypts the account's address.
func (o *SealedOwner) Email() (identity.Email, error) {
	a := identity.Account{ID: o.account, PersonID: o.person.id, Email: identity.Email(o.email)}
	err := openContact(o.person.ring, &a, o.person.wrapped)
	return a.Email, err
}

// StandingWith is [Tx.StandingOf] together with the owner, by one question. Of the
// person, only the fields named are read; all where none are.
func (tx *Tx) StandingWith(account, grant, session string, fields ...PersonField) (authn.Standing, bool, *SealedOwner, error) {
	var g grantStanding
	o := &SealedOwner{person: newSealedPerson(tx), account: account}
	err := held(func(holders string) error {
		return tx.row(append(append(o.person.into(fields...), &o.email), g.into()...),
			"SELECT "+sealedFields(fields)+", a.email, "+grantColumns+" FROM "+holders+" a JOIN persons p ON p.id = a.person WHERE a.id = $1", account, grant, session)
	})
	s, ended := g.standing(account)
	o.person.id = s.Person
	return s, ended, o, err
}

// StandingInFamily is [Tx.StandingOf] and [Tx.Family] by one question, with Has.
// Without account or family it is ErrNotFound.
func (tx *Tx) StandingInFamily(account, grant, session string) (s authn.Standing, ended bool, f Family, err error) {
	var rotated int64
	var has []string
	err = held(func(holders string) error {
		err := tx.few(func(scan func(...any) error) error {
			var g grantStanding
			var kind string
			if err := scan(append(g.into(), &f.Generation, &rotated, &kind)...); err != nil {
				return err
			}
			if s, ended = g.standing(account); kind != "" {
				has = append(has, kind)
			}
			return nil
		}, "SELECT "+grantColumns+", f.generation, f.rotated, COALESCE(k.kind, "+ownKind(holders)+`)
			FROM `+holders+` a JOIN refresh_families f ON f.grant_id = $2 LEFT JOIN credentials k ON k.account = a.id
			WHERE a.id = $1 ORDER BY k.kind`, account, grant, session)
		if err == nil && s.Person == "" {
			err = ErrNotFound
		}
		return err
	})
	s.Has, f.Rotated = has, fromMillis(rotated)
	return s, ended, f, err
}

// SweepGrants deletes at most limit of what can count no more of each kind, and
// says how many.
func (tx *Tx) SweepGrants(limit int) (done int64, err error) {
	for _, text := range []string{
		"DELETE FROM refresh_families WHERE grant_id IN (SELECT grant_id FROM refresh_families WHERE expires <= $1 LIMIT $2)",
		"DELETE FROM ended_grants WHERE id IN (SELECT id FROM ended_grants WHERE expires <= $1 LIMIT $2)",
	} {
		n, err := tx.exec(text, millis(tx.Now), limit)
		if err != nil {
			return done, err
		}
		done += n
	}
	return done, nil
}
