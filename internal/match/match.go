// Package match owns the comparison of a datum that a service holds with that of
// a person (attribute match, viszontazonosítás, R16): how a value is read, which
// differences of spelling do not count, and that the answer is right or wrong. It
// refuses to say how near a wrong value is, to guess what was meant, and to know
// who asks; who may ask what, and how often, is decided elsewhere.
//
// Values have the form in which userinfo gives them (OpenID Connect Core 1.0,
// 5.1): text, a date as 2006-01-02, an address and a place of birth as text or as
// an object. Names count as a whole: who is married and writes Kiss-Nagy is not
// Kiss.
package match

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
)

// maxText bounds a value, in characters; no register's line is as long.
const maxText = 300

// Fault is what is wrong with the form of a value. It never carries the value.
type Fault struct {
	Claim  catalogue.Claim
	Reason string // for the service's developer: "is longer than 300 characters"
}

// Error is the fault in one line.
func (f *Fault) Error() string { return string(f.Claim) + " " + f.Reason }

// Stated is a value that a service holds, ready to be compared. Printing it by
// accident prints nothing of it: only a digest is kept.
type Stated struct {
	Claim  catalogue.Claim
	digest [sha256.Size]byte
}

// Read reads a value, as JSON, for a datum of [catalogue.Matchable]. The only
// error is *Fault.
func Read(c catalogue.Claim, raw json.RawMessage) (Stated, error) {
	if !slices.Contains(catalogue.Matchable(), c) {
		return Stated{}, &Fault{c, "cannot be compared"}
	}
	text, reason := read(c, raw)
	switch {
	case reason != "":
	case utf8.RuneCountInString(text) > maxText:
		reason = "is longer than 300 characters"
	default:
		if text, reason = canonical(c, text); reason == "" && text == "" {
			reason = "is empty"
		}
	}
	if reason != "" {
		return Stated{}, &Fault{c, reason}
	}
	return Stated{c, digest(text)}, nil
}

// Of tells whether it is the person's. What is not known of a person is nobody's.
// The time that it takes does not depend on how near it is.
func (s Stated) Of(p identity.Person) bool {
	held := held(s.Claim, p)
	theirs := digest(held)
	return subtle.ConstantTimeCompare(s.digest[:], theirs[:]) == 1 && held != ""
}

func digest(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

// held is what is known of a person, as [canonical] would write it.
func held(c catalogue.Claim, p identity.Person) (text string) {
	switch c {
	case catalogue.Name:
		text = name(p.CurrentName.String())
	case catalogue.BirthName:
		text = name(p.BirthName.String())
	case catalogue.MotherBirthName:
		text = name(p.MotherBirthName.String())
	case catalogue.BirthPlace:
		text = name(p.BirthPlace)
	case catalogue.BirthDate:
		if !p.BirthDate.IsZero() {
			text = p.BirthDate.String()
		}
	case catalogue.Address:
		if p.Address.Settlement != "" {
			text = line(p.Address.Country, p.Address.PostalCode, p.Address.Settlement, p.Address.Street)
		}
	case catalogue.TaxNumber:
		text = string(p.TaxNumber)
	case catalogue.TAJ:
		text = string(p.TAJ)
	}
	return text
}

// address is one in the standard's form (OpenID Connect Core 1.0, 5.1.1).
type address struct {
	Formatted  string `json:"formatted"`
	Street     string `json:"street_address"`
	Settlement string `json:"locality"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"`
}

// read finds the text of a value. An address is on one line, after its country.
func read(c catalogue.Claim, raw json.RawMessage) (text, reason string) {
	var a address
	switch {
	case decode(raw, &text):
		if c == catalogue.Address {
			text = countryMark(identity.Hungary) + text
		}
		return text, ""
	case c == catalogue.BirthPlace:
		var place struct {
			Locality string `json:"locality"`
		}
		if decode(raw, &place) {
			return place.Locality, ""
		}
		return "", "is neither text nor an object with the member locality"
	case c != catalogue.Address:
		return "", "is not text"
	case !decode(raw, &a):
		return "", "is neither text nor an object as OpenID Connect Core, 5.1.1 has it"
	case a.Country == "":
		a.Country = identity.Hungary
	}
	if a.Street == "" && a.Settlement == "" {
		return countryMark(a.Country) + a.Formatted, ""
	}
	return countryMark(a.Country) + a.PostalCode + " " + a.Settlement + " " + a.Street, ""
}

// decode reads one JSON value of the shape and nothing else; null is no value.
func decode(raw json.RawMessage, into any) bool {
	if string(bytes.TrimSpace(raw)) == "null" {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		return false
	}
	_, err := d.Token()
	return err == io.EOF
}

// canonical is a value without the differences of spelling that do not count.
func canonical(c catalogue.Claim, text string) (same, reason string) {
	switch c {
	case catalogue.BirthDate:
		day, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
		if err != nil {
			return "", "is not a date as 2006-01-02"
		}
		return day.Format(time.DateOnly), ""
	case catalogue.TaxNumber, catalogue.TAJ:
		same = digits(text)
		if strings.ContainsFunc(same, func(r rune) bool { return r < '0' || r > '9' }) {
			return "", "holds more than digits, blanks and hyphens"
		}
		return same, ""
	case catalogue.Address:
		country, rest, _ := strings.Cut(text, countryEnd)
		if rest = plain(rest); rest == "" {
			return "", ""
		}
		return country + countryEnd + rest, ""
	}
	return name(text), ""
}
