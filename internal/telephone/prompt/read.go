package prompt

import (
	"fmt"
	"strings"
)

// Largest is the largest number that Number reads.
const Largest = 9999

// whole is below which numbers are one word of their own, hours among them. From
// there on tens and ones are said one after the other, as the words are built.
const whole = 30

// Number reads a number from 0 to Largest by itself: "huszonkettő",
// "ezerkilencszázhetvenkettő". Beyond, it reads digits.
func Number(lang Lang, n int) []ID {
	if n < 0 || n > Largest {
		return Digits(fmt.Sprint(n))
	}
	if n == 0 {
		return []ID{"n.0"}
	}
	return number(lang, n, "")
}

// Of reads a number that stands before what it counts: "két óra",
// "tizenkét perc". English makes no difference.
func Of(lang Lang, n int) []ID {
	if lang == Hungarian && n%10 == 2 && 0 < n && n <= Largest {
		return number(lang, n, ".of")
	}
	return Number(lang, n)
}

// number reads a number from 1. form is what its last word has if it is a two.
func number(lang Lang, n int, form ID) (ids []ID) {
	if n >= 1000 {
		ids = append(ids, word(n/1000*1000))
		n %= 1000
	}
	if n >= 100 {
		ids = append(ids, word(n/100*100))
		n %= 100
	}
	if lang == English && len(ids) > 0 && n > 0 {
		ids = append(ids, "n.and")
	}
	if n >= whole {
		ids = append(ids, word(n/10*10))
		n %= 10
	}
	if n == 0 {
		return ids
	}
	if n%10 != 2 {
		form = ""
	}
	return append(ids, word(n)+form)
}

func word(n int) ID { return ID(fmt.Sprintf("n.%d", n)) }

// Year reads a year: in English in pairs, but for the first years of a century.
func Year(lang Lang, year int) []ID {
	if lang == Hungarian || year < 1100 || year > Largest || year%1000 < 10 {
		return Number(lang, year)
	}
	ids := number(lang, year/100, "")
	switch rest := year % 100; {
	case rest == 0:
		return Number(lang, year)
	case rest < 10:
		return append(ids, "n.oh", word(rest))
	default:
		return append(ids, number(lang, rest, "")...)
	}
}

// Day reads a day of a year: "november huszonkettedikén", "on the twenty-second
// of November". Out of range it reads nothing.
func Day(lang Lang, month, day int) []ID {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return nil
	}
	m, d := ID(fmt.Sprintf("month.%d", month)), ID(fmt.Sprintf("day.%d", day))
	if lang == Hungarian {
		return []ID{m, d}
	}
	return []ID{d, m}
}

// Clock reads a time of day: "tizenegy óra húsz perckor", "két órakor",
// "at eleven twenty a m", "at two oh five p m".
func Clock(lang Lang, hour, minute int) []ID {
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return nil
	}
	if lang == Hungarian {
		if minute == 0 {
			return append(Of(lang, hour), "clock.hour.sharp")
		}
		return append(append(append(Of(lang, hour), "clock.hour"), Of(lang, minute)...), "clock.minute")
	}
	half := ID("clock.am")
	if hour >= 12 {
		half = "clock.pm"
	}
	ids := append([]ID{"clock.at"}, Number(lang, (hour+11)%12+1)...)
	if 0 < minute && minute < 10 {
		ids = append(ids, "n.oh")
	}
	if minute > 0 {
		ids = append(ids, Number(lang, minute)...)
	}
	return append(ids, half)
}

// Digits reads digits one by one, and leaves out what is none.
func Digits(s string) (ids []ID) {
	for _, r := range s {
		if '0' <= r && r <= '9' {
			ids = append(ids, word(int(r-'0')))
		}
	}
	return ids
}

// accented are the letters that only Hungarian has names for, and what English
// reads instead.
var accented = map[rune]struct {
	id    ID
	plain rune
}{
	'á': {"letter.a1", 'a'}, 'é': {"letter.e1", 'e'}, 'í': {"letter.i1", 'i'}, 'ó': {"letter.o1", 'o'}, 'ö': {"letter.o2", 'o'},
	'ő': {"letter.o3", 'o'}, 'ú': {"letter.u1", 'u'}, 'ü': {"letter.u2", 'u'}, 'ű': {"letter.u3", 'u'},
}

// Spell reads letters by their names and digits, one by one, and leaves out the
// rest.
func Spell(lang Lang, s string) (ids []ID) {
	for _, r := range strings.ToLower(s) {
		a, hasAccent := accented[r]
		switch {
		case hasAccent && lang == Hungarian:
			ids = append(ids, a.id)
		case hasAccent:
			ids = append(ids, ID("letter."+string(a.plain)))
		case 'a' <= r && r <= 'z':
			ids = append(ids, ID("letter."+string(r)))
		default:
			ids = append(ids, Digits(string(r))...)
		}
	}
	return ids
}
