package portal

import (
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kapu/internal/catalogue"
	"kapu/internal/web"
)

// longestSearch bounds what is looked for, in bytes; the rest is ignored.
const longestSearch = 100

// offer is a service as the portal lists it.
type offer struct {
	ID     string
	Name   string
	Other  string // the name in the other language, so that a search finds it
	About  string
	Mark   web.Mark
	Level  int
	Terms  []part // what it is given, by what right, and what it asks on the way
	Hidden bool   // does not answer to the search
}

// offers lists the services; those that do not answer to the search are hidden,
// as kapu.js hides them while one types.
func (x *Room) offers(lang web.Lang, search string) (list []offer, found int) {
	wanted := strings.Fields(fold(search))
	for _, s := range x.Catalogue.All() {
		if !s.Listed() {
			continue
		}
		o := offerOf(s, lang)
		o.Hidden = !o.answers(wanted)
		if !o.Hidden {
			found++
		}
		list = append(list, o)
	}
	return list, found
}

func offerOf(s *catalogue.Service, lang web.Lang) offer {
	o := offer{
		ID: s.ID, Name: catalogue.In(s.Name, string(lang)), About: catalogue.In(s.About, string(lang)),
		Mark: web.MarkOf(catalogue.In(s.Name, "hu")), Level: int(s.MinimumLevel()),
	}
	for l, name := range s.Name {
		if l != string(lang) {
			o.Other = name
		}
	}
	o.Terms = termsOf(s)
	return o
}

// termsOf tells what a service learns of a citizen: what the law gives it, what
// only they can give it, what they must state, and what it may have compared.
func termsOf(s *catalogue.Service) (terms []part) {
	for _, t := range []struct {
		key    string
		claims []catalogue.Claim
	}{
		{"portal.service.given", s.Claims}, {"portal.service.optional", s.ConsentClaims},
		{"portal.service.demands", s.Demands}, {"portal.service.match", s.Match},
	} {
		if len(t.claims) > 0 {
			terms = append(terms, part{t.key, dataKeys(catalogue.Names(t.claims))})
		}
	}
	if len(terms) == 0 {
		return []part{{Key: "portal.service.nothing"}}
	}
	return terms
}

func (o offer) answers(wanted []string) bool {
	text := fold(o.Name + " " + o.Other + " " + o.About)
	for _, word := range wanted {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// fold makes what is looked for and what is found alike: no accents, small
// letters. The search of kapu.js does the same.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// service leads to a service that was chosen; the service asks for the
// identification itself (R15), unless it takes people unasked.
func (x *Room) service(w http.ResponseWriter, r *http.Request) error {
	s := x.Catalogue.Service(r.PathValue("id"))
	if s == nil {
		return web.NotFound()
	}
	return web.SeeOther(w, r, s.Entrance())
}

// searched is what the visitor looks for, cut to what is worth looking for.
func searched(r *http.Request) string {
	q := strings.ToValidUTF8(strings.TrimSpace(r.URL.Query().Get("q")), "")
	if len(q) > longestSearch {
		q = strings.ToValidUTF8(q[:longestSearch], "")
	}
	return q
}
