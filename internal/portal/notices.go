package portal

import "kapu/internal/ledger"

// noticeTales tell what people wish to be told, and what they said was not them.
var noticeTales = map[string]tale{
	"notices.set":     {sort: "account", icon: "bell", odd: true, variants: []string{"none", "important", "every"}},
	"phone.proven":    {sort: "account", icon: "mobile", odd: true},
	"phone.removed":   {sort: "account", icon: "mobile", odd: true},
	"signin.disowned": {sort: "signin", icon: "warning", odd: true, variants: []string{"signin", "forbidden", "settings", "change"}},
	"report.taken":    {sort: "office", icon: "desk"},
	"report.closed":   {sort: "office", icon: "desk", variants: []string{"restored", "misuse", "unanswered"}},
}

func (f *facts) notices(e ledger.Event) {
	switch e := e.(type) {
	case ledger.NoticesSet:
		f.variant = e.Wish
	case ledger.Disowned:
		f.variant, f.method = e.What, e.Method
	case ledger.ReportTaken:
		f.office = e.Office
	case ledger.ReportClosed:
		f.office, f.variant, f.reason = e.Office, e.Result, aside(e.Words)
	}
}
