package identity_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kapu/internal/identity"
)

func TestParseDateReadsWhatPeopleWrite(t *testing.T) {
	for _, c := range []struct{ input, want, reason string }{
		{"1985-03-12", "1985-03-12", ""},
		{"1985.03.12.", "1985-03-12", ""},
		{"1985. 03. 12.", "1985-03-12", ""},
		{"1985. 3. 2", "1985-03-02", ""},
		{" 1985-3-2 ", "1985-03-02", ""},
		{"2024-02-29", "2024-02-29", ""},
		{"2023-02-29", "", "date"},
		{"1985-13-01", "", "date"},
		{"1985-00-10", "", "date"},
		{"0000-01-01", "", "date"},
		{"", "", "empty"},
		{"85-03-12", "", "format"},
		{"12.03.1985", "", "format"},
		{"1985/03/12", "", "format"},
		{"1985-03", "", "format"},
		{"1985-03-12T00:00", "", "format"},
		{"1985-+3-12", "", "format"},
		{"1985-03-१२", "", "format"},
	} {
		got, err := identity.ParseDate(c.input)
		expect(t, c.input, got.String(), err, c.want, c.reason)
	}
}

func TestAge(t *testing.T) {
	leap := identity.Date{Year: 2004, Month: time.February, Day: 29}
	for on, want := range map[string]int{
		"2018-02-28": 13, "2018-03-01": 14, "2020-02-28": 15, "2020-02-29": 16, "2004-02-29": 0, "2004-01-01": -1,
	} {
		day, _ := identity.ParseDate(on)
		if got := leap.Age(day); got != want {
			t.Errorf("born %s, on %s: %d years, want %d", leap, on, got, want)
		}
	}
}

func TestYearsFromALeapDayEndOnThe28th(t *testing.T) {
	leap := identity.Date{Year: 2024, Month: time.February, Day: 29}
	for years, want := range map[int]string{1: "2025-02-28", 4: "2028-02-29", 5: "2029-02-28", -4: "2020-02-29"} {
		if got := leap.AddYears(years).String(); got != want {
			t.Errorf("%d years after %s: %s, want %s", years, leap, got, want)
		}
	}
}

func TestDaysCountAcrossCenturies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := identity.Date{Year: 1867, Month: time.January, Day: 1}
		days := rapid.IntRange(-600_000, 2_000_000).Draw(t, "days")
		if got := from.AddDays(days).DaysSince(from); got != days {
			t.Fatalf("%d days became %d", days, got)
		}
	})
}

func TestDateInJSON(t *testing.T) {
	written := `{"kind":"passport","number":"BA1234567","issued":"2020-01-31","expires":""}`
	var document identity.Document
	if err := json.Unmarshal([]byte(written), &document); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(document); err != nil || string(again) != written {
		t.Errorf("got %s, %v; want %s", again, err, written)
	}
	if err := json.Unmarshal([]byte(`{"issued":"2020-02-30"}`), &document); err == nil {
		t.Error("accepted the 30th of February")
	}
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"", "1985-03-12", "1985. 3. 12.", "2023-02-29", "9999.12.31", "-1-1-1", "0001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		date, err := identity.ParseDate(s)
		if err != nil {
			return
		}
		if again, err := identity.ParseDate(date.String()); err != nil || again != date {
			t.Errorf("%q: %s parses again to %s, %v", s, date, again, err)
		}
	})
}
