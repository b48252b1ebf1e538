package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"kapu/internal/identity"
	"kapu/internal/keys"
)

// Resident is a person with all their accounts, as another gateway hands over its people.
type Resident struct {
	Reference string // the register's name for the person
	Person    identity.Person
	Accounts  []Settled
}

// Settled is an account of a resident. Its ids and creation are given by
// [DB.Settle] where they are empty.
type Settled struct {
	identity.Account
	Due         time.Time // when its life is looked at next
	Credentials []Credential
}

// Settle writes many people who are all new, at once: by COPY on PostgreSQL. The
// ids given are written into the residents. It may be called from several
// goroutines; what is sealed is sealed before a connection is taken. It errs like
// [Tx.AddAccount], and then writes nobody.
func (db *DB) Settle(ctx context.Context, residents []Resident) error {
	s := settlement{tx: &Tx{db: db, Now: db.now()}}
	for i := range residents {
		if err := s.person(&residents[i]); err != nil {
			return err
		}
	}
	if db.dialect.name == postgres.name {
		return db.copyIn(ctx, s.tables())
	}
	return db.Update(ctx, func(tx *Tx) error {
		for _, t := range s.tables() {
			if err := tx.insert(t.name+" ("+strings.Join(t.columns, ", ")+")", t.rows); err != nil {
				return err
			}
		}
		return nil
	})
}

// settlement is what is to be written, sealed.
type settlement struct {
	tx                             *Tx // for its clock and keys; it runs no statement
	persons, accounts, credentials [][]any
}

type table struct {
	name    string
	columns []string
	rows    [][]any
}

func (s *settlement) tables() []table {
	return []table{
		{"persons", append([]string{"id", "key", "register_index", "core_index", "created", "checked"}, personColumns...), s.persons},
		{"accounts", []string{"id", "person", "state", "username", "username_index", "folded_index", "email", "email_index", "lang", "office",
			"created", "activated", "valid_until", "sessions_from", "channel", "provisional", "due"}, s.accounts},
		{"credentials", []string{"id", "account", "kind", "secret", "counter", "initial", "created", "last_used"}, s.credentials},
	}
}

func (s *settlement) person(r *Resident) error {
	ring, id, now := s.tx.db.ring, NewID(), millis(s.tx.Now)
	key, wrapped, err := ring.NewPersonal(id)
	if err != nil {
		return err
	}
	row := []any{id, wrapped, ring.Index("persons/register", r.Reference), s.tx.coreIndex(r.Person.BirthName, r.Person.BirthDate), now, now}
	for i, v := range personFields(r.Reference, r.Person) {
		row = append(row, key.Encrypt(place("persons", personColumns[i], id), v))
	}
	s.persons = append(s.persons, row)
	for i := range r.Accounts {
		a := &r.Accounts[i]
		a.ID, a.PersonID = NewID(), id
		if a.Created.IsZero() {
			a.Created = s.tx.Now
		}
		if a.Channel == "" {
			a.Channel = identity.ChannelOffice
		}
		s.account(key, a)
		if err := s.proofs(a); err != nil {
			return err
		}
	}
	return nil
}

func (s *settlement) account(key *keys.Personal, a *Settled) {
	s.accounts = append(s.accounts, []any{a.ID, a.PersonID, string(a.State), key.Encrypt(place("accounts", "username", a.ID), string(a.Username)),
		s.tx.usernameIndex(a.Username), s.tx.foldedIndex(a.Username), key.Encrypt(place("accounts", "email", a.ID), string(a.Email)),
		s.tx.emailIndex(a.Email), a.Lang, a.Office, millis(a.Created), millis(a.Activated), millis(a.ValidUntil), millis(a.SessionsFrom),
		a.Channel, flag(a.Provisional), millis(a.Due)})
}

func (s *settlement) proofs(a *Settled) error {
	for _, c := range a.Credentials {
		sealed, err := s.tx.db.ring.Encrypt(place("credentials", c.Kind, a.ID), c.Secret)
		if err != nil {
			return err
		}
		s.credentials = append(s.credentials, []any{NewID(), a.ID, c.Kind, sealed, c.Counter, flag(c.Initial), millis(s.tx.Now), int64(0)})
	}
	return nil
}

// copyIn writes the tables by COPY, in one transaction.
func (db *DB) copyIn(ctx context.Context, tables []table) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return db.dialect.translate(conn.Raw(func(driver any) error {
		return pgx.BeginFunc(ctx, driver.(*stdlib.Conn).Conn(), func(t pgx.Tx) error {
			for _, into := range tables {
				if _, err := t.CopyFrom(ctx, pgx.Identifier{into.name}, into.columns, pgx.CopyFromRows(into.rows)); err != nil {
					return err
				}
			}
			return nil
		})
	}))
}

var errPeopled = errors.New("store: there are people in the database already")

// InBulk runs f, which settles many people in a database that has none, without
// the indexes that would slow it on PostgreSQL; they are made after, and the
// engine gets to know how much there is. If the process dies meanwhile, the
// database is of no use: drop it.
func (db *DB) InBulk(ctx context.Context, f func() error) error {
	if db.dialect.name != postgres.name {
		return f()
	}
	restore, err := db.bare(ctx)
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	for _, statement := range restore {
		if _, err := db.write.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err = db.write.ExecContext(ctx, "VACUUM ANALYZE persons, accounts, credentials")
	return err
}

// bare drops the indexes and constraints of the tables of people, except what
// makes their ids unique, and returns the statements that make them again. Indexes
// come before the constraints that look into them.
func (db *DB) bare(ctx context.Context) (restore []string, err error) {
	var drop []string
	rows, err := db.write.QueryContext(ctx, `
		SELECT 'DROP INDEX ' || i.indexname, i.indexdef FROM pg_indexes i
			WHERE i.tablename IN ('persons', 'accounts', 'credentials') AND i.schemaname = current_schema()
			AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
		UNION ALL
		SELECT 'ALTER TABLE ' || c.conrelid::regclass || ' DROP CONSTRAINT ' || c.conname,
			'ALTER TABLE ' || c.conrelid::regclass || ' ADD CONSTRAINT ' || c.conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c
			WHERE c.conrelid IN ('persons'::regclass, 'accounts'::regclass, 'credentials'::regclass) AND c.contype IN ('u', 'f')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var away, again string
		if err := rows.Scan(&away, &again); err != nil {
			return nil, err
		}
		drop, restore = append(drop, away), append(restore, again)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return restore, db.dropAll(ctx, drop)
}

// dropAll runs the statements while nobody is there yet.
func (db *DB) dropAll(ctx context.Context, statements []string) error {
	t, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	var there bool
	if err := t.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM persons)").Scan(&there); err != nil {
		return err
	}
	if there {
		return errPeopled
	}
	for _, statement := range statements {
		if _, err := t.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return t.Commit()
}
