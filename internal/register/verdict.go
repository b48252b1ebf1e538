package register

import (
	"fmt"
	"slices"

	"kapu/internal/identity"
)

// Field is a line of the desk's form that the register compares.
type Field string

// The compared fields.
const (
	CurrentName     Field = "current-name"
	BirthName       Field = "birth-name"
	MotherBirthName Field = "mother-birth-name"
	BirthPlace      Field = "birth-place"
	BirthDate       Field = "birth-date"
	Address         Field = "address"
	Document        Field = "document"
)

// Fields are all compared fields in the order of the desk's form; a verdict has a finding for each.
func Fields() []Field {
	return []Field{CurrentName, BirthName, MotherBirthName, BirthPlace, BirthDate, Address, Document}
}

// Part is the part of a field in which statement and register differ ("a nap eltér").
type Part string

// The parts. A birth place has none; a difference there concerns the whole.
const (
	Family     Part = "family" // of a name
	Given      Part = "given"
	Year       Part = "year" // of a date
	Month      Part = "month"
	Day        Part = "day"
	Country    Part = "country" // of an address
	PostalCode Part = "postal-code"
	Settlement Part = "settlement"
	Street     Part = "street"
	Number     Part = "number" // of a document
	Issued     Part = "issued"
	Expires    Part = "expires"
)

// Parts are all parts.
func Parts() []Part {
	return []Part{Family, Given, Year, Month, Day, Country, PostalCode, Settlement, Street, Number, Issued, Expires}
}

// Result is what comparing a field gave.
type Result string

// The results. NotChecked says that the register found no person to compare with.
const (
	Match      Result = "match"
	Differs    Result = "differs"
	NotChecked Result = "not-checked"
)

// Results are all results.
func Results() []Result { return []Result{Match, Differs, NotChecked} }

// DocumentStatus is what the register knows of a document.
type DocumentStatus string

// The states of a document. A number that belongs to somebody else is unknown too: the register does not tell whose.
const (
	DocumentValid   DocumentStatus = "valid"
	DocumentExpired DocumentStatus = "expired"
	DocumentLost    DocumentStatus = "lost" // reported lost or stolen
	DocumentUnknown DocumentStatus = "unknown"
)

// DocumentStatuses are all states of a document.
func DocumentStatuses() []DocumentStatus {
	return []DocumentStatus{DocumentValid, DocumentExpired, DocumentLost, DocumentUnknown}
}

// PersonStatus is what the register knows of a person.
type PersonStatus string

// The states of a person.
const (
	Alive         PersonStatus = "alive"
	Deceased      PersonStatus = "deceased"
	PersonUnknown PersonStatus = "unknown" // nobody like the stated
)

// PersonStatuses are all states of a person.
func PersonStatuses() []PersonStatus { return []PersonStatus{Alive, Deceased, PersonUnknown} }

// Finding is the result for one field, with the parts that differ.
type Finding struct {
	Field  Field  `json:"field"`
	Result Result `json:"result"`
	Parts  []Part `json:"parts,omitempty"`
}

// Verdict is the register's answer to a query.
type Verdict struct {
	Trace    string         `json:"trace"`    // the register's number of this check, for the minutes
	Person   PersonStatus   `json:"person"`   // of the person most like the stated
	Document DocumentStatus `json:"document"` // of the shown document
	Findings []Finding      `json:"findings"` // one for each of Fields

	// Reference and Record are present exactly when the verdict is Confirmed.
	Reference Reference        `json:"reference,omitempty"`
	Record    *identity.Person `json:"record,omitempty"`
}

// Confirmed says whether everything agrees: a living person, a valid document, every field. Whether the law accepts
// the document and the person's age is not in it.
func (v Verdict) Confirmed() bool {
	return v.Person == Alive && v.Document == DocumentValid && len(v.Findings) == len(Fields()) &&
		!slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Result != Match })
}

// Of is the finding for a field; a verdict without one did not check it.
func (v Verdict) Of(field Field) Finding {
	for _, finding := range v.Findings {
		if finding.Field == field {
			return finding
		}
	}
	return Finding{Field: field, Result: NotChecked}
}

// Validate errs with ErrProtocol when the verdict contradicts itself or speaks words that are not agreed, so that a
// register's mistake can never pass for a confirmation.
func (v Verdict) Validate() error {
	switch {
	case v.Trace == "":
		return fmt.Errorf("%w: no trace number", ErrProtocol)
	case !slices.Contains(PersonStatuses(), v.Person) || !slices.Contains(DocumentStatuses(), v.Document):
		return fmt.Errorf("%w: unknown state of person or document", ErrProtocol)
	case v.Confirmed() != (v.Record != nil) || v.Confirmed() != (v.Reference != ""):
		return fmt.Errorf("%w: record and findings contradict", ErrProtocol)
	}
	return validateFindings(v.Findings)
}

func validateFindings(findings []Finding) error {
	if len(findings) != len(Fields()) {
		return fmt.Errorf("%w: %d findings", ErrProtocol, len(findings))
	}
	for i, field := range Fields() {
		finding := findings[i]
		strange := func(part Part) bool { return !slices.Contains(Parts(), part) }
		if finding.Field != field || !slices.Contains(Results(), finding.Result) || slices.ContainsFunc(finding.Parts, strange) {
			return fmt.Errorf("%w: finding %d", ErrProtocol, i)
		}
		if finding.Result != Differs && len(finding.Parts) > 0 {
			return fmt.Errorf("%w: parts of a field that does not differ", ErrProtocol)
		}
	}
	return nil
}
