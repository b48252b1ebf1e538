package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestNamePart is the most letters a family or a given name may have.
const LongestNamePart = 120

// Name is a name as written in a Hungarian document: family name first. A person with a single name has no Given.
type Name struct {
	Family string `json:"family"`
	Given  string `json:"given"`
}

// ParseName reads the two parts of a name for the given field ("birth-name", "mother-birth-name", …): tidied blanks,
// composed letters. It errs with *Invalid: empty, long or alphabet.
func ParseName(field, family, given string) (Name, error) {
	name := Name{tidy(family), tidy(given)}
	if name.Family == "" {
		return Name{}, &Invalid{field, ReasonEmpty}
	}
	for _, part := range []string{name.Family, name.Given} {
		if utf8.RuneCountInString(part) > LongestNamePart {
			return Name{}, &Invalid{field, ReasonLong}
		}
		if strings.ContainsFunc(part, func(r rune) bool { return !inNames(r) }) {
			return Name{}, &Invalid{field, ReasonAlphabet}
		}
	}
	return name, nil
}

// inNames accepts letters of any alphabet with their marks, and what stands between letters: d'Arc, Kis-Nagy, dr.
func inNames(r rune) bool {
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune(" -'’.", r)
}

// tidy composes Hungarian letters and leaves single blanks between words.
func tidy(s string) string { return strings.Join(strings.Fields(compose(s)), " ") }

// String is the name in Hungarian order.
func (n Name) String() string { return strings.TrimSpace(n.Family + " " + n.Given) }

// IsZero says whether no name is stated.
func (n Name) IsZero() bool { return n == Name{} }

// Core is the core identity, the four natural identifying data ("4T") that name a person in Hungarian law.
type Core struct {
	BirthName       Name   `json:"birth_name"`
	MotherBirthName Name   `json:"mother_birth_name"`
	BirthPlace      string `json:"birth_place"`
	BirthDate       Date   `json:"birth_date"`
}

// Hungary is the country code of addresses that have a Hungarian postal code.
const Hungary = "HU"

// Address is a registered dwelling. Country is an ISO 3166-1 alpha-2 code.
type Address struct {
	Country    string `json:"country"`
	PostalCode string `json:"postal_code"`
	Settlement string `json:"settlement"`
	Street     string `json:"street"` // public place, house number, floor and door
}

const (
	longestPlace      = 200 // characters of a line of an address, and of a place of birth
	longestPostalCode = 12  // characters, in any country
)

// ParseAddress tidies an address. It errs with *Invalid on "country", "postal-code", "settlement" or "street".
func ParseAddress(country, postalCode, settlement, street string) (Address, error) {
	a := Address{strings.ToUpper(tidy(country)), strings.ToUpper(tidy(postalCode)), tidy(settlement), tidy(street)}
	if len(a.Country) != 2 || !consistsOf(a.Country, latinLetters) {
		return Address{}, &Invalid{"country", ReasonFormat}
	}
	if a.Country == Hungary && (len(a.PostalCode) != 4 || !consistsOf(a.PostalCode, digits) || a.PostalCode[0] == '0') {
		return Address{}, &Invalid{"postal-code", ReasonFormat}
	}
	if utf8.RuneCountInString(a.PostalCode) > longestPostalCode {
		return Address{}, &Invalid{"postal-code", ReasonLong}
	}
	if err := checkPlace("settlement", a.Settlement); err != nil {
		return Address{}, err
	}
	if err := checkPlace("street", a.Street); err != nil {
		return Address{}, err
	}
	return a, nil
}

// ParsePlace tidies a place of birth. It errs with *Invalid on "birth-place": empty, long or alphabet.
func ParsePlace(s string) (string, error) {
	s = tidy(s)
	if err := checkPlace("birth-place", s); err != nil {
		return "", err
	}
	return s, nil
}

func checkPlace(field, s string) error {
	switch {
	case s == "":
		return &Invalid{field, ReasonEmpty}
	case utf8.RuneCountInString(s) > longestPlace:
		return &Invalid{field, ReasonLong}
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return &Invalid{field, ReasonAlphabet}
	}
	return nil
}

// Hungarian is the Nationality of Hungarian citizens; nationalities are ISO 3166-1 alpha-2 codes.
const Hungarian = "HU"

// Person is a human being as the population register knows them.
type Person struct {
	CurrentName Name `json:"current_name"`
	Core
	Address     Address    `json:"address"`
	Nationality string     `json:"nationality"`
	PersonalID  PersonalID `json:"personal_id"`
	TaxNumber   TaxNumber  `json:"tax_number"`
	TAJ         TAJ        `json:"taj"`
}
