package mandate

import (
	"errors"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/papercode"
	"kapu/internal/store"
)

// Register is the register of mandates. It is safe for concurrent use.
type Register struct {
	Ledger *ledger.Ledger
	Law    law.Table
	Ring   *keys.Ring
	Takes  func(service string) bool // the service takes mandates
	Home   string                    // where people see theirs, for the link in letters
}

// Clerk is at whose desk a step is taken; the zero Clerk for on line.
type Clerk struct{ Account, Office string }

// How a step comes, for the ledger.
const online, desk = "online", "office"

func (c Clerk) way() string {
	if c.Office == "" {
		return online
	}
	return desk
}

// How a representative sees the name of the principal, as the principal agrees.
const (
	FullName  = "full"
	ShortName = "short" // the initial of the family name
)

// Wish is what a principal wants.
type Wish struct {
	Services []string
	Until    time.Time
	Reveal   string // FullName or ShortName
}

// terms are the law at the moment, and what the principal has given.
func (g Register) terms(tx *store.Tx, principal string) (Terms, error) {
	all, err := tx.MandatesOf(principal)
	t := Terms{
		Now: tx.Now, Longest: g.Law.LongestMandate(tx.Now), Answer: g.Law.MandateAnswer(tx.Now),
		Open: g.Law.MostMandateOffers(tx.Now), Most: g.Law.MostMandates(tx.Now), Takes: g.Takes,
		Given: slices.DeleteFunc(all, func(m store.Mandate) bool { return m.Principal != principal }),
	}
	return t, err
}

// Offer records an offer of the account's owner, and returns the code by which
// somebody may accept it, this once. It errs with ErrServices, ErrUntil and ErrMany.
func (g Register) Offer(tx *store.Tx, a identity.Account, w Wish, by Clerk) (m store.Mandate, code papercode.Code, err error) {
	if err := tx.HoldAccount(a.ID); err != nil { // of two offers at a time one comes after the other
		return m, "", err
	}
	t, err := g.terms(tx, a.PersonID)
	if err != nil {
		return m, "", err
	}
	if w.Reveal != ShortName {
		w.Reveal = FullName
	}
	m, err = Offer(store.Mandate{Principal: a.PersonID, Account: a.ID, Services: w.Services, Until: w.Until, Reveal: w.Reveal, Office: by.Office}, t)
	if err != nil {
		return m, "", err
	}
	if code, err = papercode.New(); err != nil {
		return m, "", err
	}
	m.Code = g.digest(code)
	if m, err = tx.AddMandate(m); err != nil {
		return m, "", err
	}
	_, err = g.Ledger.Append(tx, m.Principal, ledger.MandateOffered{
		Services: m.Services, Until: m.Until, By: by.way(), Office: by.Office, Clerk: by.Account, Mandate: m.ID,
	})
	return m, code, err
}

func (g Register) digest(code papercode.Code) string {
	return g.Ring.Digest("mandate/offer", string(code))
}

// Find is the offer that a code stands for, while it can be accepted. Whatever is
// wrong with it, it is store.ErrNotFound, but for one's own: ErrOwn.
func (g Register) Find(tx *store.Tx, person string, code papercode.Code) (store.Mandate, error) {
	m, err := tx.MandateByCode(g.digest(code))
	switch {
	case err != nil:
		return m, err
	case m.State != store.MandateOffered, !tx.Now.Before(m.Due):
		return m, store.ErrNotFound
	case m.Principal == person:
		return m, ErrOwn
	}
	return m, nil
}

// Act takes a step, tells both people and writes it down for both. It errs with
// what [Step] errs with, store.ErrNotFound and store.ErrStale.
func (g Register) Act(tx *store.Tx, id string, act Act, by Actor, at Clerk) (store.Mandate, error) {
	was, err := tx.Mandate(id)
	if err != nil {
		return was, err
	}
	if err := tx.HoldAccount(was.Account); err != nil && !errors.Is(err, store.ErrNotFound) {
		return was, err
	}
	t, err := g.terms(tx, was.Principal)
	if err != nil {
		return was, err
	}
	return g.step(tx, was, act, by, t, at)
}

func (g Register) step(tx *store.Tx, was store.Mandate, act Act, by Actor, t Terms, at Clerk) (store.Mandate, error) {
	m, err := Step(was, act, by, t)
	if err != nil {
		return was, err
	}
	if m, err = tx.ChangeMandate(was, m); err != nil {
		return was, err
	}
	return m, g.record(tx, m, by, at)
}

// Record puts a mandate into force at once: both people stand at the desk.
func (g Register) Record(tx *store.Tx, a identity.Account, representative string, w Wish, by Clerk) (m store.Mandate, err error) {
	if m, _, err = g.Offer(tx, a, w, by); err != nil {
		return m, err
	}
	if m, err = g.Act(tx, m.ID, Accept, Actor{Representative, representative}, by); err != nil {
		return m, err
	}
	return g.Act(tx, m.ID, Confirm, Actor{Principal, a.PersonID}, by)
}

// Used writes down for both that the representative reached a service, under an
// id that can be written once, and what the service was told of the principal.
func Used(tx *store.Tx, l *ledger.Ledger, id string, m store.Mandate, told ledger.Released) error {
	for _, role := range []Role{Principal, Representative} {
		with, err := OtherName(tx, m, role)
		if err != nil {
			return err
		}
		e := ledger.MandateUsed{Role: string(role), Service: told.Service, Data: told.Data, Ground: told.Ground, Method: told.Method, Level: told.Level, With: with, Mandate: m.ID}
		if role == Principal {
			err = l.AppendAs(tx, id, m.Principal, e)
		} else {
			_, err = l.Append(tx, m.Representative, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// OtherName is how one of the two sees the other: the principal as they let
// themselves be seen, and the representative as they are.
func OtherName(tx *store.Tx, m store.Mandate, reader Role) (string, error) {
	if reader == Representative {
		return PrincipalName(tx, m)
	}
	if m.Representative == "" {
		return "", nil
	}
	p, err := tx.Person(m.Representative)
	return p.CurrentName.String(), err
}

// PrincipalName is the name of the principal as they let the representative see it.
func PrincipalName(tx *store.Tx, m store.Mandate) (string, error) {
	p, err := tx.Person(m.Principal)
	return Shown(p.CurrentName, m.Reveal), err
}

// Shown is a name as its owner lets it be seen.
func Shown(n identity.Name, reveal string) string {
	if first := []rune(n.Family); reveal == ShortName && len(first) > 0 && n.Given != "" {
		n.Family = string(first[:1]) + "."
	}
	return n.String()
}

// letter posts a letter to all addresses of a person.
func (g Register) letter(tx *store.Tx, person, template string, m notify.Message) error {
	if _, err := g.Ledger.Append(tx, person, ledger.NoticeSent{Template: template, Medium: notify.Mail}); err != nil {
		return err
	}
	return notify.PostToAll(tx, person, m)
}
