package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Lang is the language of a page: its BCP 47 base, as it stands in the html element.
type Lang string

// The languages of the pages. Hungarian is the first and the fallback.
const (
	Hungarian Lang = "hu"
	English   Lang = "en"
)

// Langs lists every language the pages speak, the fallback first.
var Langs = []Lang{Hungarian, English}

const (
	languageCookie    = "lang"
	languageCookieAge = 365 * 24 * 60 * 60 // seconds
	longestLocales    = 200                // bytes of ui_locales or Accept-Language worth reading
)

type languageKey struct{}

// WithLanguage settles the language of everything shown under ctx.
func WithLanguage(ctx context.Context, l Lang) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// Language is the language the page of r speaks: what WithLanguage settled, else ?lang=, else ui_locales
// (OpenID Connect Core 1.0, 3.1.2.1), else the lang cookie, else Accept-Language, else Hungarian.
func Language(r *http.Request) Lang {
	if l, ok := r.Context().Value(languageKey{}).(Lang); ok {
		return l
	}
	if l, ok := askedLanguage(languageQuery(r)); ok {
		return l
	}
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(Langs, Lang(c.Value)) {
		return Lang(c.Value)
	}
	l, _ := BestLanguage(r.Header.Get("Accept-Language"))
	return l
}

// BestLanguage picks from a list of BCP 47 tags, separated by commas or blanks, the first we speak;
// ok is false if there is none, and the answer then Hungarian.
func BestLanguage(locales string) (l Lang, ok bool) {
	if locales == "" || len(locales) > longestLocales {
		return Hungarian, false
	}
	locales = strings.Join(strings.Fields(strings.ReplaceAll(locales, ", ", ",")), ",")
	tags, _, err := language.ParseAcceptLanguage(locales)
	if err != nil {
		return Hungarian, false
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if l := Lang(base.String()); slices.Contains(Langs, l) {
			return l, true
		}
	}
	return Hungarian, false
}

// RememberLanguage keeps the choice on this device; it is not a secret and says nothing of the person.
func (s *Shell) RememberLanguage(w http.ResponseWriter, l Lang) {
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(l), Path: "/", MaxAge: languageCookieAge,
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// ChosenLanguage is the language that the visitor chose by the switch of this very page, if they did.
func ChosenLanguage(r *http.Request) (Lang, bool) { return chosenLanguage(languageQuery(r)) }

// languageQuery is the query of r where it may say something of languages: few do, and the others need not be read.
func languageQuery(r *http.Request) url.Values {
	if q := r.URL.RawQuery; !strings.Contains(q, "lang=") && !strings.Contains(q, "ui_locales=") {
		return nil
	}
	return r.URL.Query()
}

func chosenLanguage(q url.Values) (Lang, bool) {
	l := Lang(q.Get("lang"))
	return l, slices.Contains(Langs, l)
}

func askedLanguage(q url.Values) (Lang, bool) {
	if l, ok := chosenLanguage(q); ok {
		return l, true
	}
	if locales := q.Get("ui_locales"); locales != "" {
		return BestLanguage(locales)
	}
	return "", false
}

// settleLanguage fixes the language for the whole request. What the visitor chose is remembered; what a service asks
// for (ui_locales) is not: it knows what its own pages speak, not what this visitor wants here from now on.
func (s *Shell) settleLanguage(ctx context.Context, w http.ResponseWriter, r *http.Request) context.Context {
	if l, ok := ChosenLanguage(r); ok {
		s.RememberLanguage(w, l)
	}
	return WithLanguage(ctx, Language(r))
}

// otherLanguage is the language of the switch in the header and where it leads: this very page, by GET. It is a query
// alone, which keeps the path as the browser has it, so that no path of a request can lead it elsewhere.
func otherLanguage(r *http.Request) (Lang, string) {
	other := English
	if Language(r) == English {
		other = Hungarian
	}
	q := r.URL.Query()
	q.Del("ui_locales")
	q.Set("lang", string(other))
	return other, "?" + q.Encode()
}
