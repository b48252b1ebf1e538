package identity

import "strings"

// DocumentKind names a kind of document that proves identity (R3).
type DocumentKind string

// The kinds of documents.
const (
	IdentityCard   DocumentKind = "identity-card"
	Passport       DocumentKind = "passport"
	DrivingLicence DocumentKind = "driving-licence" // the card format, not the older booklet
)

// DocumentKinds are all kinds, in the order a page offers them.
func DocumentKinds() []DocumentKind { return []DocumentKind{IdentityCard, Passport, DrivingLicence} }

// Document is a document as it lies on the desk. A zero Expires is a document that does not expire.
type Document struct {
	Kind    DocumentKind `json:"kind"`
	Number  string       `json:"number"`
	Issued  Date         `json:"issued"`
	Expires Date         `json:"expires"`
}

// shape of a number: letters before or after a run of digits.
type shape struct {
	lettersFirst             bool
	fewestDigits, mostDigits int
}

const documentLetters = 2

var shapes = map[DocumentKind]shape{
	IdentityCard:   {false, 6, 6}, // 123456AB
	Passport:       {true, 6, 7},  // BA1234567
	DrivingLicence: {true, 6, 6},  // CD123456
}

// ParseDocumentKind reads a kind. It errs with *Invalid (kind).
func ParseDocumentKind(s string) (DocumentKind, error) {
	if _, known := shapes[DocumentKind(s)]; !known {
		return "", &Invalid{"document-kind", ReasonKind}
	}
	return DocumentKind(s), nil
}

// ParseDocumentNumber reads a number of the given kind in any case, with or without blanks and hyphens, and gives it
// without them in capitals. It errs with *Invalid: kind, empty or format.
func ParseDocumentNumber(kind DocumentKind, s string) (string, error) {
	want, known := shapes[kind]
	if !known {
		return "", &Invalid{"document-kind", ReasonKind}
	}
	number, err := compact("document-number", s)
	if err != nil {
		return "", err
	}
	number = strings.ToUpper(number)
	run := len(number) - documentLetters
	if run < want.fewestDigits || run > want.mostDigits {
		return "", &Invalid{"document-number", ReasonFormat}
	}
	letters, rest := number[:documentLetters], number[documentLetters:]
	if !want.lettersFirst {
		letters, rest = number[run:], number[:run]
	}
	if !consistsOf(letters, latinLetters) || !consistsOf(rest, digits) {
		return "", &Invalid{"document-number", ReasonFormat}
	}
	return number, nil
}

// The longest identifier that is worth reading, blanks and hyphens included.
const longestIdentifier = 40

// compact takes the blanks and hyphens out of an identifier that people write in groups.
func compact(field, s string) (string, error) {
	if len(s) > longestIdentifier {
		return "", &Invalid{field, ReasonLong}
	}
	s = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "\u2011", "", "\u2013", "").Replace(s)
	if s == "" {
		return "", &Invalid{field, ReasonEmpty}
	}
	return s, nil
}
