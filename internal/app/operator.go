package app

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/ledger"
	passwords "kapu/internal/method/password"
	"kapu/internal/recovery"
	"kapu/internal/register"
	"kapu/internal/registration"
	"kapu/internal/registration/card"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/throttle"
)

// Open is [New] for a command that only works on the data: nothing is served
// and the ledger is not told of a start.
func Open(ctx context.Context, p Parts) (*App, error) {
	a := &App{Parts: p}
	if err := a.foundation(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// desk is what an office does: registrations, and acts on accounts.
func (a *App) desk() *desk.Desk {
	return desk.New(desk.Config{
		DB: a.DB, Ledger: a.Ledger, Law: a.Law, Population: a.Population, Activation: a.activation(), Hash: a.Passwords.Hash, Now: a.Now, Log: a.Log,
		Services: desk.Services{Life: a.life, ResetLetter: recovery.Letters{Ring: a.Ring, Law: a.Law, Issuer: a.Issuer}.Reset, Dispositions: a.dispositions(), Mandates: a.Mandates(), DrawCard: a.drawCard, Phones: a.phones, Herald: a.heralds},
	})
}

// drawCard makes a registration code for an electronic identity card, which the desk then issues.
func (a *App) drawCard(ctx context.Context) (desk.CardDraft, error) {
	cards := a.cards(nil)
	draft, err := cards.Draw(ctx)
	issue := func(tx *store.Tx, clerk, office string, ref register.Reference, d identity.Document) (string, time.Time, error) {
		return cards.Issue(tx, draft, clerk, office, ref, d)
	}
	return desk.CardDraft{ID: draft.ID, Issue: issue}, err
}

// cards is the registration with an electronic identity card; whoever only issues codes needs no gate.
func (a *App) cards(gate *throttle.Gate) *card.Service {
	return card.NewService(card.Config{
		DB: a.DB, Ledger: a.Ledger, Law: a.Law, Ring: a.Ring, Secrets: a.Passwords, Busy: passwords.ErrBusy, Gate: gate,
		Population: a.Population, Activation: a.activation(), Now: a.Now, Log: a.Log,
	})
}

func (a *App) activation() registration.Activation {
	return registration.Activation{Ring: a.Ring, Law: a.Law, Link: a.Issuer + "/activate"}
}

// InviteClerk registers a clerk against the population register, as a desk
// would, and appoints them; they activate the account like everybody. It is how
// the first clerk comes about.
func (a *App) InviteClerk(ctx context.Context, office string, stated registration.Stated, username, email string) error {
	address, err := identity.ParseEmail(email)
	if err != nil {
		return err
	}
	name, err := identity.ParseUsername(username)
	if err != nil {
		return err
	}
	if err := a.hasOffice(ctx, office); err != nil {
		return err
	}
	d, operator := a.desk(), desk.Clerk{Office: office}
	c, err := d.Open(ctx, operator, stated)
	if err != nil {
		return err
	}
	if c.Stands() != registration.Checked {
		return errors.Join(fmt.Errorf("the population register does not confirm the data: the case is %q", c.Stands()), d.Withdraw(ctx, operator, c.ID, c.Version))
	}
	choice := registration.Choice{Username: name, Email: address, Lang: "hu", Years: a.Law.LongestLife(a.Now())}
	if c, err = d.Choose(ctx, operator, c.ID, c.Version, choice); err != nil {
		return errors.Join(err, d.Withdraw(ctx, operator, c.ID, c.Version))
	}
	result, err := d.Finish(ctx, operator, c.ID, c.Version, true)
	if err != nil {
		return err
	}
	return a.appoint(ctx, result.Account, office)
}

// AppointClerk lets the owner of an account act at an office.
func (a *App) AppointClerk(ctx context.Context, username, office string) error {
	if err := a.hasOffice(ctx, office); err != nil {
		return err
	}
	account, err := a.account(ctx, username)
	if err != nil {
		return err
	}
	if account.Provisional {
		return errors.New("nobody has checked who they are: an office must make the account final first")
	}
	return a.appoint(ctx, account, office)
}

// DismissClerk ends a clerk's right to act, and their sessions.
func (a *App) DismissClerk(ctx context.Context, username string) error {
	account, err := a.account(ctx, username)
	if err != nil {
		return err
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		clerk, err := tx.Clerk(account.ID)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New("they are no clerk")
		}
		if err != nil {
			return err
		}
		if _, err := a.Ledger.Append(tx, account.PersonID, ledger.ClerkDismissed{Office: clerk.Office.ID, Account: account.ID}); err != nil {
			return err
		}
		return errors.Join(tx.DismissClerk(account.ID), tx.EndSessions(account.ID))
	})
}

func (a *App) account(ctx context.Context, username string) (account identity.Account, err error) {
	err = a.DB.View(ctx, func(tx *store.Tx) (err error) {
		account, err = tx.AccountByUsername(identity.Username(username))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = errors.New("nobody has that username")
	}
	return account, err
}

var officeShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}$`)

// PutOffice adds an office, or changes what is known of it.
func (a *App) PutOffice(ctx context.Context, o identity.Office) error {
	if !officeShape.MatchString(o.ID) || strings.HasPrefix(o.ID, DemoPrefix) {
		return fmt.Errorf("an office's id is 2 to 63 of a–z, 0–9 and hyphen, and does not begin with %q", DemoPrefix)
	}
	return a.DB.Update(ctx, func(tx *store.Tx) error { return tx.PutOffice(o) })
}

func (a *App) appoint(ctx context.Context, account identity.Account, office string) error {
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := a.Ledger.Append(tx, account.PersonID, ledger.ClerkAppointed{Office: office, Account: account.ID}); err != nil {
			return err
		}
		return tx.AppointClerk(account.ID, office)
	})
}

func (a *App) hasOffice(ctx context.Context, id string) error {
	return a.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Office(id); errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no office %q; `kapu admin office add` makes one", id)
		} else if err != nil {
			return err
		}
		return nil
	})
}

// NewClientSecret makes a secret for a service and the digest under which the
// catalogue knows it.
func NewClientSecret(ring *keys.Ring) (secret, digest string) {
	secret = keys.RandomToken()
	return secret, ring.Digest("client-secret", secret)
}
