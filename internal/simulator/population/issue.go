package population

import (
	"fmt"

	"kapu/internal/identity"
)

// identify gives a person identifiers that agree with their birth and are nobody else's.
func (b *builder) identify(person *identity.Person, sex identity.Sex) {
	born := person.BirthDate
	person.PersonalID = issue(b, 1000, func(serial int) (identity.PersonalID, error) {
		return identity.NewPersonalID(sex, born, serial)
	})
	person.TaxNumber = issue(b, 1000, func(serial int) (identity.TaxNumber, error) {
		return identity.NewTaxNumber(born, serial)
	})
	person.TAJ = issue(b, 100_000_000, identity.NewTAJ)
}

// issue draws serial numbers until one may be issued and is not taken. At most a few people share a day of birth, so
// it ends soon.
func issue[T ~string](b *builder, serials int, compose func(serial int) (T, error)) T {
	for {
		id, err := compose(b.rng.IntN(serials))
		if err == nil && !b.taken[string(id)] {
			b.taken[string(id)] = true
			return id
		}
	}
}

// cardLife is how many years a document issued to the crowd is valid.
const cardLife = 10

// documents are those of a resident: an identity card or a passport, and often a driving licence.
func (b *builder) documents() []Held {
	kinds := []identity.DocumentKind{identity.IdentityCard}
	if b.chance(8) {
		kinds[0] = identity.Passport
	}
	if b.chance(55) {
		kinds = append(kinds, identity.DrivingLicence)
	}
	var held []Held
	for _, kind := range kinds {
		issued := anchor.AddDays(-b.rng.IntN(4 * daysOfYear))
		held = append(held, Held{Document: identity.Document{
			Kind: kind, Number: b.number(kind), Issued: issued, Expires: issued.AddYears(cardLife),
		}})
	}
	return held
}

// number is a free number of the shape that the kind has.
func (b *builder) number(kind identity.DocumentKind) string {
	return issue(b, 10_000_000, func(serial int) (string, error) {
		letters := string([]byte{b.letter(), b.letter()})
		switch kind {
		case identity.IdentityCard:
			return fmt.Sprintf("%06d%s", serial%1_000_000, letters), nil
		case identity.Passport:
			return fmt.Sprintf("%s%07d", letters, serial), nil
		}
		return fmt.Sprintf("%s%06d", letters, serial%1_000_000), nil
	})
}

func (b *builder) letter() byte { return 'A' + byte(b.rng.IntN('Z'-'A'+1)) }
