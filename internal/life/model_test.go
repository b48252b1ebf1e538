package life_test

import (
	"errors"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/life"
	"kapu/internal/store"
)

// model is what should be so.
type model struct {
	*world
	rt       *rapid.T
	round    int
	accounts []*drawn
	links    []*link
	secrets  []string
}

// drawn is an account of the model.
type drawn struct {
	identity.Account
	active    bool
	reminders map[string]bool // the days of reminders since it was last extended
	gone      bool
}

// link is a link of a letter.
type link struct {
	token, kind string
	of          *drawn
	act         *waiting // what it belongs to; nil for one that asks for a deletion
	until       time.Time
}

// waiting is an act that was announced.
type waiting struct {
	kind  string
	due   time.Time
	needs []string // kinds of links that must confirm
	email identity.Email
	desk  bool
	over  bool // stopped, replaced, carried out
}

func (m *model) one(rt *rapid.T) *drawn {
	if len(m.accounts) == 0 {
		rt.Skip("nobody is registered")
	}
	return rapid.SampledFrom(m.accounts).Draw(rt, "account")
}

// stands tells whether the account is there in the eyes of the law.
func (m *model) stands(d *drawn) bool {
	return d.active && m.clock.Now().Before(d.ValidUntil) && !d.gone
}

func (m *model) settle() {
	for _, l := range m.links {
		w := l.act
		if w == nil || w.over || m.clock.Now().Before(w.due) {
			continue
		}
		w.over = true
		switch {
		case w.kind == life.Delete:
			l.of.gone = true
		case w.kind == life.Email && len(w.needs) == 0:
			l.of.Email = w.email
		}
	}
	for _, d := range m.accounts {
		if !m.clock.Now().Before(d.ValidUntil) && d.active {
			d.gone = true
		}
	}
}

// note reads letters: reminders must not come twice.
func (m *model) note(rt *rapid.T, sent []letter) {
	for _, l := range sent {
		if l.Kind != "account-reminder" && l.Kind != "provisional-ending" {
			continue
		}
		for _, d := range m.accounts {
			if string(d.Email) != l.To {
				continue
			}
			today := law.Day(m.clock.Now()).String()
			if d.reminders[today] || len(d.reminders) == 3 {
				rt.Fatalf("reminded again: %s after %v", today, d.reminders)
			}
			d.reminders[today] = true
		}
	}
}

// holds is asserted after every step.
func (m *model) holds(rt *rapid.T) {
	for _, d := range m.accounts {
		open := m.open(d.ID)
		if open && !m.clock.Now().Before(d.ValidUntil) {
			rt.Fatalf("%s is open after its date", d.Username)
		}
		if !open && m.stands(d) {
			rt.Fatalf("%s is not open", d.Username)
		}
		if m.lives(d.ID) == d.gone {
			rt.Fatalf("%s: gone should be %v", d.Username, d.gone)
		}
		if !d.gone && m.account(d.ID).Email != d.Email {
			rt.Fatalf("%s has the address %s, not %s", d.Username, m.account(d.ID).Email, d.Email)
		}
	}
}

// end lets everybody's time pass: nothing of anybody is left.
func (m *model) end() {
	for _, d := range m.accounts {
		if m.lives(d.ID) {
			m.secrets = append(m.secrets, m.sealed(d.Account)...)
			if !d.active {
				m.update(func(tx *store.Tx) error {
					return errors.Join(tx.CloseCasesOf(d.ID, "lapsed"), tx.DeleteAccount(d.ID), erase(tx, d.PersonID))
				}) // what Lapse does
			}
		}
	}
	m.clock.Advance(7 * 366 * day)
	m.world.sweep()
	m.gone(m.secrets)
}

func erase(tx *store.Tx, person string) error {
	_, err := tx.ErasePerson(person)
	return err
}
