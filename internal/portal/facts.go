package portal

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
)

// facts is what an entry says, gathered from whichever kind it is.
type facts struct {
	variant, service, office, reason, medium, device, address string
	method                                                    law.Method
	level                                                     law.Level
	data                                                      []string
	ground                                                    string    // the law on which data were released
	consented                                                 []string  // of the data, those that the person lets a service have
	when                                                      time.Time // the moment or day it speaks of
	number                                                    int
}

func factsOf(e ledger.Event) (f facts) {
	switch e := e.(type) {
	case ledger.Identified:
		f.method, f.level, f.device, f.address = e.Method, e.Level, e.Device, e.Address
	case ledger.Released:
		f.service, f.data, f.method, f.level, f.ground, f.consented = e.Service, e.Data, e.Method, e.Level, e.Ground, e.Consented
		if len(e.Data) == 0 {
			f.variant = "nothing"
		}
	case ledger.ForbiddenUsed:
		f.method, f.address = e.Method, e.Address
	case ledger.SignedOut:
		f.variant = e.Reason
	case ledger.Throttled:
		f.method = e.Method
	case ledger.CodeSent:
		f.variant, f.medium = e.Purpose, e.Medium
	case ledger.NoticeSent:
		f.variant, f.medium = e.Template, e.Medium
	case ledger.RegistrationOpened:
		f.at(e.Office)
	case ledger.RegisterChecked:
		f.variant, f.office = e.Verdict, e.Office
		if e.Verdict == "agrees" && e.Office != "" {
			f.variant = "agrees-at"
		}
	case ledger.RegistrationFinished:
		f.at(e.Office)
	case ledger.PasswordSet:
		f.variant = e.Occasion
	case ledger.FactorRequested:
		f.method = e.Method
	case ledger.FactorAdded:
		f.method = e.Method
	case ledger.FactorRemoved:
		f.method, f.variant = e.Method, e.By
	case ledger.FactorRevoked:
		f.method = e.Method
	default:
		f.ofRelease(e)
		f.ofLife(e)
		f.ofChange(e)
		f.ofOffice(e)
	}
	return f
}

func (f *facts) ofRelease(e ledger.Event) {
	switch e := e.(type) {
	case ledger.ConsentDecided:
		f.service, f.data = e.Service, e.Allowed
		if len(e.Allowed) == 0 {
			f.variant, f.data = "refused", e.Refused
		}
	case ledger.ConsentWithdrawn:
		f.service = e.Service
	case ledger.IdentifierStated:
		f.service, f.data = e.Service, []string{e.Name}
	case ledger.AccessRevoked:
		f.service = e.Service
	case ledger.Matched:
		f.service, f.data = e.Service, e.Asked
	}
}

func (f *facts) ofLife(e ledger.Event) {
	switch e := e.(type) {
	case ledger.AccountExtended:
		f.variant, f.office, f.when = e.By, e.Office, dayOf(e.Until)
	case ledger.AccountReminded:
		f.number = e.Days
		if e.Days == 1 {
			f.variant = "tomorrow"
		}
	case ledger.AccountEnded:
		f.variant, f.office = e.Reason, e.Office
	case ledger.DeletionRequested:
		f.variant, f.office, f.when = e.By, e.Office, e.Due
	case ledger.DeletionStopped:
		f.variant = e.By
	case ledger.AccountFinalised:
		f.office = e.Office
	case ledger.PersonUpdated:
		f.updated(e)
	case ledger.FeeRecorded:
		f.office, f.number, f.reason = e.Office, e.Forints, e.Receipt
		if e.Receipt != "" {
			f.variant = "receipt"
		}
	}
}

func (f *facts) updated(e ledger.PersonUpdated) {
	f.office, f.data = e.Office, e.Fields
	switch {
	case len(e.Fields) == 0: // the person has been erased
	case e.Office != "":
		f.variant = "at"
	default:
		f.variant = "data"
	}
}

func (f *facts) ofChange(e ledger.Event) {
	switch e := e.(type) {
	case ledger.EmailChangeRequested:
		f.variant, f.office = e.By, e.Office
	case ledger.EmailChanged:
		f.variant, f.office = e.By, e.Office
	case ledger.EmailChangeStopped:
		f.variant = e.By
	case ledger.PasswordResetRequested:
		f.variant, f.office = e.By, e.Office
	case ledger.FactorRemovalRequested:
		f.method, f.variant, f.office, f.when = e.Method, e.By, e.Office, e.Due
	case ledger.FactorRemovalStopped:
		f.method, f.variant = e.Method, e.By
	}
}

func (f *facts) ofOffice(e ledger.Event) {
	switch e := e.(type) {
	case ledger.LookedUp:
		f.office, f.variant, f.reason = e.Office, e.Reason, aside(e.Words)
		if e.Office == "" { // no desk: an operator's command
			f.variant = "operator"
		}
	case ledger.DeskActed:
		f.office, f.variant, f.reason = e.Office, e.Act, aside(e.Words)
	case ledger.ReviewDrawn:
		f.office = e.Office
	case ledger.Reviewed:
		f.office, f.variant = e.Office, e.Verdict
	case ledger.CardCodeIssued:
		f.office = e.Office
	case ledger.Searched:
		f.office = e.Office
	case ledger.ClerkAppointed:
		f.office = e.Office
	case ledger.ClerkDismissed:
		f.office = e.Office
	}
}

func (f *facts) at(office string) {
	f.office = office
	if office == "" {
		f.variant = "elsewhere"
	}
}

// aside is what a clerk wrote, as it stands at the end of a sentence.
func aside(words string) string {
	if words == "" {
		return ""
	}
	return " (" + words + ")"
}

// dayOf reads a day as an entry holds it, at its beginning in Budapest.
func dayOf(text string) time.Time {
	day, err := identity.ParseDate(text)
	if err != nil {
		return time.Time{}
	}
	return day.In(law.Budapest)
}
