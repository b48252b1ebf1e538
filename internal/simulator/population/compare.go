package population

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"kapu/internal/identity"
	"kapu/internal/register"
)

// folded is what is compared of a person: without case, with single blanks, composed.
type folded struct {
	currentName, birthName, motherBirthName [2]string
	birthPlace                              string
	address                                 [4]string
}

func foldStatement(query register.Query) folded {
	return folded{
		currentName:     foldName(query.CurrentName),
		birthName:       foldName(query.BirthName),
		motherBirthName: foldName(query.MotherBirthName),
		birthPlace:      fold(query.BirthPlace),
		address:         foldAddress(query.Address),
	}
}

func foldName(n identity.Name) [2]string { return [2]string{fold(n.Family), fold(n.Given)} }

func foldAddress(a identity.Address) [4]string {
	return [4]string{fold(a.Country), fold(a.PostalCode), fold(a.Settlement), strings.TrimSuffix(fold(a.Street), ".")}
}

// written unifies the ways of writing apostrophes and hyphens.
var written = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "‐", "-", "‑", "-", "–", "-")

// fold takes away what a clerk may write either way: case, blanks, decomposition, the kind of apostrophe and hyphen.
func fold(s string) string {
	return strings.ToLower(written.Replace(strings.Join(strings.Fields(norm.NFC.String(s)), " ")))
}

var (
	nameParts    = []register.Part{register.Family, register.Given}
	addressParts = []register.Part{register.Country, register.PostalCode, register.Settlement, register.Street}
)

// compare finds field by field what differs between a statement and the person most like it.
func compare(query register.Query, stated folded, entry *Entry) []register.Finding {
	known := entry.folded
	place := finding(register.BirthPlace, nil)
	if stated.birthPlace != known.birthPlace {
		place.Result = register.Differs
	}
	return []register.Finding{
		finding(register.CurrentName, differing(nameParts, stated.currentName[:], known.currentName[:])),
		finding(register.BirthName, differing(nameParts, stated.birthName[:], known.birthName[:])),
		finding(register.MotherBirthName, differing(nameParts, stated.motherBirthName[:], known.motherBirthName[:])),
		place,
		finding(register.BirthDate, differingDate(query.BirthDate, entry.Person.BirthDate)),
		finding(register.Address, differing(addressParts, stated.address[:], known.address[:])),
		finding(register.Document, differingDocument(query.Document, entry)),
	}
}

func finding(field register.Field, parts []register.Part) register.Finding {
	result := register.Match
	if len(parts) > 0 {
		result = register.Differs
	}
	return register.Finding{Field: field, Result: result, Parts: parts}
}

func differing(names []register.Part, stated, known []string) (parts []register.Part) {
	for i, name := range names {
		if stated[i] != known[i] {
			parts = append(parts, name)
		}
	}
	return parts
}

func differingDate(stated, known identity.Date) (parts []register.Part) {
	if stated.Year != known.Year {
		parts = append(parts, register.Year)
	}
	if stated.Month != known.Month {
		parts = append(parts, register.Month)
	}
	if stated.Day != known.Day {
		parts = append(parts, register.Day)
	}
	return parts
}

func differingDocument(shown identity.Document, entry *Entry) (parts []register.Part) {
	held, found := entry.document(shown)
	if !found {
		return []register.Part{register.Number}
	}
	if shown.Issued != held.Issued {
		parts = append(parts, register.Issued)
	}
	if shown.Expires != held.Expires {
		parts = append(parts, register.Expires)
	}
	return parts
}

// notChecked are the findings when nobody is like the stated.
func notChecked() (findings []register.Finding) {
	for _, field := range register.Fields() {
		findings = append(findings, register.Finding{Field: field, Result: register.NotChecked})
	}
	return findings
}
