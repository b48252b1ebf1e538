package portal

import (
	"kapu/internal/law"
	"kapu/internal/ledger"
)

// phoneTales tell of Telefonos Azonosítás.
var phoneTales = map[string]tale{
	"phone.issued":           {sort: "office", icon: "phone", odd: true, variants: []string{"again"}},
	"phone.password-changed": {sort: "account", icon: "key", odd: true, variants: []string{"first", "telephone"}},
	"phone.questions-set":    {sort: "account", icon: "question"},
	"phone.locked":           {sort: "account", icon: "lock", odd: true, variants: []string{"password"}},
	"phone.unlocked":         {sort: "account", icon: "check", odd: true, variants: []string{"questions"}},
	"phone.paused":           {sort: "account", icon: "warning"},
	"phone.lapsed":           {sort: "account", icon: "clock"},
	"phone.ended":            {sort: "account", icon: "trash", odd: true, variants: []string{"office"}},
	"caller.shown":           {sort: "office", icon: "phone"},
}

// phone is what the events of the telephone say.
func (f *facts) phone(e ledger.Event) {
	switch e := e.(type) {
	case ledger.PhoneIssued:
		f.office, f.medium = e.Office, e.Medium
		if e.Again != "" {
			f.variant = "again"
		}
	case ledger.PhonePasswordChanged:
		f.variant = e.By
		if e.First != "" {
			f.variant = "first"
		}
	case ledger.PhoneLocked:
		f.variant = e.Until
	case ledger.PhoneUnlocked:
		f.variant = e.By
	case ledger.PhonePaused:
		f.number = e.Answers
	case ledger.PhoneEnded:
		f.variant, f.office = e.By, e.Office
	case ledger.CallerShown:
		f.office = e.Office
	}
}

// byPhone tells an identification by the telephone identifier: on the web, or in a
// call, where nobody signs in.
func (f *facts) byPhone() {
	if f.method != law.Phone {
		return
	}
	f.variant = "phone"
	if f.device == "telephone" {
		f.variant, f.device = "call", "" // which the sentence says
	}
}
