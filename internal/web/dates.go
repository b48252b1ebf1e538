package web

import (
	"encoding"
	"fmt"
	"strconv"
	"time"
)

var monthNames = map[Lang][12]string{
	Hungarian: {"január", "február", "március", "április", "május", "június", "július", "augusztus", "szeptember", "október", "november", "december"},
	English:   {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// civil reads a day from a time.Time, as Budapest sees it, or from any date whose text form is ISO 8601.
func (s *Shell) civil(v any) (time.Time, error) {
	switch d := v.(type) {
	case time.Time:
		return d.In(s.zone), nil
	case encoding.TextMarshaler:
		text, err := d.MarshalText()
		if err != nil {
			return time.Time{}, err
		}
		return time.ParseInLocation(time.DateOnly, string(text), s.zone)
	}
	return time.Time{}, fmt.Errorf("%T is not a date", v)
}

// dateFunc makes a template function of a way to write a day.
func (s *Shell) dateFunc(l Lang, write func(Lang, time.Time) string) func(any) (string, error) {
	return func(v any) (string, error) {
		d, err := s.civil(v)
		if err != nil {
			return "", err
		}
		return write(l, d), nil
	}
}

// dateText is "2026. május 2." or "2 May 2026".
func dateText(l Lang, d time.Time) string {
	if l == English {
		return fmt.Sprintf("%d %s %d", d.Day(), monthNames[l][d.Month()-1], d.Year())
	}
	return fmt.Sprintf("%s %d.", yearMonth(d), d.Day())
}

// dateUntilText is "2029. március 4-ig" ("1-jéig" on the first) or "until 4 March 2029".
func dateUntilText(l Lang, d time.Time) string {
	switch {
	case l == English:
		return "until " + dateText(l, d)
	case d.Day() == 1:
		return yearMonth(d) + " 1-jéig"
	}
	return fmt.Sprintf("%s %d-ig", yearMonth(d), d.Day())
}

// dateOnText is "2026. május 2-án" or "on 2 May 2026".
func dateOnText(l Lang, d time.Time) string {
	if l == English {
		return "on " + dateText(l, d)
	}
	return fmt.Sprintf("%s %d%s", yearMonth(d), d.Day(), onSuffix(d.Day()))
}

// onSuffix follows the vowels of the ordinal: elsején, másodikán, negyedikén …, tizedikén, huszadikán, harmincadikán.
func onSuffix(day int) string {
	switch day {
	case 1:
		return "-jén"
	case 2, 3, 6, 8, 13, 16, 18, 20, 23, 26, 28, 30:
		return "-án"
	}
	return "-én"
}

func yearMonth(d time.Time) string {
	return strconv.Itoa(d.Year()) + ". " + monthNames[Hungarian][d.Month()-1]
}

// clockText is "9.42" or "9:42".
func clockText(l Lang, d time.Time) string {
	if l == English {
		return fmt.Sprintf("%d:%02d", d.Hour(), d.Minute())
	}
	return fmt.Sprintf("%d.%02d", d.Hour(), d.Minute())
}

// momentText is "ma 9.42", "tegnap 14.05", "2026. május 2. 9.42", or "today, 9:42" and so on.
func (s *Shell) momentText(l Lang, d time.Time) string {
	today, yesterday, comma := "ma", "tegnap", " "
	if l == English {
		today, yesterday, comma = "today", "yesterday", ", "
	}
	now := s.now().In(s.zone)
	day := dateText(l, d)
	switch day {
	case dateText(l, now):
		day = today
	case dateText(l, now.AddDate(0, 0, -1)):
		day = yesterday
	}
	return day + comma + clockText(l, d)
}

// waitText is a length of time in words, rounded up: "40 másodperc", "5 perc", "2 óra", "3 nap".
func waitText(l Lang, d time.Duration) string {
	units := []struct {
		size, below time.Duration
		hu, en      string
	}{
		{time.Second, 2 * time.Minute, "másodperc", "second"},
		{time.Minute, 2 * time.Hour, "perc", "minute"},
		{time.Hour, 48 * time.Hour, "óra", "hour"},
		{24 * time.Hour, 1<<63 - 1, "nap", "day"},
	}
	for _, u := range units {
		if d > u.below-u.size && u.below != 1<<63-1 {
			continue
		}
		n := int64((d + u.size - 1) / u.size)
		return strconv.FormatInt(n, 10) + " " + unitName(l, n, u.hu, u.en)
	}
	return ""
}

func unitName(l Lang, n int64, hu, en string) string {
	switch {
	case l == Hungarian:
		return hu
	case n == 1:
		return en
	}
	return en + "s"
}

// worded turns the arguments that a text cannot show as they are into words of the language: lengths of time.
func (s *Shell) worded(l Lang, args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if d, ok := a.(time.Duration); ok {
			a = waitText(l, d)
		}
		out[i] = a
	}
	return out
}

// Date is a day as Budapest sees it, for what is read later and elsewhere: a file or a letter.
func (s *Shell) Date(l Lang, d time.Time) string { return dateText(l, d.In(s.zone)) }

// DateUntil is the day until which something lasts.
func (s *Shell) DateUntil(l Lang, d time.Time) string { return dateUntilText(l, d.In(s.zone)) }

// DateAndTime is a moment in words that stay true tomorrow.
func (s *Shell) DateAndTime(l Lang, d time.Time) string {
	return dateText(l, d.In(s.zone)) + " " + clockText(l, d.In(s.zone))
}

// Clock is a time of day.
func (s *Shell) Clock(l Lang, d time.Time) string { return clockText(l, d.In(s.zone)) }
