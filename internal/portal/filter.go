package portal

import (
	"cmp"
	"html"
	"html/template"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/web"
)

// choice is which part of the history is wanted, as it stands in an address.
type choice struct {
	Sort    string `json:"sort,omitempty"`    // one of sorts, or "" for all
	Service string `json:"service,omitempty"` // id of a service
	Method  string `json:"method,omitempty"`
	From    string `json:"from,omitempty"`  // first day, as it was typed until it has been read
	Until   string `json:"until,omitempty"` // last day

	before string // id of the last entry of the page before, or ""
}

// maxChoice is how long one value of the filter may be, in bytes.
const maxChoice = 100

// choiceOf reads an address or a form; what it cannot read it takes for no choice.
func choiceOf(q url.Values) (c choice) {
	for name, into := range c.fields() {
		if v := q.Get(name); len(v) <= maxChoice {
			*into = v
		}
	}
	if !slices.Contains(sorts, c.Sort) {
		c.Sort = ""
	}
	if !slices.Contains(law.Methods(), law.Method(c.Method)) {
		c.Method = ""
	}
	if uuid.Validate(c.before) != nil {
		c.before = ""
	}
	return c
}

func (c *choice) fields() map[string]*string {
	return map[string]*string{"sort": &c.Sort, "service": &c.Service, "method": &c.Method, "from": &c.From, "until": &c.Until, "before": &c.before}
}

// form is the choice as the page's form shows it.
func (c choice) form() *web.Form {
	return web.NewForm(map[string]string{"service": c.Service, "method": c.Method, "from": c.From, "until": c.Until})
}

// filter is what the ledger is asked for. A day that cannot be read fails its field.
func (c *choice) filter(form *web.Form) (f ledger.Filter) {
	f = ledger.Filter{Kinds: kindsOf(c.Sort), Service: c.Service, Method: c.Method}
	if day, ok := readDay(form, "from", &c.From); ok {
		f.From = day.In(law.Budapest)
	}
	if day, ok := readDay(form, "until", &c.Until); ok {
		f.Till = day.AddDays(1).In(law.Budapest)
	}
	if form.OK() && !f.Till.IsZero() && !f.From.Before(f.Till) {
		form.Fail("until", "portal.filter.backwards")
	}
	return f
}

// readDay reads a day as people write it, and writes it back as addresses have it.
func readDay(form *web.Form, name string, text *string) (day identity.Date, ok bool) {
	if *text == "" {
		return day, false
	}
	day, err := identity.ParseDate(*text)
	if err != nil {
		form.Fail(name, "portal.filter.day")
		return day, false
	}
	*text = day.String()
	return day, true
}

// kindsOf are the kinds in a drawer; nil for all.
func kindsOf(sort string) (kinds []string) {
	for kind, t := range tales {
		if sort == t.sort {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// narrowed tells that more was chosen than a drawer.
func (c choice) narrowed() bool { return c.Service+c.Method+c.From+c.Until != "" }

// query is the choice as an address has it, without its page.
func (c choice) query() string {
	q := url.Values{}
	for name, v := range c.fields() {
		if *v != "" && name != "before" {
			q.Set(name, *v)
		}
	}
	return q.Encode()
}

// address is that of a page of the history.
func (c choice) address(before string) string {
	query := c.query()
	if before != "" && query != "" {
		query += "&"
	}
	if before != "" {
		query += "before=" + before
	}
	return (&url.URL{Path: "/account/history", RawQuery: query}).String()
}

// with is the choice with another drawer.
func (c choice) with(sort string) choice {
	c.Sort = sort
	return c
}

func (c choice) sortLinks() []sortLink {
	links := []sortLink{{"portal.sort.all", c.with("").address(""), c.Sort == ""}}
	for _, s := range sorts {
		links = append(links, sortLink{"portal.sort." + s, c.with(s).address(""), c.Sort == s})
	}
	return links
}

// option is a line of a list to choose from.
type option struct{ Value, Label string }

// itemsOf makes a list for a form, which begins with no choice at all.
func itemsOf(none string, list []option) (items []any) {
	for _, o := range append([]option{{"", none}}, list...) {
		items = append(items, map[string]any{"value": o.Value, "label": template.HTML(html.EscapeString(o.Label))})
	}
	return items
}

// serviceOptions are the services by name, and the chosen one even when it is
// no longer listed.
func (x *Room) serviceOptions(l web.Lang, chosen string) (list []option) {
	known := chosen == ""
	for _, s := range x.Catalogue.All() {
		list = append(list, option{s.ID, catalogue.In(s.Name, string(l))})
		known = known || s.ID == chosen
	}
	if !known {
		list = append(list, option{chosen, chosen})
	}
	slices.SortStableFunc(list, func(a, b option) int { return cmp.Compare(a.Label, b.Label) })
	return list
}

func (x *Room) methodOptions(l web.Lang) (list []option) {
	for _, m := range law.Methods() {
		list = append(list, option{string(m), x.Shell.Text(l, methodKey(m))})
	}
	return list
}
