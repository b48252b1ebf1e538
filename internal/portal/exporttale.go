package portal

import "kapu/internal/ledger"

var exportTales = map[string]tale{
	"history.exported": {sort: "data", icon: "download", odd: true, variants: []string{"json", "pdf"}},
}

func (f *facts) export(e ledger.Event) {
	if e, ok := e.(ledger.HistoryExported); ok {
		f.variant, f.number = e.Format, e.Entries
	}
}
