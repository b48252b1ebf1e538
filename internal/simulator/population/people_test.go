package population_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/register"
	"kapu/internal/simulator/population"
)

var today = time.Date(2026, time.May, 4, 12, 0, 0, 0, law.Budapest)

func newRegister() *population.Register {
	return population.New(population.Options{Seed: 7, Now: func() time.Time { return today }})
}

func TestEveryIdentifierIsValidConsistentAndUnique(t *testing.T) {
	people := newRegister().People()
	if len(people) != population.DefaultSize {
		t.Fatalf("%d people", len(people))
	}
	seen := map[string]bool{}
	unique := func(value string) {
		if value == "" || seen[value] {
			t.Errorf("%q is empty or issued twice", value)
		}
		seen[value] = true
	}
	for _, entry := range people {
		person := entry.Person
		id, errID := identity.ParsePersonalID(string(person.PersonalID))
		tax, errTax := identity.ParseTaxNumber(string(person.TaxNumber))
		_, errTAJ := identity.ParseTAJ(string(person.TAJ))
		if errID != nil || errTax != nil || errTAJ != nil {
			t.Errorf("%s: %v, %v, %v", person.CurrentName, errID, errTax, errTAJ)
		}
		if id.BirthDate() != person.BirthDate || tax.BirthDate() != person.BirthDate {
			t.Errorf("%s: born on %s, %s or %s", person.CurrentName, person.BirthDate, id.BirthDate(), tax.BirthDate())
		}
		unique(string(person.PersonalID))
		unique(string(person.TaxNumber))
		unique("TAJ " + string(person.TAJ))
		unique(string(entry.Reference))
		for _, held := range entry.Documents {
			unique(held.Number)
		}
	}
}

// What the register holds must pass the desk's own form, or nobody could type it.
func TestEveryPersonCanBeTyped(t *testing.T) {
	for _, entry := range newRegister().People() {
		person := entry.Person
		for field, name := range map[string]identity.Name{
			"current": person.CurrentName, "birth": person.BirthName, "mother": person.MotherBirthName,
		} {
			if typed, err := identity.ParseName(field, name.Family, name.Given); err != nil || typed != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		a := person.Address
		if typed, err := identity.ParseAddress(a.Country, a.PostalCode, a.Settlement, a.Street); a != (identity.Address{}) && (err != nil || typed != a) {
			t.Errorf("%v: %v", a, err)
		}
		if typed, err := identity.ParsePlace(person.BirthPlace); err != nil || typed != person.BirthPlace {
			t.Errorf("%s: %v", person.BirthPlace, err)
		}
		for _, held := range entry.Documents {
			if typed, err := identity.ParseDocumentNumber(held.Kind, held.Number); err != nil || typed != held.Number {
				t.Errorf("%s %s: %v", held.Kind, held.Number, err)
			}
		}
	}
}

func TestTheCrowdCanRegister(t *testing.T) {
	people := newRegister()
	for _, entry := range people.In(population.Crowd) {
		verdict, err := people.Check(t.Context(), entry.Statement())
		if err != nil || !verdict.Confirmed() || verdict.Validate() != nil {
			t.Fatalf("%s: %+v, %v", entry.Person.CurrentName, verdict, err)
		}
		if refusal := law.Default().DocumentRefusal(entry.Documents[0].Document, today); refusal != law.Accepted {
			t.Errorf("%s: document refused: %s", entry.Person.CurrentName, refusal)
		}
		if age := entry.Person.BirthDate.Age(law.Day(today)); age < 18 || age > 90 {
			t.Errorf("%s is %d years old", entry.Person.CurrentName, age)
		}
	}
}

func TestTheSameSeedGivesTheSamePeople(t *testing.T) {
	one, two := newRegister().People(), population.New(population.Options{Seed: 7}).People()
	if diff := cmp.Diff(one, two, cmpopts.IgnoreUnexported(population.Entry{})); diff != "" {
		t.Error(diff)
	}
	other := population.New(population.Options{Seed: 8}).People()
	last := len(one) - 1
	if other[last].Person == one[last].Person || other[0].Reference == one[0].Reference {
		t.Error("another seed gives the same people")
	}
}

func TestNamesAreAsVariedAsInHungary(t *testing.T) {
	families, accented := map[string]int{}, 0
	crowd := newRegister().In(population.Crowd)
	for _, entry := range crowd {
		family := entry.Person.BirthName.Family
		families[family]++
		if utf8.RuneCountInString(family) < len(family) {
			accented++
		}
	}
	for family, count := range families {
		if count > len(crowd)/10 {
			t.Errorf("%d people are called %s", count, family)
		}
	}
	if len(families) < 80 || accented < len(crowd)/4 {
		t.Errorf("%d family names, %d people with accents", len(families), accented)
	}
}

func TestEverySituationHasPeopleAndASentence(t *testing.T) {
	people := newRegister()
	for _, situation := range population.Situations() {
		if len(people.In(situation)) == 0 || situation.Sentence("hu") == "" || situation.Sentence("en") == "" {
			t.Errorf("%s lacks people or a sentence", situation)
		}
	}
	if clerks := people.In(population.Clerk); len(clerks) != 3 {
		t.Errorf("%d clerks", len(clerks))
	}
}

// The speed promised to the demo: 2,000 people in less than 50 ms.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newRegister()
	}
}

func BenchmarkCheck(b *testing.B) {
	people := newRegister()
	statement := people.People()[1999].Statement()
	for b.Loop() {
		if verdict, err := people.Check(b.Context(), statement); err != nil || verdict.Person != register.Alive {
			b.Fatal(verdict.Person, err)
		}
	}
}
