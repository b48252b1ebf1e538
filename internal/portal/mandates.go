package portal

import "kapu/internal/ledger"

// mandates is the chapter of those who act for others; both read of it.
var mandates = chapter{map[string]tale{
	"mandate.offered": {sort: "account", icon: "signature", odd: true, variants: []string{"office"}},
	"mandate.answered": {sort: "account", icon: "signature", variants: []string{
		"accepted-principal", "accepted-representative", "refused-principal", "refused-representative", "withdrawn-principal", "lapsed-principal", "lapsed-representative"}},
	"mandate.given": {sort: "account", icon: "signature", odd: true, variants: []string{"principal", "representative"}},
	"mandate.ended": {sort: "account", icon: "ban", variants: []string{
		"principal-principal", "principal-representative", "principal-time", "principal-account",
		"representative-principal", "representative-representative", "representative-time", "representative-account"}},
	"mandate.used": {sort: "data", icon: "next", odd: true, variants: []string{"principal", "principal-nothing", "representative"}},
}, (*facts).ofMandate}

// ofMandate has the name of the other of the two in the place of a reason.
func (f *facts) ofMandate(e ledger.Event) {
	switch e := e.(type) {
	case ledger.MandateOffered:
		f.variant, f.office, f.when, f.number = e.By, e.Office, e.Until, len(e.Services)
	case ledger.MandateAnswered:
		f.variant, f.office, f.reason = e.Answer+"-"+e.Role, e.Office, e.With
	case ledger.MandateGiven:
		f.variant, f.office, f.reason, f.when, f.number = e.Role, e.Office, e.With, e.Until, len(e.Services)
	case ledger.MandateEnded:
		f.variant, f.office, f.reason = e.Role+"-"+e.By, e.Office, e.With
	case ledger.MandateUsed:
		f.used(e)
	}
}

func (f *facts) used(e ledger.MandateUsed) {
	f.variant, f.service, f.reason, f.method, f.level = e.Role, e.Service, e.With, e.Method, e.Level
	switch {
	case e.Role == "representative":
	case len(e.Data) == 0:
		f.variant += "-nothing"
	default:
		f.data, f.ground, f.groundKey = e.Data, e.Ground, "portal.event.ground"
	}
}
