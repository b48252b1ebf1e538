package portal

import (
	"strconv"
	"time"

	"kapu/internal/catalogue"
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
	ground, groundKey                                         string    // the law on which data were released, and the key of the sentence
	parts                                                     []named   // what is said of some of the data, or of others
	when                                                      time.Time // the moment or day it speaks of
	number                                                    int
	keys                                                      []string // of what else is listed
}

func (f *facts) general(e ledger.Event) {
	switch e := e.(type) {
	case ledger.Identified:
		f.method, f.level, f.device, f.address = e.Method, e.Level, e.Device, e.Address
		f.byPhone()
	case ledger.Released:
		f.released(e)
	case ledger.ForbiddenUsed:
		f.method, f.address = e.Method, e.Address
	case ledger.SignedOut:
		f.variant, f.device = e.Reason, e.Device
	case ledger.DeviceForgotten:
		f.device = e.Device
	case ledger.Throttled:
		f.method, f.variant = e.Method, e.Scope
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
}

// named is a sentence, by its key, and the data it names.
type named struct {
	key  string
	data []string
}

// say adds a sentence that names data, if there are any.
func (f *facts) say(key string, data []string) {
	if len(data) > 0 {
		f.parts = append(f.parts, named{key, data})
	}
}

// released tells what a service received, and by what right: by law, because the
// person lets it, or some by each.
func (f *facts) released(e ledger.Released) {
	f.service, f.data, f.method, f.level = e.Service, e.Data, e.Method, e.Level
	switch {
	case len(e.Data) == 0:
		f.variant = "nothing"
	case len(e.Consented) == 0:
		f.ground, f.groundKey = e.Ground, "portal.event.ground"
	case len(e.Consented) == len(e.Data):
		f.parts = []named{{key: "portal.event.agreed.all"}}
	default:
		f.ground, f.groundKey = e.Ground, "portal.event.ground.rest"
		f.say("portal.event.agreed", e.Consented)
	}
}

func (f *facts) ofRelease(e ledger.Event) {
	switch e := e.(type) {
	case ledger.ConsentDecided:
		f.service, f.data = e.Service, e.Allowed
		if len(e.Allowed) == 0 {
			f.variant, f.data = "refused", e.Refused
			break
		}
		f.say("portal.event.refused", e.Refused)
	case ledger.ConsentWithdrawn:
		f.service = e.Service
	case ledger.IdentifierStated:
		f.service, f.data = e.Service, []string{e.Name}
	case ledger.AccessRevoked:
		f.service = e.Service
	case ledger.Matched:
		f.service = e.Service
		f.say("portal.event.right", e.Agreed)
		f.say("portal.event.wrong", e.Differing)
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

func (f *facts) disposed(e ledger.DispositionChanged) {
	f.variant, f.method, f.office = e.Act, e.Method, e.Office
	for _, kind := range e.Kinds {
		f.keys = append(f.keys, catalogue.KindKey(kind))
	}
	switch {
	case e.Act == "free":
		f.variant = "lifted"
	case e.By == "link":
		f.variant = "link"
	case e.Act == "least" && e.Level == law.NoLevel:
		f.variant = "free"
	case e.Act == "least":
		f.keys = []string{"shell.level." + strconv.Itoa(int(e.Level))}
	}
}

func (f *facts) ofChange(e ledger.Event) {
	switch e := e.(type) {
	case ledger.DispositionChanged:
		f.disposed(e)
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
