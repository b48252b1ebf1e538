package population_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/register"
	"kapu/internal/simulator/population"
)

func check(t *testing.T, people register.Population, query register.Query) register.Verdict {
	t.Helper()
	verdict, err := people.Check(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	if err := verdict.Validate(); err != nil {
		t.Fatal(err)
	}
	return verdict
}

// differing are the fields that differ, with their parts: "birth-date day".
func differing(verdict register.Verdict) (list []string) {
	for _, finding := range verdict.Findings {
		if finding.Result == register.Match {
			continue
		}
		words := []string{string(finding.Field)}
		for _, part := range finding.Parts {
			words = append(words, string(part))
		}
		list = append(list, strings.Join(words, " "))
	}
	return list
}

func TestEachSituationHasItsVerdict(t *testing.T) {
	people := newRegister()
	for situation, want := range map[population.Situation]struct {
		person    register.PersonStatus
		document  register.DocumentStatus
		confirmed bool
	}{
		population.Ordinary:        {register.Alive, register.DocumentValid, true},
		population.Dead:            {register.Deceased, register.DocumentValid, false},
		population.LostDocument:    {register.Alive, register.DocumentLost, false},
		population.ExpiredDocument: {register.Alive, register.DocumentExpired, false},
		population.OldLicence:      {register.Alive, register.DocumentValid, true},
		population.Namesake:        {register.Alive, register.DocumentValid, true},
		population.LongName:        {register.Alive, register.DocumentValid, true},
		population.ShortName:       {register.Alive, register.DocumentValid, true},
		population.Apostrophe:      {register.Alive, register.DocumentValid, true},
		population.Hyphen:          {register.Alive, register.DocumentValid, true},
		population.Foreigner:       {register.Alive, register.DocumentValid, true},
		population.Minor:           {register.Alive, register.DocumentValid, true},
		population.Moved:           {register.Alive, register.DocumentValid, true},
		population.Clerk:           {register.Alive, register.DocumentValid, true},
	} {
		for _, entry := range people.In(situation) {
			verdict := check(t, people, entry.Statement())
			if verdict.Person != want.person || verdict.Document != want.document || verdict.Confirmed() != want.confirmed {
				t.Errorf("%s: %s, %s, confirmed %t", situation, verdict.Person, verdict.Document, verdict.Confirmed())
			}
			if differ := differing(verdict); differ != nil {
				t.Errorf("%s: differ: %v", situation, differ)
			}
			if verdict.Confirmed() && (*verdict.Record != entry.Person || verdict.Reference != entry.Reference) {
				t.Errorf("%s: the record is not theirs", situation)
			}
		}
	}
}

func TestWhatTheLawSaysOfThemIsAsTheSituationTells(t *testing.T) {
	people := newRegister()
	if refusal := law.Default().DocumentRefusal(people.In(population.OldLicence)[0].Documents[0].Document, today); refusal != law.RefusedTooOld {
		t.Errorf("licence of 2000: %q", refusal)
	}
	if age := people.In(population.Minor)[0].Person.BirthDate.Age(law.Day(today)); age >= law.Default().EarliestAge(today) {
		t.Errorf("minor of %d years", age)
	}
}

func TestTheFieldThatDiffersIsNamedExactly(t *testing.T) {
	people := newRegister()
	ordinary := people.In(population.Ordinary)[0]
	other := people.In(population.Ordinary)[1]
	for _, c := range []struct {
		name  string
		alter func(*register.Query)
		want  []string
	}{
		{"the day of birth", func(q *register.Query) { q.BirthDate.Day++ }, []string{"birth-date day"}},
		{"month and year swapped", func(q *register.Query) { q.BirthDate = identity.Date{Year: 1958, Month: 12, Day: 12} }, []string{"birth-date year month"}},
		{"a given name", func(q *register.Query) { q.CurrentName.Given = "Hanna" }, []string{"current-name given"}},
		{"an accent", func(q *register.Query) { q.BirthName.Family = "Kovacs" }, []string{"birth-name family"}},
		{"the mother's family name", func(q *register.Query) { q.MotherBirthName.Family = "Kiss" }, []string{"mother-birth-name family"}},
		{"the place of birth", func(q *register.Query) { q.BirthPlace = "Szegvár" }, []string{"birth-place"}},
		{"the house number", func(q *register.Query) { q.Address.Street = "Kárász utca 6." }, []string{"address street"}},
		{"the whole address", func(q *register.Query) { q.Address = other.Person.Address }, []string{"address postal-code settlement street"}},
		{"the day of issue", func(q *register.Query) { q.Document.Issued.Day++ }, []string{"document issued"}},
		{"the number of the document", func(q *register.Query) { q.Document.Number = "000000XX" }, []string{"document number"}},
		{"another's document", func(q *register.Query) { q.Document = other.Documents[0].Document }, []string{"document number"}},
		{"two fields", func(q *register.Query) { q.BirthPlace, q.BirthDate.Day = "Pécs", 1 }, []string{"birth-place", "birth-date day"}},
	} {
		query := ordinary.Statement()
		c.alter(&query)
		verdict := check(t, people, query)
		if diff := cmp.Diff(c.want, differing(verdict)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if verdict.Record != nil || verdict.Reference != "" {
			t.Errorf("%s: the record is given away", c.name)
		}
	}
}

func TestWaysOfWritingDoNotDiffer(t *testing.T) {
	people := newRegister()
	for name, alter := range map[string]func(*register.Query){
		"capitals":      func(q *register.Query) { q.CurrentName.Family = strings.ToUpper(q.CurrentName.Family) },
		"blanks":        func(q *register.Query) { q.BirthPlace = "  " + q.BirthPlace + " " },
		"decomposition": func(q *register.Query) { q.MotherBirthName.Family = norm.NFD.String(q.MotherBirthName.Family) },
		"apostrophes":   func(q *register.Query) { q.BirthName.Family = strings.ReplaceAll(q.BirthName.Family, "'", "’") },
		"hyphens":       func(q *register.Query) { q.CurrentName.Family = strings.ReplaceAll(q.CurrentName.Family, "-", "–") },
		"the last dot":  func(q *register.Query) { q.Address.Street = strings.TrimSuffix(q.Address.Street, ".") },
	} {
		for _, situation := range []population.Situation{population.Apostrophe, population.Hyphen, population.LongName, population.ShortName} {
			query := people.In(situation)[0].Statement()
			alter(&query)
			if verdict := check(t, people, query); !verdict.Confirmed() {
				t.Errorf("%s, %s: %v", situation, name, differing(verdict))
			}
		}
	}
}

func TestNamesakesAreToldApartByTheirMothers(t *testing.T) {
	people := newRegister()
	twins := people.In(population.Namesake)
	one, other := twins[0].Statement(), twins[1].Statement()
	if one.BirthName != other.BirthName || one.BirthDate != other.BirthDate || one.BirthPlace != other.BirthPlace {
		t.Fatal("not namesakes")
	}
	one.Document = other.Document
	if diff := cmp.Diff([]string{"document number"}, differing(check(t, people, one))); diff != "" {
		t.Error("with the other's document:", diff)
	}
}

func TestAFormerAddressDiffers(t *testing.T) {
	people := newRegister()
	moved := people.In(population.Moved)[0]
	query := moved.Statement()
	query.Address = moved.FormerAddress
	if diff := cmp.Diff([]string{"address postal-code settlement street"}, differing(check(t, people, query))); diff != "" {
		t.Error(diff)
	}
}

func TestStrangersLearnNothing(t *testing.T) {
	people := newRegister()
	ordinary := people.In(population.Ordinary)[0].Statement()
	for name, query := range map[string]register.Query{
		"nothing stated":        {},
		"a document alone":      {Document: ordinary.Document},
		"a name and a document": {Core: identity.Core{BirthName: ordinary.BirthName}, Document: ordinary.Document},
		"a name and a birthday": {Core: identity.Core{BirthName: ordinary.BirthName, BirthDate: ordinary.BirthDate}},
	} {
		verdict := check(t, people, query)
		if verdict.Person != register.PersonUnknown || verdict.Document != register.DocumentUnknown || verdict.Of(register.BirthDate).Result != register.NotChecked {
			t.Errorf("%s: %+v", name, verdict)
		}
	}
}

func TestADocumentIsValidThroughItsLastDayInBudapest(t *testing.T) {
	now := today
	people := population.New(population.Options{Now: func() time.Time { return now }})
	entry := people.In(population.ExpiredDocument)[0]
	last := entry.Documents[0].Expires.In(law.Budapest)
	for at, want := range map[time.Time]register.DocumentStatus{
		last.AddDate(0, 0, 1).Add(-time.Second): register.DocumentValid,
		last.AddDate(0, 0, 1):                   register.DocumentExpired,
	} {
		now = at
		if got := check(t, people, entry.Statement()).Document; got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}

func TestARepeatedRequestHasTheSameTraceNumber(t *testing.T) {
	people := newRegister()
	query := people.In(population.Ordinary)[0].Statement()
	query.RequestID = "case-1"
	first, again := check(t, people, query), check(t, people, query)
	query.RequestID = "case-2"
	if other := check(t, people, query); first.Trace != again.Trace || first.Trace == other.Trace {
		t.Errorf("%s, %s, then %s", first.Trace, again.Trace, other.Trace)
	}
}

func TestDownAndSlow(t *testing.T) {
	people := newRegister()
	entry := people.In(population.Ordinary)[0]
	people.SetDown(true)
	_, errCheck := people.Check(t.Context(), entry.Statement())
	_, errLookup := people.ByReference(t.Context(), entry.Reference)
	if !errors.Is(errCheck, register.ErrUnavailable) || !errors.Is(errLookup, register.ErrUnavailable) {
		t.Error(errCheck, errLookup)
	}
	people.SetDown(false)
	people.SetDelay(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := people.Check(ctx, entry.Statement()); !errors.Is(err, context.Canceled) {
		t.Error("slow:", err)
	}
	people.SetDelay(0)
	if record, err := people.ByReference(t.Context(), entry.Reference); err != nil || record.Person != entry.Person {
		t.Error("up again:", err)
	}
}
