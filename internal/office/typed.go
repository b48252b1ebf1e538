package office

import (
	"errors"
	"strings"

	"kapu/internal/identity"
	"kapu/internal/registration"
	"kapu/internal/web"
)

// Lengths beyond which a field is not worth reading; the exact bounds are
// identity's.
const (
	longestName  = identity.LongestNamePart
	longestPlace = 200
	longestShort = 40
)

// dataFields are the fields of the form of personal data.
var dataFields = []web.Field{
	{Name: "document-kind", Max: longestShort}, {Name: "document-number", Max: longestShort},
	{Name: "document-issued", Max: longestShort}, {Name: "document-expires", Max: longestShort},
	{Name: "birth-family", Max: longestName}, {Name: "birth-given", Max: longestName},
	{Name: "current-family", Max: longestName}, {Name: "current-given", Max: longestName},
	{Name: "mother-family", Max: longestName}, {Name: "mother-given", Max: longestName},
	{Name: "birth-place", Max: longestPlace}, {Name: "birth-date", Max: longestShort},
	{Name: "country", Max: longestShort}, {Name: "postal-code", Max: longestShort},
	{Name: "settlement", Max: longestPlace}, {Name: "street", Max: longestPlace},
	{Name: "nationality", Max: longestShort}, {Name: "version", Max: longestShort},
}

// refuse puts what identity says of a value at the field it came from, in the
// words for that field.
func refuse(f *web.Form, field string, err error) {
	var invalid *identity.Invalid
	if errors.As(err, &invalid) {
		f.Fail(field, "identity.reason."+field+"."+invalid.Reason)
	}
}

// readStated reads the form; what is wrong is said at its fields, all at once.
func readStated(f *web.Form) (s registration.Stated) {
	s.Document = readDocument(f)
	s.BirthName = readName(f, "birth")
	s.CurrentName = s.BirthName
	if f.Value("current-family")+f.Value("current-given") != "" {
		s.CurrentName = readName(f, "current")
	}
	s.MotherBirthName = readName(f, "mother")
	var err error
	s.BirthPlace, err = identity.ParsePlace(f.Value("birth-place"))
	refuse(f, "birth-place", err)
	s.BirthDate = readDate(f, "birth-date")
	s.Address, err = identity.ParseAddress(f.Value("country"), f.Value("postal-code"), f.Value("settlement"), f.Value("street"))
	refuse(f, fieldOf(err, "street"), err)
	s.Nationality = readNationality(f)
	return s
}

func readDocument(f *web.Form) (d identity.Document) {
	var err error
	if d.Kind, err = identity.ParseDocumentKind(f.Value("document-kind")); err != nil {
		refuse(f, "document-kind", err)
	} else {
		d.Number, err = identity.ParseDocumentNumber(d.Kind, f.Value("document-number"))
		refuse(f, "document-number", err)
	}
	d.Issued = readDate(f, "document-issued")
	if f.Value("document-expires") != "" { // some documents of the elderly do not expire
		d.Expires = readDate(f, "document-expires")
	}
	return d
}

func readName(f *web.Form, whose string) identity.Name {
	name, err := identity.ParseName(whose+"-name", f.Value(whose+"-family"), f.Value(whose+"-given"))
	refuse(f, whose+"-family", err)
	return name
}

func readDate(f *web.Form, field string) identity.Date {
	date, err := identity.ParseDate(f.Value(field))
	refuse(f, field, err)
	return date
}

const countryLetters = 2 // ISO 3166-1 alpha-2

func readNationality(f *web.Form) string {
	v := strings.ToUpper(f.Value("nationality"))
	if len(v) != countryLetters || strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		refuse(f, "nationality", &identity.Invalid{Field: "nationality", Reason: identity.ReasonFormat})
	}
	return v
}

// fieldOf is the form's field that an error of identity is about.
func fieldOf(err error, otherwise string) string {
	var invalid *identity.Invalid
	if errors.As(err, &invalid) {
		return invalid.Field
	}
	return otherwise
}

// blankForm is the form as a new case shows it.
func blankForm() *web.Form {
	return web.NewForm(map[string]string{"country": identity.Hungary, "nationality": identity.Hungarian})
}

// filled is the form with what was stated.
func filled(s registration.Stated) *web.Form {
	v := map[string]string{
		"document-kind": string(s.Document.Kind), "document-number": s.Document.Number,
		"document-issued": spaced(s.Document.Issued), "document-expires": spaced(s.Document.Expires),
		"birth-family": s.BirthName.Family, "birth-given": s.BirthName.Given,
		"mother-family": s.MotherBirthName.Family, "mother-given": s.MotherBirthName.Given,
		"birth-place": s.BirthPlace, "birth-date": spaced(s.BirthDate),
		"country": s.Address.Country, "postal-code": s.Address.PostalCode, "settlement": s.Address.Settlement, "street": s.Address.Street,
		"nationality": s.Nationality,
	}
	if s.CurrentName != s.BirthName {
		v["current-family"], v["current-given"] = s.CurrentName.Family, s.CurrentName.Given
	}
	return web.NewForm(v)
}

// spaced is a date as a Hungarian document shows it: "1968. 03. 14.".
func spaced(d identity.Date) string {
	if d.IsZero() {
		return ""
	}
	return strings.ReplaceAll(d.String(), "-", ". ") + "."
}
