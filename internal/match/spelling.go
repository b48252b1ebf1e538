package match

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// name is a name without the differences that do not count: composed or not,
// capital or small, one blank or several, whichever hyphen and apostrophe.
// Accents count: they make other names.
func name(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case isHyphen(r):
			return '-'
		case r == '’' || r == 'ʼ':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFC.String(text))
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer(" - ", "-", " -", "-", "- ", "-").Replace(text)
}

// plain is a line of an address without those either, nor full stops and commas.
func plain(text string) string {
	return name(strings.Map(func(r rune) rune {
		if strings.ContainsRune(".,;:", r) {
			return ' '
		}
		return r
	}, text))
}

// countryEnd stands between the country and the rest; no line holds it.
const countryEnd = "\x00"

func countryMark(country string) string {
	return strings.ToLower(strings.TrimSpace(country)) + countryEnd
}

// line is an address on one line, as [canonical] writes it.
func line(country, postalCode, settlement, street string) string {
	return countryMark(country) + plain(postalCode+" "+settlement+" "+street)
}

// digits is a number without blanks and hyphens.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || isHyphen(r) {
			return -1
		}
		return r
	}, text)
}

func isHyphen(r rune) bool { return strings.ContainsRune("-‐‑‒–—−", r) }
