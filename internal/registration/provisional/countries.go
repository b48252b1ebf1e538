package provisional

import (
	"html/template"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kapu/internal/identity"
	"kapu/internal/web"
)

// countriesIn lists the countries by their names in a language, as the items of
// a field: Hungary first, then by alphabet.
func countriesIn(l web.Lang) []any {
	tag := language.Make(string(l))
	names, codes := display.Regions(tag), map[string]string{}
	var list []string
	for _, code := range countryCodes() {
		if name := names.Name(language.MustParseRegion(code)); code != identity.Hungarian {
			codes[name] = code
			list = append(list, name)
		}
	}
	collate.New(tag).SortStrings(list)
	home := language.MustParseRegion(identity.Hungarian)
	items := []any{item(identity.Hungarian, names.Name(home))}
	for _, name := range list {
		items = append(items, item(codes[name], name))
	}
	return items
}

// isCountry says whether a code is in the list.
func isCountry(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.String() == code && r.Canonicalize() == r
}

func item(code, name string) map[string]any {
	return map[string]any{"value": code, "label": template.HTML(template.HTMLEscapeString(name))}
}

// countryCodes are the two-letter codes of all countries in use (ISO 3166-1).
func countryCodes() (codes []string) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, a := range letters {
		for _, b := range letters {
			if code := string(a) + string(b); isCountry(code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}
