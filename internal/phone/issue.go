package phone

import (
	"errors"
	"time"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Order is what a desk asks for.
type Order struct {
	Person        string // checked today by the desk
	Contact       store.PhoneContact
	Office, Clerk string
}

// Issued is what was issued. The one-time password is on its way already, and is
// shown to nobody.
type Issued struct {
	Identifier string
	Again      bool      // the person had one, and got another password for it
	Until      time.Time // the one-time password must be changed before
	Medium     string    // by which it was sent: notify.Mail or notify.SMS
}

// drawings bounds how often an identifier is drawn that was given before.
const drawings = 32

// Issue gives a person an identifier with a one-time password, or another one-time
// password for the one they have. The desk has made sure of the person. It errs with
// ErrAge, *identity.Invalid and notify's errors for a contact that is none.
func (g *Register) Issue(tx *store.Tx, o Order) (i Issued, err error) {
	person, err := tx.Person(o.Person)
	if err != nil {
		return i, err
	}
	if person.BirthDate.Age(law.Day(tx.Now)) < g.Law.TelephoneAge(tx.Now) {
		return i, ErrAge
	}
	p, err := tx.HoldPhoneOf(o.Person)
	i.Again = err == nil
	if errors.Is(err, store.ErrNotFound) {
		p, err = store.Phone{Person: o.Person}, nil
	}
	if err != nil {
		return i, err
	}
	if err := g.afresh(tx, &p, o); err != nil {
		return i, err
	}
	if i.Again {
		p.SessionsFrom = tx.Now
		err = tx.SavePhone(p)
	} else {
		p, err = g.add(tx, p)
	}
	if err != nil {
		return i, err
	}
	i.Identifier, i.Until, i.Medium = p.Identifier, p.Lapses, notify.HolderOf(p).Medium()
	return i, g.hand(tx, p, o, i)
}

// afresh gives a credential a one-time password, and forgets what was wrong before.
// The reminder questions stay.
func (g *Register) afresh(tx *store.Tx, p *store.Phone, o Order) (err error) {
	asked, of := g.Law.TelephoneDigits(tx.Now)
	if p.Password, err = g.oneTime(of); err != nil {
		return err
	}
	positions, err := draw(asked, of)
	if err != nil {
		return err
	}
	_, reminders, _ := g.Law.TelephoneQuestions(tx.Now)
	if p.Reminders == "" {
		p.Reminders = decoy(g.Ring, "reminders", p.Person, tx.Now, reminders, Offered).String()
	}
	p.Positions, p.Heard, p.Wrong, p.Misses, p.Forgotten = positions.String(), 0, 0, 0, 0
	p.Initial, p.Lapses, p.Changed = true, tx.Now.Add(g.Law.TelephoneFirstChange(tx.Now)), tx.Now
	p.Due, p.Told, p.Contact, p.Office = p.Lapses, "", o.Contact, o.Office
	return nil
}

// oneTime draws a one-time password; a drawn one may be any but those that everybody tries.
func (g *Register) oneTime(digits int) (password string, err error) {
	for range drawings {
		if password, err = registration.RandomDigits(digits); err != nil || !runs(password) && different(password) > 2 {
			return password, err
		}
	}
	return password, nil
}

// add draws an identifier that nobody ever had.
func (g *Register) add(tx *store.Tx, p store.Phone) (added store.Phone, err error) {
	for range drawings {
		if p.Identifier, err = registration.RandomDigits(g.Law.TelephoneIdentifierDigits(tx.Now)); err != nil {
			return p, err
		}
		free, err := tx.FreeIdentifier(p.Identifier)
		if err != nil {
			return p, err
		}
		if free {
			return tx.AddPhone(p)
		}
	}
	return p, store.ErrTaken
}

// hand sends the one-time password on its way, alone, and records what was done.
func (g *Register) hand(tx *store.Tx, p store.Phone, o Order, i Issued) error {
	to := notify.HolderOf(p)
	if err := notify.Post(tx, to, notify.PhonePassword{Code: p.Password, Link: g.Home, Until: p.Lapses}); err != nil {
		return err
	}
	again := ""
	if i.Again {
		again = yes
	}
	return g.append(tx, p.Person,
		ledger.PhoneIssued{Again: again, Office: o.Office, Medium: i.Medium, Clerk: o.Clerk},
		ledger.CodeSent{Purpose: "phone", Medium: i.Medium, Account: p.ID})
}

// yes says in the ledger that something is so.
const yes = "yes"

// Actor is who ends a credential: the citizen, or an office.
type Actor struct{ Office, Clerk string }

// End forgets a person's credential, and the person if nothing else of theirs is
// left. It errs with ErrGone.
func (g *Register) End(tx *store.Tx, person string, by Actor) error {
	p, err := tx.HoldPhoneOf(person)
	if errors.Is(err, store.ErrNotFound) {
		return ErrGone
	}
	if err != nil {
		return err
	}
	ended := ledger.PhoneEnded{By: "citizen", Office: by.Office, Clerk: by.Clerk}
	if by.Office != "" {
		ended.By = "office"
	}
	if err := g.append(tx, person, ended); err != nil {
		return err
	}
	if err := g.tell(tx, p, notify.PhoneEnded{At: tx.Now}, "phone-ended"); err != nil {
		return err
	}
	if err := tx.EndPhoneSessions(person); err != nil {
		return err
	}
	return tx.EndPhone(person)
}
