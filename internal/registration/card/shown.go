package card

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// shown is what the form shows of the register's record: enough for its holder
// to recognise it as theirs, and little for somebody who found the envelope and
// saw the card's number. Only what the envelope's window shows anyway, the name
// they are called and the settlement, is whole; identifiers do not appear at all.
type shown struct {
	Name            string
	BirthName       string
	MotherBirthName string
	BirthPlace      string
	BirthYear       string
	Address         string
	Number          string // the end of the card's
}

const shownOfNumber = 4 // symbols

func coverUp(h Holder) shown {
	p, number := h.Person, h.code.Document.Number
	return shown{
		Name: p.CurrentName.String(), BirthName: initials(p.BirthName.String()), MotherBirthName: initials(p.MotherBirthName.String()),
		BirthPlace: initials(p.BirthPlace), BirthYear: strconv.Itoa(p.BirthDate.Year),
		Address: p.Address.PostalCode + " " + p.Address.Settlement, Number: number[max(0, len(number)-shownOfNumber):],
	}
}

// initials leaves the first letter of each word: "Őri Borbála" is "Ő… B…".
func initials(words string) string {
	var short []string
	for _, word := range strings.Fields(words) {
		_, n := utf8.DecodeRuneInString(word)
		short = append(short, word[:n]+"…")
	}
	return strings.Join(short, " ")
}
