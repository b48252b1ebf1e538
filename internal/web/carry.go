package web

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"net/http"
)

// Errand is why a browser carries a form from us to another site.
type Errand string

// The errands.
const (
	ToService Errand = "shell.carry.back."  // with what we say of a visitor
	ToSignOut Errand = "shell.carry.leave." // so that a session ends there too
)

// Carried is a hidden field of a form that a browser carries.
type Carried struct{ Name, Value string }

// Carry shows a page whose form posts the fields to another site, by itself where there is script, else by a button.
// A sign-in ends with it, so the page is rendered once for each language, and written around what is carried. It has
// neither menu nor switch of languages: nobody stays here. It refuses an address that is none of the web.
func (s *Shell) Carry(w http.ResponseWriter, r *http.Request, e Errand, address string, fields ...Carried) error {
	if source, ok := sourceOf(address); !ok || !isWeb(source) {
		return fmt.Errorf("web: nothing is carried there (%s)", e)
	}
	AllowFormAction(w, address)
	blank := s.blanks[Language(r)][e]
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	buf.WriteString(blank.before)
	buf.WriteString(html.EscapeString(address))
	buf.WriteString(blank.between)
	for _, f := range fields {
		f.write(buf)
	}
	buf.WriteString(blank.after)
	writePage(w, http.StatusOK, buf.Bytes())
	return nil
}

func (c Carried) write(buf *bytes.Buffer) {
	buf.WriteString(`<input type="hidden" name="`)
	buf.WriteString(html.EscapeString(c.Name))
	buf.WriteString(`" value="`)
	buf.WriteString(html.EscapeString(c.Value))
	buf.WriteString(`">`)
}

// GoOn shows a page that leads to another site by itself, script or not. It stands where a redirect would do if it were
// not for browsers that refuse one after a form, where the policy of the page with the form does not name the site
// (Content Security Policy 3, 6.4.1): a page that knows nothing of the sites to come, be it ours or a service's.
func (s *Shell) GoOn(w http.ResponseWriter, r *http.Request, e Errand, address string) error {
	var page bytes.Buffer
	m := model{View: View{Data: carryData{Key: e, Action: address}}, Lang: Language(r)}
	if err := s.pages.write(&page, "carry", m); err != nil {
		return err
	}
	w.Header().Set("Refresh", "0;url="+address)
	writePage(w, http.StatusOK, page.Bytes())
	return nil
}

// blank is a rendered page without the address and the fields of its form.
type blank struct{ before, between, after string }

// carryData is the page's own; the samples show it, and blanks are cut out of it.
type carryData struct {
	Key    Errand
	Action string
	Fields template.HTML // "" for a page that only leads there
}

// blankForms renders the page for every language and errand. Whatever could differ between requests must be absent,
// so it is rendered for nobody's.
func (s *Shell) blankForms() error {
	const action, fields = "/the-address", "<!-- the fields -->"
	s.blanks = map[Lang]map[Errand]blank{}
	for _, l := range Langs {
		s.blanks[l] = map[Errand]blank{}
		for _, e := range []Errand{ToService, ToSignOut} {
			var page bytes.Buffer
			m := model{View: View{Data: carryData{e, action, fields}}, Lang: l}
			if err := s.pages.write(&page, "carry", m); err != nil {
				return err
			}
			before, rest, found := bytes.Cut(page.Bytes(), []byte(action))
			between, after, both := bytes.Cut(rest, []byte(fields))
			if !found || !both {
				return fmt.Errorf("web: the page %s has no place for an address and fields", e)
			}
			s.blanks[l][e] = blank{string(before), string(between), string(after)}
		}
	}
	return nil
}
