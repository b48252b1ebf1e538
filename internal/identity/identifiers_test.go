package identity_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
)

// The check digits in these tables are worked out by hand, not by the code under test.

func TestPersonalID(t *testing.T) {
	for _, c := range []struct{ input, want, reason string }{
		{"18503120010", "18503120010", ""}, // 1+16+15+0+15+6+14+0+0+10 = 77 = 7·11
		{"1 850312 0010", "18503120010", ""},
		{"1-850312-0010", "18503120010", ""},
		{"4 050620 1234", "40506201234", ""}, // born in 2005: weights fall from 10 to 1
		{"2 961231 0056", "29612310056", ""}, // the last day of the rising weights
		{"2 970101 0057", "29701010057", ""}, // the first day of the falling weights
		{"", "", "empty"},
		{" - ", "", "empty"},
		{"1850312001", "", "format"},
		{"185031200100", "", "format"},
		{"1850312001X", "", "alphabet"},
		{"１8503120010", "", "alphabet"},
		{"08503120010", "", "format"},
		{"98503120010", "", "format"},
		{"18513320010", "", "date"},
		{"18502300010", "", "date"},
		{"18503120011", "", "check-digit"},
		{"1                                         8", "", "long"},
	} {
		got, err := identity.ParsePersonalID(c.input)
		expect(t, c.input, string(got), err, c.want, c.reason)
	}
}

func TestTaxNumber(t *testing.T) {
	for _, c := range []struct{ input, want, reason string }{
		{"8431690011", "8431690011", ""},
		{"843 169 0011", "8431690011", ""},
		{"8431691239", "8431691239", ""},
		{"7431690011", "", "format"},
		{"843169001", "", "format"},
		{"8431690012", "", "check-digit"},
		{"84316900l1", "", "alphabet"},
	} {
		got, err := identity.ParseTaxNumber(c.input)
		expect(t, c.input, string(got), err, c.want, c.reason)
	}
	if born := identity.TaxNumber("8431690011").BirthDate().String(); born != "1985-03-12" {
		t.Errorf("born on %s", born)
	}
}

func TestTAJ(t *testing.T) {
	for _, c := range []struct{ input, want, reason string }{
		{"123456788", "123456788", ""}, // 3+14+9+28+15+42+21+56 = 188
		{"123 456 788", "123456788", ""},
		{"123-456-788", "123456788", ""},
		{"123456789", "", "check-digit"},
		{"12345678", "", "format"},
		{"", "", "empty"},
	} {
		got, err := identity.ParseTAJ(c.input)
		expect(t, c.input, string(got), err, c.want, c.reason)
	}
}

func TestRemainderTenIsNeverIssued(t *testing.T) {
	born := identity.Date{Year: 1985, Month: time.March, Day: 12}
	refused := 0
	for serial := range 1000 {
		if _, err := identity.NewPersonalID(identity.Male, born, serial); err != nil {
			refused++
		}
		if _, err := identity.NewTaxNumber(born, serial); err != nil {
			refused++
		}
	}
	if refused < 2000/11-20 || refused > 2000/11+20 {
		t.Errorf("%d of 2000 serials refused; about one in eleven should be", refused)
	}
}

// births are days on which a Hungarian citizen with a personal identifier can have been born.
var births = rapid.Custom(func(t *rapid.T) identity.Date {
	return identity.Date{Year: 1900, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 60_000).Draw(t, "day"))
})

func TestIssuedIdentifiersParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		born := births.Draw(t, "born")
		sex := rapid.SampledFrom([]identity.Sex{identity.Male, identity.Female}).Draw(t, "sex")
		serial := rapid.IntRange(0, 999).Draw(t, "serial")
		if id, err := identity.NewPersonalID(sex, born, serial); err == nil {
			again, err := identity.ParsePersonalID(string(id))
			if err != nil || again != id || id.BirthDate() != born || id.Sex() != sex {
				t.Fatalf("%s: %v, born %s, sex %d", id, err, id.BirthDate(), id.Sex())
			}
		}
		if number, err := identity.NewTaxNumber(born, serial); err == nil {
			if again, err := identity.ParseTaxNumber(string(number)); err != nil || again != number || number.BirthDate() != born {
				t.Fatalf("%s: %v, born %s", number, err, number.BirthDate())
			}
		}
		number, err := identity.NewTAJ(rapid.IntRange(0, 99_999_999).Draw(t, "taj"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := identity.ParseTAJ(string(number)); err != nil || again != number {
			t.Fatalf("%s: %v", number, err)
		}
	})
}

// A weighted sum modulo 11 finds every single wrong digit as long as the weights stay the same: in the personal
// identifier a wrong digit of the year can move a birth to the other side of 1997, so those are left out.
func TestOneWrongDigitIsFound(t *testing.T) {
	before1997 := func(d identity.Date) bool { return d.Year < 1997 }
	rapid.Check(t, func(t *rapid.T) {
		born := births.Draw(t, "born")
		serial := rapid.IntRange(0, 999).Draw(t, "serial")
		if id, err := identity.NewPersonalID(identity.Female, born, serial); err == nil {
			wrong := identity.PersonalID(spoil(t, string(id)))
			sameWeights := before1997(wrong.BirthDate()) == before1997(born)
			if _, err := identity.ParsePersonalID(string(wrong)); err == nil && sameWeights {
				t.Fatalf("%s instead of %s is accepted", wrong, id)
			}
		}
		if number, err := identity.NewTaxNumber(born, serial); err == nil {
			wrong := spoil(t, string(number))
			if _, err := identity.ParseTaxNumber(wrong); err == nil {
				t.Fatalf("%s instead of %s is accepted", wrong, number)
			}
		}
		number, _ := identity.NewTAJ(rapid.IntRange(0, 99_999_999).Draw(t, "taj"))
		wrong := spoil(t, string(number))
		if _, err := identity.ParseTAJ(wrong); err == nil {
			t.Fatalf("%s instead of %s is accepted", wrong, number)
		}
	})
}

// spoil alters exactly one digit.
func spoil(t *rapid.T, number string) string {
	place := rapid.IntRange(0, len(number)-1).Draw(t, "place")
	shift := rapid.IntRange(1, 9).Draw(t, "shift")
	spoilt := []byte(number)
	spoilt[place] = '0' + byte((int(spoilt[place]-'0')+shift)%10)
	return string(spoilt)
}

func TestIdentifiersOutOfRangeAreNotIssued(t *testing.T) {
	day := identity.Date{Year: 1899, Month: time.December, Day: 31}
	_, tooOld := identity.NewPersonalID(identity.Male, day, 1)
	_, bigSerial := identity.NewPersonalID(identity.Male, day.AddDays(1), 1000)
	_, beforeEpoch := identity.NewTaxNumber(day.AddYears(-100), 1)
	_, bigTAJ := identity.NewTAJ(100_000_000)
	if tooOld == nil || bigSerial == nil || beforeEpoch == nil || bigTAJ == nil {
		t.Error(tooOld, bigSerial, beforeEpoch, bigTAJ)
	}
}

func TestARecordWithAWrongIdentifierIsNotRead(t *testing.T) {
	var person identity.Person
	if err := json.Unmarshal([]byte(`{"personal_id":"","tax_number":"","taj":""}`), &person); err != nil {
		t.Errorf("identifiers may be absent: %v", err)
	}
	for _, field := range []string{"personal_id", "tax_number", "taj"} {
		err := json.Unmarshal([]byte(`{"`+field+`":"123456789"}`), &person)
		if invalid := (*identity.Invalid)(nil); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, seed := range []string{"", "18503120010", "8431690011", "123 456 788", "1-2-3", "\u00a0", "99999999999", "40002290000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := identity.ParsePersonalID(s); err == nil && (len(id) != 11 || id.BirthDate().IsZero()) {
			t.Errorf("accepted %q", id)
		}
		if number, err := identity.ParseTaxNumber(s); err == nil && len(number) != 10 {
			t.Errorf("accepted %q", number)
		}
		if number, err := identity.ParseTAJ(s); err == nil && len(number) != 9 {
			t.Errorf("accepted %q", number)
		}
	})
}
