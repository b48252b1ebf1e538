package password

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kapu/internal/method/password/breached"
)

// Reason is why a password was refused: a stable identifier to translate.
type Reason string

// The reasons, in the order in which Check returns them.
const (
	Short    Reason = "short"    // fewer code points than Policy.Min
	Long     Reason = "long"     // more than Policy.Max
	Username Reason = "username" // made of what everybody knows of its owner
	Repeats  Reason = "repeats"  // repetition, or runs along the alphabet or the keyboard
	Common   Reason = "common"   // on the list of common and breached passwords
)

// Policy is the rule for choosing a password, after NIST SP 800-63B-4 section
// 3.1.1.2: length and a blocklist, no rules of composition. Lengths are code
// points after Normalise; both come from law.
type Policy struct {
	Min, Max int
}

// Owner is what everybody may know of the person who chooses. Empty fields are
// left out.
type Owner struct {
	Username string
	Email    string
	Names    []string // family and given names, whole or in parts
}

// Check returns every reason against the password, or nil.
func (p Policy) Check(password string, owner Owner) []Reason {
	password = Normalise(password)
	length := utf8.RuneCountInString(password)
	if length > p.Max {
		return []Reason{Long} // the other rules are not run on text without bound
	}
	var reasons []Reason
	refuse := func(broken bool, reason Reason) {
		if broken {
			reasons = append(reasons, reason)
		}
	}
	refuse(length < p.Min, Short)
	refuse(p.leansOn(password, owner), Username)
	refuse(p.repeats(password), Repeats)
	refuse(breached.Contains(password), Common)
	return reasons
}

const (
	minDistinct = 5 // characters
	minUsername = 4 // letters; a shorter one is in too many innocent words
	minName     = 3
)

// leansOn refuses the username anywhere, and the names and the e-mail address
// where too little is left of the password without them: a passphrase with a
// Hanna in it is fine, HannaKovacs12 is not.
func (p Policy) leansOn(password string, owner Owner) bool {
	folded := breached.Fold(password)
	if name := breached.Fold(owner.Username); utf8.RuneCountInString(name) >= minUsername && strings.Contains(folded, name) {
		return true
	}
	left := folded
	for _, word := range owner.words() {
		left = strings.ReplaceAll(left, word, "")
	}
	return left != folded && utf8.RuneCountInString(left) < p.Min
}

// words are the folded parts of names and e-mail address, longest first so
// that Annamária is taken out before Anna.
func (o Owner) words() []string {
	var words []string
	local, _, _ := strings.Cut(o.Email, "@")
	for _, text := range append([]string{local}, o.Names...) {
		folded := breached.Fold(text)
		parts := strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) })
		words = append(words, append(parts, folded)...)
	}
	words = slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < minName })
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// repeats refuses a password that says less than its length: counted with
// every run as one character it has under half of the least length, or it has
// very few different characters, or it is a unit too short for itself, said again.
func (p Policy) repeats(password string) bool {
	folded := []rune(breached.Fold(password))
	if len(folded) == 0 {
		return false
	}
	unit := period(folded)
	return runs(folded) < (p.Min+1)/2 ||
		distinct(folded) < minDistinct ||
		unit < p.Min && unit <= len(folded)/2
}

func distinct(text []rune) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// period is the length of the shortest unit that gives the text when repeated,
// the last time perhaps in part.
func period(text []rune) int {
	n := 1
	for ; n < len(text); n++ {
		if slices.Equal(text[n:], text[:len(text)-n]) {
			break
		}
	}
	return n
}
