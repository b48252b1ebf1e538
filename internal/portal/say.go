package portal

import (
	"strings"

	"kapu/internal/web"
)

// say is the sentence of an entry as plain text, for what leaves the page: it
// says what the template "sentence" says, and a test holds the two together.
func (x *Room) say(l web.Lang, e told) string {
	var b strings.Builder
	text := func(key string, args ...any) {
		b.WriteString(strings.ReplaceAll(x.Shell.Text(l, key, args...), "**", ""))
	}
	list := func(keys []string) {
		for i, key := range keys {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(" ")
			text(key)
		}
		if len(keys) > 0 {
			b.WriteString(".")
		}
	}
	text(e.Key, "Service", e.ServiceIn(l), "Method", x.Shell.Text(l, e.MethodKey()), "Office", e.Office, "Reason", e.Reason,
		"Medium", x.Shell.Text(l, e.Medium), "Moment", x.Shell.DateAndTime(l, e.When), "Until", x.Shell.DateUntil(l, e.When), "Number", e.Number)
	list(e.Data)
	for _, p := range e.Parts {
		b.WriteString(" ")
		text(p.Key)
		list(p.Data)
	}
	if e.Ground != "" {
		b.WriteString(" ")
		text(e.GroundKey, "Ground", e.Ground)
	}
	return b.String()
}

// beside is what the page shows under the sentence.
func (x *Room) beside(l web.Lang, e told) string {
	var parts []string
	if e.Via() {
		parts = append(parts, x.Shell.Text(l, e.MethodKey()))
	}
	if e.Device != "" {
		parts = append(parts, e.Device)
	}
	if e.Address != "" {
		parts = append(parts, x.Shell.Text(l, "portal.entry.address", "Address", e.Address))
	}
	return strings.Join(parts, " · ")
}
