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
	withPlus     = 62
	withPassword = 4
	waiting      = 3
	closed       = 2
	ending       = 2
	provisional  = 2
	withPhone    = 1
)

// States of ready-made citizens, as demo.json names them.
const (
	stateActive  = "active"
	statePending = "pending"
	stateClosed  = "closed"
)

// Where the demo's clerks sit: all but the last in the country.
var (
	office    = identity.Office{ID: app.DemoPrefix + "kisfalud", Kind: identity.GovernmentWindow, Name: "Kormányablak, Kisfalud", Address: "2801 Kisfalud, Fő tér 1."}
	consulate = identity.Office{ID: app.DemoPrefix + "becs", Kind: identity.Consulate, Name: "Magyarország Nagykövetsége, Bécs", Address: "Bankgasse 4–6, 1010 Wien"}
)

// seeder makes the ready-made accounts.
type seeder struct {
	app  *app.App
	hash string // of Password, once for all
	used map[string]bool
}

// account is one ready-made account to be.
type account struct {
	entry       population.Entry
	state       string
	plus        bool
	provisional bool
	phone       bool          // has a telephone identifier, whose one-time password is in the inbox
	ends        time.Duration // from now; 0: as late as the law allows
	seat        string        // office where they are a clerk, or ""
	situation   string
}

// seed makes the accounts of a fresh demo, or finds them in a kept one.
func seed(ctx context.Context, a *app.App, people *population.Register) (clerks, citizens []Login, err error) {
	s := seeder{app: a, used: map[string]bool{}}
	if s.hash, err = a.Passwords.Hash(ctx, Password); err != nil {
		return nil, nil, err
	}
	err = a.DB.Update(ctx, func(tx *store.Tx) error { return errors.Join(tx.PutOffice(office), tx.PutOffice(consulate)) })
	if err != nil {
		return nil, nil, err
	}
	seated := people.In(population.Clerk)
	for i, entry := range seated {
		c := account{entry: entry, state: stateActive, plus: true, seat: office.ID, situation: "clerk"}
		if i == len(seated)-1 {
			c.seat, c.situation = consulate.ID, "consul"
		}
		login, err := s.settle(ctx, c)
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
	return clerks, citizens, s.appoint(ctx, citizens)
}

// cast gives the first of the crowd their roles.
func cast(crowd []population.Entry) (all []account) {
	for _, role := range []struct {
		n int
		account
	}{
		{withPlus, account{state: stateActive, plus: true, situation: "ugyfelkapu-plus"}},
		{1, account{state: stateActive, plus: true, situation: accountant}},
		{1, account{state: stateActive, plus: true, situation: client}},
		{withPassword, account{state: stateActive, situation: "password-only"}},
		{waiting, account{state: statePending, situation: "waits-for-activation"}},
		{closed, account{state: stateClosed, plus: true, situation: "closed-after-revocation"}},
		{ending, account{state: stateActive, plus: true, ends: soon, situation: "ends-soon"}},
		{provisional, account{state: stateActive, plus: true, provisional: true, situation: "provisional"}},
		{withPhone, account{state: stateActive, plus: true, phone: true, situation: "telephone"}},
	} {
		for range role.n {
			c := role.account
			c.entry = crowd[len(all)]
			all = append(all, c)
		}
	}
	return all
}

// soon is the rest of a life that ends: late enough to try extending it, early
// enough for a reminder.
const soon = 6 * 24 * time.Hour

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
		TaxNumber: string(c.entry.Person.TaxNumber), TAJ: string(c.entry.Person.TAJ),
	}
	if c.plus {
		login.TOTPSecret = strings.ReplaceAll(secret.Text(), " ", "")
	}
	if c.state == statePending {
		login.Password = "" // chosen at activation, with the code in the inbox
	}
	err = s.app.DB.Update(ctx, func(tx *store.Tx) error {
		present, err := tx.AccountByUsername(username)
		if err == nil {
			login.State = string(present.State)
			return findPhone(tx, present.PersonID, &login)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		person, err := s.create(tx, c, login, username, secret)
		if err != nil || !c.phone {
			return err
		}
		return s.issuePhone(tx, person, &login)
	})
	return login, err
}

func (s *seeder) create(tx *store.Tx, c account, login Login, username identity.Username, secret totp.Secret) (person string, err error) {
	a := identity.Account{State: identity.AccountState(c.state), Username: username, Email: identity.Email(login.Email),
		Lang: "hu", Office: office.ID, Activated: tx.Now, ValidUntil: tx.Now.AddDate(s.app.Law.LongestLife(tx.Now), 0, 0)}
	if c.provisional {
		a.Channel, a.Provisional, a.Office, a.ValidUntil = identity.ChannelProvisional, true, "", tx.Now.Add(s.app.Law.ProvisionalLife(tx.Now))
		a.PersonID, err = tx.AddProvisionalPerson(stated(c.entry.Person))
	} else {
		a.PersonID, err = tx.SavePerson(string(c.entry.Reference), c.entry.Person)
	}
	if err != nil {
		return "", err
	}
	if c.ends > 0 {
		a.ValidUntil = tx.Now.Add(c.ends)
	}
	if c.state == statePending {
		a.Activated = time.Time{}
	}
	if a, err = tx.AddAccount(a); err != nil {
		return "", fmt.Errorf("demo account %s: %w", username, err)
	}
	if c.state == statePending {
		return a.PersonID, s.app.IssueActivation(tx, a)
	}
	return a.PersonID, s.equip(tx, c, a, secret)
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
	if c.seat == "" {
		return nil
	}
	if _, err := s.app.Ledger.Append(tx, a.PersonID, ledger.ClerkAppointed{Office: c.seat, Account: a.ID}); err != nil {
		return err
	}
	return tx.AppointClerk(a.ID, c.seat)
}

// stated is what somebody says of themselves on the web: not the numbers that
// only the register knows.
func stated(p identity.Person) identity.Person {
	p.PersonalID, p.TaxNumber, p.TAJ = "", "", ""
	return p
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
