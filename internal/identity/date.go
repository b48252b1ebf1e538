package identity

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day in the civil (Gregorian) calendar, without a time and a time zone. The zero Date is no day at all.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate is the given day; it errs with *Invalid (date) when there is no such day. Years run from 1 to 9999.
func NewDate(year int, month time.Month, day int) (Date, error) {
	d := Date{year, month, day}
	if year < 1 || year > 9999 || DateOf(d.midnight()) != d {
		return Date{}, &Invalid{"date", ReasonDate}
	}
	return d, nil
}

// DateOf is the day shown by t's own location; turn t to Budapest first where the law asks.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// ParseDate reads 2006-01-02, 2006.01.02. and 2006. 1. 2., with or without the last point.
// It errs with *Invalid: empty, format or date.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, &Invalid{"date", ReasonEmpty}
	}
	separator := "."
	if strings.Contains(s, "-") {
		separator = "-"
	} else {
		s = strings.TrimSuffix(s, ".")
	}
	parts := strings.Split(s, separator)
	if len(parts) != 3 {
		return Date{}, &Invalid{"date", ReasonFormat}
	}
	var numbers [3]int
	for i, longest := range [3]int{4, 2, 2} {
		part := strings.TrimSpace(parts[i])
		if part == "" || len(part) > longest || i == 0 && len(part) != longest || !consistsOf(part, digits) {
			return Date{}, &Invalid{"date", ReasonFormat}
		}
		numbers[i], _ = strconv.Atoi(part) // at most four digits: cannot fail
	}
	return NewDate(numbers[0], time.Month(numbers[1]), numbers[2])
}

// String is the day as 2006-01-02 (ISO 8601), or nothing for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText is String; in JSON a date is "2006-01-02", and no date is "".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// IsZero says whether d is no day at all.
func (d Date) IsZero() bool { return d == Date{} }

// Compare is negative, zero or positive as d is before, on or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before says whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After says whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// AddDays is the day n days later (earlier when negative).
func (d Date) AddDays(n int) Date { return DateOf(d.midnight().AddDate(0, 0, n)) }

// AddYears is the same day n years later; 29 February becomes the 28th where there is none, as Hungarian law counts.
func (d Date) AddYears(n int) Date {
	later := Date{d.Year + n, d.Month, d.Day}
	if d.Month == time.February && DateOf(later.midnight()) != later {
		later.Day = 28
	}
	return later
}

// DaysSince is the number of days from earlier to d.
func (d Date) DaysSince(earlier Date) int {
	return int((d.midnight().Unix() - earlier.midnight().Unix()) / secondsPerDay)
}

// Age is the number of whole years lived by the given day.
func (d Date) Age(on Date) int {
	age := on.Year - d.Year
	if on.Month < d.Month || on.Month == d.Month && on.Day < d.Day {
		age--
	}
	return age
}

// In is the first moment of the day in the given place.
func (d Date) In(place *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, place)
}

const secondsPerDay = 24 * 60 * 60

func (d Date) midnight() time.Time { return d.In(time.UTC) }
