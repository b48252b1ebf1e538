package population

import (
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"kapu/internal/identity"
)

// Word lists, the most frequent first.
var (
	//go:embed words/family.txt
	familyText string
	//go:embed words/female.txt
	femaleText string
	//go:embed words/male.txt
	maleText string
	//go:embed words/settlements.txt
	settlementText string
	//go:embed words/streets.txt
	streetText string

	familyNames = lines(familyText)
	givenNames  = map[identity.Sex][]string{identity.Male: lines(maleText), identity.Female: lines(femaleText)}
	settlements = lines(settlementText) // postal code, blank, name
	streets     = lines(streetText)
)

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// anchor is the day on which the crowd is as old as it was made; it stands still so that people stay the same.
var anchor = identity.Date{Year: 2026, Month: time.January, Day: 1}

const (
	youngest   = 18
	ageSpan    = 70 // years between the youngest and the oldest of the crowd
	daysOfYear = 365
)

// builder makes people who share no identifier and no document number.
type builder struct {
	rng       *rand.Rand
	taken     map[string]bool
	namesakes map[identity.Core]bool
}

// numbersEach is about how many identifiers and document numbers a person has.
const numbersEach = 5

func newBuilder(seed uint64, size int) *builder {
	const stream = 0x6b617075 // "kapu"
	return &builder{
		rng:       rand.New(rand.NewPCG(seed, stream)),
		taken:     make(map[string]bool, size*numbersEach),
		namesakes: make(map[identity.Core]bool, size),
	}
}

func (b *builder) people(size int) []Entry {
	people := make([]Entry, 0, size)
	for _, person := range named {
		people = append(people, b.named(person))
	}
	for len(people) < size {
		people = append(people, b.resident())
	}
	return people
}

// resident is one of the crowd: an adult with a valid document.
func (b *builder) resident() Entry {
	sex := identity.Sex(b.rng.IntN(2))
	person := identity.Person{Address: b.address(), Nationality: identity.Hungarian}
	for person.Core == (identity.Core{}) || b.namesakes[person.Core] {
		person.Core = b.core(sex)
	}
	b.namesakes[person.Core] = true
	person.CurrentName = b.currentName(sex, person.BirthName)
	b.identify(&person, sex)
	return Entry{Person: person, Documents: b.documents(), Situation: Crowd}
}

func (b *builder) core(sex identity.Sex) identity.Core {
	_, place, _ := strings.Cut(pick(b, settlements), " ")
	return identity.Core{
		BirthName:       identity.Name{Family: pick(b, familyNames), Given: b.given(sex)},
		MotherBirthName: identity.Name{Family: pick(b, familyNames), Given: b.given(identity.Female)},
		BirthPlace:      place,
		BirthDate:       anchor.AddYears(-youngest).AddDays(-b.rng.IntN(ageSpan * daysOfYear)),
	}
}

// given is a given name, sometimes two.
func (b *builder) given(sex identity.Sex) string {
	first, second := pick(b, givenNames[sex]), pick(b, givenNames[sex])
	if first != second && b.chance(20) {
		return first + " " + second
	}
	return first
}

// currentName is the birth name, or one of the married names that Hungarian law offers.
func (b *builder) currentName(sex identity.Sex, born identity.Name) identity.Name {
	spouse := pick(b, familyNames)
	switch style := b.rng.IntN(100); {
	case sex == identity.Female && style < 15:
		return identity.Name{Family: spouse + "né " + born.Family, Given: born.Given}
	case sex == identity.Female && style < 27:
		return identity.Name{Family: spouse, Given: pick(b, givenNames[identity.Male]) + "né"}
	case sex == identity.Female && style < 45:
		return identity.Name{Family: spouse, Given: born.Given}
	case style >= 96 && spouse != born.Family:
		return identity.Name{Family: spouse + "-" + born.Family, Given: born.Given}
	}
	return born
}

func (b *builder) address() identity.Address {
	code, settlement, _ := strings.Cut(pick(b, settlements), " ")
	street := fmt.Sprintf("%s %d.", pick(b, streets), 1+b.rng.IntN(120))
	if b.chance(35) {
		street += fmt.Sprintf(" %d. em. %d.", 1+b.rng.IntN(9), 1+b.rng.IntN(40))
	}
	return identity.Address{Country: identity.Hungary, PostalCode: code, Settlement: settlement, Street: street}
}

// pick prefers the front of a list about as much as frequent names are preferred.
func pick(b *builder, words []string) string {
	return words[int(math.Pow(b.rng.Float64(), 1.5)*float64(len(words)))]
}

func (b *builder) chance(percent int) bool { return b.rng.IntN(100) < percent }
