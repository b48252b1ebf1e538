package population

import (
	"slices"

	"kapu/internal/identity"
	"kapu/internal/register"
)

// Entry is one person in the register with all that is known of them.
type Entry struct {
	Person        identity.Person
	Documents     []Held // the one to show at a desk comes first
	Situation     Situation
	Died          identity.Date    // zero for the living
	FormerAddress identity.Address // of those who moved recently
	Reference     register.Reference

	folded folded
}

// Held is a document that was issued to a person.
type Held struct {
	identity.Document
	Lost bool // reported lost or stolen
}

func (e *Entry) status() register.PersonStatus {
	if e.Died.IsZero() {
		return register.Alive
	}
	return register.Deceased
}

// document finds a document of the person by kind and number.
func (e *Entry) document(shown identity.Document) (Held, bool) {
	number := fold(shown.Number)
	i := slices.IndexFunc(e.Documents, func(held Held) bool {
		return held.Kind == shown.Kind && fold(held.Number) == number
	})
	if i < 0 {
		return Held{}, false
	}
	return e.Documents[i], true
}

// Statement is what the person would truthfully state at a desk, showing their first document.
func (e Entry) Statement() register.Query {
	return register.Query{
		CurrentName: e.Person.CurrentName, Core: e.Person.Core, Address: e.Person.Address,
		Document: e.Documents[0].Document,
	}
}
