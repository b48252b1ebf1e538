package registration

import (
	"strings"

	"kapu/internal/identity"
)

// Filled is a form that somebody filled in: what was typed into each field.
type Filled interface{ Value(field string) string }

// Refuse says at a field of the form what identity says against its value; a nil error is no refusal.
type Refuse func(field string, err error)

// ReadPerson reads what a form states of a human being, wherever it is filled
// in: names, the core identity and the nationality, in the fields birth-,
// current- and mother-, each with family and given, birth-place, birth-date and
// nationality. All that is wrong is said at once. Who states no current name
// bears the birth name. Address and document remain empty.
func ReadPerson(form Filled, refuse Refuse) (s Stated) {
	s.BirthName = readName(form, "birth", refuse)
	s.CurrentName = s.BirthName
	if form.Value("current-family")+form.Value("current-given") != "" {
		s.CurrentName = readName(form, "current", refuse)
	}
	s.MotherBirthName = readName(form, "mother", refuse)
	var err error
	s.BirthPlace, err = identity.ParsePlace(form.Value("birth-place"))
	refuse("birth-place", err)
	s.BirthDate = ReadDate(form, "birth-date", refuse)
	s.Nationality = readNationality(form, refuse)
	return s
}

func readName(form Filled, whose string, refuse Refuse) identity.Name {
	name, err := identity.ParseName(whose+"-name", form.Value(whose+"-family"), form.Value(whose+"-given"))
	refuse(whose+"-family", err)
	return name
}

// ReadDate reads a day.
func ReadDate(form Filled, field string, refuse Refuse) identity.Date {
	date, err := identity.ParseDate(form.Value(field))
	refuse(field, err)
	return date
}

const countryLetters = 2 // ISO 3166-1 alpha-2

func readNationality(form Filled, refuse Refuse) string {
	v := strings.ToUpper(form.Value("nationality"))
	if len(v) != countryLetters || strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		refuse("nationality", &identity.Invalid{Field: "nationality", Reason: identity.ReasonFormat})
	}
	return v
}

// SpacedDate is a date as a Hungarian document shows it, and as a form shows it
// again: "1968. 03. 14.".
func SpacedDate(d identity.Date) string {
	if d.IsZero() {
		return ""
	}
	return strings.ReplaceAll(d.String(), "-", ". ") + "."
}
