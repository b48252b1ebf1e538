package identity

import "strings"

// Digits of an international number (ITU-T E.164, section 6): at most 15; fewer than 8 reach nobody's phone.
const shortestPhone, longestPhone = 8, 15

const (
	hungary       = "36" // country code (ITU-T E.164, annex)
	hungaryMobile = 9    // digits of a Hungarian mobile number after the country code
	hungaryTrunk  = "06" // how Hungarians begin a number at home
)

// hungarianMobile are the network codes of Hungarian numbers that text messages reach.
var hungarianMobile = []string{"20", "30", "31", "50", "70"}

// Phone is a number that text messages can be sent to, in international form: +36301234567.
type Phone string

// ParsePhone reads a number as people write it: +36 30 123 4567, 0036-30/123-4567, 06 (30) 123 4567. It errs with
// *Invalid: empty, alphabet, short, long, format, or kind for a Hungarian number that takes no text messages. Whose it
// is, a code sent to it proves, not this.
func ParsePhone(s string) (Phone, error) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "/", "", "(", "", ")", "", ".", "").Replace(strings.Trim(s, " \t"))
	if s == "" {
		return "", &Invalid{"phone", ReasonEmpty}
	}
	number, international := strings.CutPrefix(s, "+")
	if rest, dialled := strings.CutPrefix(number, "00"); !international && dialled {
		number, international = rest, true
	}
	if rest, home := strings.CutPrefix(number, hungaryTrunk); !international && home {
		number, international = hungary+rest, true
	}
	if reason := phoneRefused(number, international); reason != "" {
		return "", &Invalid{"phone", reason}
	}
	return Phone("+" + number), nil
}

func phoneRefused(number string, international bool) string {
	switch {
	case !consistsOf(number, digits):
		return ReasonAlphabet
	case len(number) < shortestPhone:
		return ReasonShort
	case len(number) > longestPhone:
		return ReasonLong
	case !international, strings.HasPrefix(number, "0"):
		return ReasonFormat
	}
	if rest, ours := strings.CutPrefix(number, hungary); ours {
		return hungarianRefused(rest)
	}
	return ""
}

func hungarianRefused(number string) string {
	for _, network := range hungarianMobile {
		if strings.HasPrefix(number, network) && len(number) == hungaryMobile {
			return ""
		}
		if strings.HasPrefix(number, network) {
			return ReasonFormat
		}
	}
	return ReasonKind
}

func (p Phone) String() string { return string(p) }

// Masked is the number as a page or a letter may show it to somebody who knows it: its end alone.
func (p Phone) Masked() string {
	const shown = 3
	if len(p) <= shown {
		return ""
	}
	return "…" + string(p[len(p)-shown:])
}
