package consent

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/store"
)

// datum is a piece of data that a service asks for, as it would be sent.
type datum struct {
	Claim catalogue.Claim
	Value string
	Day   identity.Date // in place of Value
}

// Field is the name of its box in the form.
func (d datum) Field() string { return fieldPrefix + string(d.Claim) }

// Key is the key of its name, as it begins a line.
func (d datum) Key() string { return "consent.data." + string(d.Claim) }

const fieldPrefix = "allow_"

// asked are the data that the service of the visit asks for, with what would be
// sent. Only what is shown is opened.
func (x *Room) asked(ctx context.Context, v *broker.Visit) (list []datum, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(v.Session.Person())
		if err != nil {
			return err
		}
		account, err := tx.Account(v.Session.Account())
		if errors.Is(err, store.ErrNotFound) { // signed in by a method of their own, which has no address
			account, err = identity.Account{}, nil
		}
		list = dataOf(v.Transaction.Request.Asks, person, account.Email)
		return err
	})
	return list, err
}

// dataOf are the data of those names, in the order in which pages list them.
func dataOf(names []string, p identity.Person, email identity.Email) (list []datum) {
	for _, c := range catalogue.Claims() {
		if !slices.Contains(names, string(c)) {
			continue
		}
		d := datum{Claim: c}
		if c == catalogue.BirthDate {
			d.Day = p.BirthDate
		} else {
			d.Value = valueOf(c, p, email)
		}
		list = append(list, d)
	}
	return list
}

// valueOf is a datum in words; "" where none is known.
func valueOf(c catalogue.Claim, p identity.Person, email identity.Email) string {
	switch c {
	case catalogue.Address:
		return addressLine(p.Address)
	case catalogue.Email:
		return string(email)
	}
	return c.Of(p)
}

func addressLine(a identity.Address) string {
	if a.Settlement == "" {
		return ""
	}
	line := strings.TrimSpace(a.PostalCode+" "+a.Settlement) + ", " + a.Street
	if a.Country != identity.Hungary {
		line += " (" + a.Country + ")"
	}
	return line
}
