package portal

import (
	"slices"

	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/ledger"
)

// sorts are the drawers of the history, in the order of the page's filter.
var sorts = []string{"signin", "data", "office", "account"}

// tale says how a kind of entry is told: in which drawer it lies, which marks
// it, and which variants of the sentence portal.event.<kind> there are beside
// the general one.
type tale struct {
	sort     string
	icon     string
	odd      bool // worth a second look by whoever reads it
	variants []string
}

// tales has every kind of entry that the ledger knows; a test sees to that.
var tales = map[string]tale{
	"signin.succeeded":       {sort: "signin", icon: "lock"},
	"service.reached":        {sort: "data", icon: "next", variants: []string{"nothing"}},
	"session.ended":          {sort: "signin", icon: "user", variants: []string{"citizen", "service", "operator", "password-changed"}},
	"signin.throttled":       {sort: "signin", icon: "warning", odd: true},
	"code.sent":              {sort: "account", icon: "mail", variants: []string{"activation", "signin"}},
	"notice.sent":            {sort: "account", icon: "bell", variants: noticeVariants},
	"registration.opened":    {sort: "office", icon: "document", variants: []string{"elsewhere"}},
	"registration.checked":   {sort: "office", icon: "building", variants: []string{"agrees", "agrees-at", "differs", "unknown", "down", "own"}},
	"registration.finished":  {sort: "office", icon: "signature", variants: []string{"elsewhere"}},
	"registration.withdrawn": {sort: "office", icon: "document"},
	"registration.lapsed":    {sort: "account", icon: "clock"},
	"account.activated":      {sort: "account", icon: "check"},
	"password.set":           {sort: "account", icon: "key", variants: []string{"activation", "change", "reset"}},
	"factor.requested":       {sort: "account", icon: "plus"},
	"factor.added":           {sort: "account", icon: "shield"},
	"factor.removed":         {sort: "account", icon: "ban", odd: true, variants: []string{"code", "citizen", "office"}},
	"factor.revoked":         {sort: "account", icon: "ban", odd: true},
	"clerk.looked-up":        {sort: "office", icon: "eye", odd: true, variants: []string{"presence", "phone", "letter", "error", "other"}},
	"clerk.searched":         {sort: "office", icon: "search"},
	"clerk.dismissed":        {sort: "office", icon: "desk"},
	"clerk.appointed":        {sort: "office", icon: "desk"},
	"gateway.started":        {sort: "account", icon: "info"},
	"key.rotated":            {sort: "account", icon: "key"},
	"law.overridden":         {sort: "account", icon: "document"},
}

// noticeVariants are the notices that have a sentence of their own.
var noticeVariants = []string{"activation-code", "code-resent", "registration-lapsed", "plus-requested", "factor-removed", "password-changed"}

// key is the key of the sentence of an entry, in the variant that fits or the
// general form.
func (t tale) key(kind, variant string) string {
	if slices.Contains(t.variants, variant) {
		return "portal.event." + kind + "." + variant
	}
	return "portal.event." + kind
}

// unknownKind is told of entries that a later version of the program wrote.
var unknownKind = tale{sort: "account", icon: "question"}

const unknownKey = "portal.event.unknown"

// methodKey is the key of a method's name.
func methodKey(m law.Method) string {
	if slices.Contains(law.Methods(), m) {
		return "portal.method." + string(m)
	}
	return "portal.method.other"
}

// dataKey is the key of the name of a piece of data.
func dataKey(name string) string {
	if slices.Contains(catalogue.Claims(), catalogue.Claim(name)) {
		return catalogue.Claim(name).TextKey()
	}
	return "shell.data.other"
}

// mediumKey is the key of a way to send a message.
func mediumKey(medium string) string {
	if medium == "sms" {
		return "portal.medium.sms"
	}
	return "portal.medium.mail"
}

// facts is what an entry says, gathered from whichever kind it is.
type facts struct {
	variant, service, office, reason, medium, device, address string
	method                                                    law.Method
	level                                                     law.Level
	data                                                      []string
}

func factsOf(e ledger.Event) (f facts) {
	switch e := e.(type) {
	case ledger.Identified:
		f.method, f.level, f.device, f.address = e.Method, e.Level, e.Device, e.Address
	case ledger.Released:
		f.service, f.data, f.method, f.level = e.Service, e.Data, e.Method, e.Level
		if len(e.Data) == 0 {
			f.variant = "nothing"
		}
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
		f.ofOffice(e)
	}
	return f
}

func (f *facts) ofOffice(e ledger.Event) {
	switch e := e.(type) {
	case ledger.LookedUp:
		f.office, f.variant = e.Office, e.Reason
		if e.Words != "" {
			f.reason = " (" + e.Words + ")"
		}
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
