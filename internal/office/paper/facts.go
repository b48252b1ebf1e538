package paper

import (
	"time"

	"kapu/internal/identity"
)

// Words is the text of a key under "office.paper.", with names and values in turn.
type Words func(key string, args ...any) string

// Head is what stands around what a paper says.
type Head struct {
	Lang string // BCP 47, for screen readers
	Case string // id of the case; "" where there is none
	Made time.Time
	Day  string // Made, in words

	Office        string
	OfficeAddress string

	Proof Proof // that the paper is ours; zero before there is one
}

// Facts are what a paper says. What is not known is left out of the table.
type Facts struct {
	Head

	CurrentName identity.Name
	identity.Core
	BirthDate   string // in words; hides the one of Core
	Address     identity.Address
	Nationality string

	Document DocumentFacts
	Trace    string // the register's number of the check
	Checked  string // when, in words

	Username   string
	Email      string
	Letters    string // language of the letters, in words
	ValidUntil string // in words
	Fee        string // of a further account, in forints
	Receipt    string // of the fee
	Issued     bool   // the office issued the username and a first password (R13)
	First      string // the first password, for the sealed page alone

	ActivateWithin time.Duration
}

// DocumentFacts are what is printed on the shown document, in words. An empty
// Kind is a document no longer kept.
type DocumentFacts struct{ Kind, Number, Issued, Expires string }

// line of a table: the key of its label, and its value.
type line struct{ key, value string }

func (f Facts) personal() []line {
	return []line{
		{"current-name", f.CurrentName.String()}, {"birth-name", f.BirthName.String()}, {"mother", f.MotherBirthName.String()},
		{"birth-place", f.BirthPlace}, {"birth-date", f.BirthDate},
		{"address", addressLine(f.Address)}, {"nationality", f.Nationality},
	}
}

// addressLine is an address in one line, or a dash for people who live abroad and have none.
func addressLine(a identity.Address) string {
	if a == (identity.Address{}) {
		return "–"
	}
	return a.PostalCode + " " + a.Settlement + ", " + a.Street + " (" + a.Country + ")"
}

func (f Facts) document() []line {
	if f.Document.Kind == "" {
		return nil
	}
	return []line{
		{"document-kind", f.Document.Kind}, {"document-number", f.Document.Number},
		{"document-issued", f.Document.Issued}, {"document-expires", f.Document.Expires},
	}
}

func (f Facts) check() []line {
	if f.Trace == "" {
		return nil
	}
	return []line{{"checked", f.Checked}, {"trace", f.Trace}}
}

func (f Facts) account() []line {
	if f.Username == "" {
		return nil
	}
	lines := []line{{"username", f.Username}, {"email", f.Email}, {"letters", f.Letters}, {"valid-until", f.ValidUntil}}
	if f.Receipt != "" {
		lines = append(lines, line{"fee", f.Fee}, line{"receipt", f.Receipt})
	}
	return lines
}

// activating is how the citizen activates the account: by the key of the
// sentence for a mailed code, or of the one for a first password.
func (f Facts) activating(mailed, issued string) string {
	if f.Issued {
		return issued
	}
	return mailed
}
