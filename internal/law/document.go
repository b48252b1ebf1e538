package law

import (
	"slices"
	"time"

	"kapu/internal/identity"
)

var documentRules = []rule{
	{"document.kinds", "kinds of documents that prove identity at a desk",
		words(string(identity.IdentityCard), string(identity.Passport), string(identity.DrivingLicence)),
		[]Row{{Value: "identity-card passport driving-licence", From: start2005, Source: "000 001 002"}}},
	{"document.earliest-licence-issue", "earliest issue of an accepted driving licence", calendarDay,
		[]Row{{Value: "2001-01-01", From: start2005, Source: "000 001 002"}}},
	{"document.earliest-electronic-card-issue", "earliest issue of an electronic identity card", calendarDay,
		[]Row{{Value: "2016-01-01", From: card2016, Source: "004"}}},
}

// never is after every day that a document can bear.
var never = identity.Date{Year: 9999, Month: time.December, Day: 31}

// EarliestLicenceIssue is the first day on which an accepted driving licence can have been issued (R3).
func (t Table) EarliestLicenceIssue(at time.Time) identity.Date {
	return t.dateOrNever("document.earliest-licence-issue", at)
}

// EarliestElectronicCardIssue is the first day on which an electronic identity card can have been issued (R21).
func (t Table) EarliestElectronicCardIssue(at time.Time) identity.Date {
	return t.dateOrNever("document.earliest-electronic-card-issue", at)
}

func (t Table) dateOrNever(name Rule, at time.Time) identity.Date {
	if date, set := lookup[identity.Date](t, name, at); set {
		return date
	}
	return never
}

// Refusal says why a document does not prove identity; the empty Refusal is "accepted".
type Refusal string

// Reasons to refuse a document before the register is asked. Loss and theft are the register's to know.
const (
	Accepted       Refusal = ""
	RefusedKind    Refusal = "kind"    // not a kind that proves identity
	RefusedIssue   Refusal = "issue"   // no day of issue, or one that has not come
	RefusedTooOld  Refusal = "too-old" // a driving licence from before the card format
	RefusedExpired Refusal = "expired" // its last day has passed
)

// DocumentRefusal judges a document by what is printed on it (R3). A document is valid through its last day.
func (t Table) DocumentRefusal(document identity.Document, at time.Time) Refusal {
	today := Day(at)
	switch {
	case !slices.Contains(valueAt[[]string](t, "document.kinds", at), string(document.Kind)):
		return RefusedKind
	case document.Issued.IsZero() || document.Issued.After(today):
		return RefusedIssue
	case document.Kind == identity.DrivingLicence && document.Issued.Before(t.EarliestLicenceIssue(at)):
		return RefusedTooOld
	case !document.Expires.IsZero() && document.Expires.Before(today):
		return RefusedExpired
	}
	return Accepted
}
