package demo

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/method/totp"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
)

// Password is everybody's in the demo.
const Password = "Nyitva-a-kapu-26"

// How many of the crowd have an account, by state.
const (
	withPlus     = 64
	withPassword = 4
	waiting      = 3
	closed       = 2
	expired      = 2
)

// States of ready-made citizens, as demo.json names them.
const (
	stateActive  = "active"
	statePending = "pending"
	stateClosed  = "closed"
	stateExpired = "expired"
)

// office is where the demo's clerks sit.
var office = identity.Office{ID: app.DemoPrefix + "kisfalud", Kind: identity.GovernmentWindow, Name: "Kormányablak, Kisfalud", Address: "2801 Kisfalud, Fő tér 1."}

// seeder makes the ready-made accounts.
type seeder struct {
	app  *app.App
	hash string // of Password, once for all
	used map[string]bool
}

// account is one ready-made account to be.
type account struct {
	entry     population.Entry
	state     string
	plus      bool
	clerk     bool
	situation string
}

// seed makes the accounts of a fresh demo, or finds them in a kept one.
func seed(ctx context.Context, a *app.App, people *population.Register) (clerks, citizens []Login, err error) {
	s := seeder{app: a, used: map[string]bool{}}
	if s.hash, err = a.Passwords.Hash(ctx, Password); err != nil {
		return nil, nil, err
	}
	if err := a.DB.Update(ctx, func(tx *store.Tx) error { return tx.PutOffice(office) }); err != nil {
		return nil, nil, err
	}
	for _, entry := range people.In(population.Clerk) {
		login, err := s.settle(ctx, account{entry: entry, state: stateActive, plus: true, clerk: true, situation: "clerk"})
		if err != nil {
			return nil, nil, err
		}
		clerks = append(clerks, login)
	}
	for _, c := range cast(people.In(population.Crowd)) {
		login, err := s.settle(ctx, c)
		if err != nil {
			return nil, nil, err
		}
		citizens = append(citizens, login)
	}
	return clerks, citizens, nil
}

// cast gives the first of the crowd their roles.
func cast(crowd []population.Entry) (all []account) {
	for _, role := range []struct {
		n         int
		state     string
		plus      bool
		situation string
	}{
		{withPlus, stateActive, true, "ugyfelkapu-plus"},
		{withPassword, stateActive, false, "password-only"},
		{waiting, statePending, false, "waits-for-activation"},
		{closed, stateClosed, true, "closed-after-revocation"},
		{expired, stateExpired, true, "validity-over"},
	} {
		for range role.n {
			all = append(all, account{entry: crowd[len(all)], state: role.state, plus: role.plus, situation: role.situation})
		}
	}
	return all
}

// settle makes an account unless it is there already, and describes it.
func (s *seeder) settle(ctx context.Context, c account) (Login, error) {
	username := s.username(c.entry.Person.CurrentName)
	secret, err := s.secret(username)
	if err != nil {
		return Login{}, err
	}
	login := Login{
		Name: c.entry.Person.CurrentName.String(), Username: string(username), Password: Password,
		Email: email(username), State: c.state, Situation: c.situation,
	}
	if c.plus {
		login.TOTPSecret = strings.ReplaceAll(secret.Text(), " ", "")
	}
	if c.state == statePending {
		login.Password = "" // chosen at activation, with the code in the inbox
	}
	return login, s.app.DB.Update(ctx, func(tx *store.Tx) error {
		present, err := tx.AccountByUsername(username)
		if err == nil {
			login.State = stateOf(present, tx.Now)
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return s.create(tx, c, login, username, secret)
	})
}

func stateOf(a identity.Account, now time.Time) string {
	if a.State == identity.Active && !now.Before(a.ValidUntil) {
		return stateExpired
	}
	return string(a.State)
}

func (s *seeder) create(tx *store.Tx, c account, login Login, username identity.Username, secret totp.Secret) error {
	person, err := tx.SavePerson(string(c.entry.Reference), c.entry.Person)
	if err != nil {
		return err
	}
	a := identity.Account{PersonID: person, State: identity.AccountState(c.state), Username: username, Email: identity.Email(login.Email),
		Lang: "hu", Office: office.ID, Activated: tx.Now, ValidUntil: tx.Now.AddDate(s.app.Law.LongestLife(tx.Now), 0, 0)}
	switch c.state {
	case stateExpired:
		a.State, a.ValidUntil = identity.Active, tx.Now.AddDate(0, 0, -1)
	case statePending:
		a.Activated = time.Time{}
	}
	if a, err = tx.AddAccount(a); err != nil {
		return fmt.Errorf("demo account %s: %w", username, err)
	}
	if c.state == statePending {
		return s.app.IssueActivation(tx, a)
	}
	return s.equip(tx, c, a, secret)
}

// equip gives an account its credentials and its owner their place at the desk.
func (s *seeder) equip(tx *store.Tx, c account, a identity.Account, secret totp.Secret) error {
	if err := tx.PutCredential(store.Credential{Account: a.ID, Kind: "password", Secret: s.hash}); err != nil {
		return err
	}
	if c.plus {
		if err := s.app.EquipPlus(tx, a.ID, secret); err != nil {
			return err
		}
	}
	if _, err := s.app.Ledger.Append(tx, a.PersonID, ledger.AccountActivated{Account: a.ID}); err != nil {
		return err
	}
	if !c.clerk {
		return nil
	}
	if _, err := s.app.Ledger.Append(tx, a.PersonID, ledger.ClerkAppointed{Office: office.ID, Account: a.ID}); err != nil {
		return err
	}
	return tx.AppointClerk(a.ID, office.ID)
}

// username makes a username of a name: its Hungarian letters, and letters at
// the end if somebody has it already.
func (s *seeder) username(n identity.Name) identity.Username {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, n.Family+n.Given)
	name := letters
	for c := 'A'; s.used[strings.ToLower(name)]; c++ {
		name = letters + string(c)
	}
	s.used[strings.ToLower(name)] = true
	return identity.Username(name)
}

// plain spells Hungarian letters without accents, for e-mail addresses.
var plain = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ö", "o", "ő", "o", "ú", "u", "ü", "u", "ű", "u")

func email(u identity.Username) string {
	return plain.Replace(strings.ToLower(string(u))) + "@posta.example"
}

// secret is the TOTP secret of a demo account: the same each time for a data
// folder, so that demo.json stays true when the data are kept.
func (s *seeder) secret(u identity.Username) (totp.Secret, error) {
	digest := s.app.Ring.Digest("demo/totp", string(u))
	return totp.ParseSecret(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(digest)[:20]))
}
