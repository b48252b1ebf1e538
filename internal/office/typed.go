package office

import (
	"errors"

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

// refusals is refuse for the form.
func refusals(f *web.Form) registration.Refuse {
	return func(field string, err error) { refuse(f, field, err) }
}

// readStated reads the form; what is wrong is said at its fields, all at once.
// Who lives abroad may have no address in the register: then its fields are
// empty. Where that will not do, the desk says so.
func readStated(f *web.Form) registration.Stated {
	at := refusals(f)
	document := readDocument(f, at)
	s := registration.ReadPerson(f, at)
	s.Document = document
	if f.Value("country")+f.Value("postal-code")+f.Value("settlement")+f.Value("street") == "" {
		return s
	}
	var err error
	s.Address, err = identity.ParseAddress(f.Value("country"), f.Value("postal-code"), f.Value("settlement"), f.Value("street"))
	at(fieldOf(err, "street"), err)
	return s
}

func readDocument(f *web.Form, at registration.Refuse) (d identity.Document) {
	var err error
	if d.Kind, err = identity.ParseDocumentKind(f.Value("document-kind")); err != nil {
		at("document-kind", err)
	} else {
		d.Number, err = identity.ParseDocumentNumber(d.Kind, f.Value("document-number"))
		at("document-number", err)
	}
	d.Issued = registration.ReadDate(f, "document-issued", at)
	if f.Value("document-expires") != "" { // some documents of the elderly do not expire
		d.Expires = registration.ReadDate(f, "document-expires", at)
	}
	return d
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

// blankAbroad is blankForm at a consulate: where people live, only they can say.
func blankAbroad() *web.Form {
	return web.NewForm(map[string]string{"nationality": identity.Hungarian})
}

// filled is the form with what was stated.
func filled(s registration.Stated) *web.Form {
	v := map[string]string{
		"document-kind": string(s.Document.Kind), "document-number": s.Document.Number,
		"document-issued": registration.SpacedDate(s.Document.Issued), "document-expires": registration.SpacedDate(s.Document.Expires),
		"birth-family": s.BirthName.Family, "birth-given": s.BirthName.Given,
		"mother-family": s.MotherBirthName.Family, "mother-given": s.MotherBirthName.Given,
		"birth-place": s.BirthPlace, "birth-date": registration.SpacedDate(s.BirthDate),
		"country": s.Address.Country, "postal-code": s.Address.PostalCode, "settlement": s.Address.Settlement, "street": s.Address.Street,
		"nationality": s.Nationality,
	}
	if s.CurrentName != s.BirthName {
		v["current-family"], v["current-given"] = s.CurrentName.Family, s.CurrentName.Given
	}
	return web.NewForm(v)
}
