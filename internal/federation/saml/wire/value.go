package wire

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// check tells whether the text of an attribute or element is as the schema wants it.
type check func(string) bool

// isID is xs:ID, in ASCII.
func isID(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isNameOctet(s[i], i == 0) {
			return false
		}
	}
	return s != "" && len(s) <= maxIdentifier
}

// isString is xs:string; SAML wants one character that is no blank (SAML Core, 1.3.1).
func isString(s string) bool { return len(s) <= maxValue && strings.Trim(s, blanks) != "" }

// isURI is xs:anyURI, absolute as SAML wants it (SAML Core, 1.3.2).
func isURI(s string) bool {
	s = strings.Trim(s, blanks)
	return len(s) <= maxValue && isAbsolute(s)
}

func isBoolean(s string) bool { _, ok := booleanOf(s); return ok }

// booleanOf reads xs:boolean.
func booleanOf(s string) (value, ok bool) {
	switch s {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// isShort is xs:unsignedShort.
func isShort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// isCount is xs:nonNegativeInteger, as far as it means anything.
func isCount(s string) bool {
	_, err := strconv.ParseUint(s, 10, 31)
	return err == nil
}

// numberOf reads a number that was checked; missing is -1.
func numberOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func isInstant(s string) bool { return !instantOf(s).IsZero() }

// instantOf reads xs:dateTime in UTC (SAML Core, 1.3.3); zero for anything else.
func instantOf(s string) time.Time {
	const hour, longest = len("2006-01-02T15"), len("2006-01-02T15:04:05.999999999Z")
	if len(s) <= hour || len(s) > longest || s[hour] != ':' || !strings.HasSuffix(s, "Z") || strings.Contains(s, ",") {
		return time.Time{} // time.Parse takes hours of one digit, and commas
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// instant writes a time as xs:dateTime in UTC, to the millisecond.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// oneOf makes a check for an enumeration.
func oneOf(values ...string) check {
	return func(s string) bool { return slices.Contains(values, s) }
}

// isDuration is the part of xs:duration that has a fixed length: days and less.
func isDuration(s string) bool { _, ok := durationOf(s); return ok }

// durationOf reads such a duration, such as PT6H or P7D; months and years have no
// fixed length and are taken as 30 and 365 days.
func durationOf(s string) (d time.Duration, ok bool) {
	const day, longest = 24 * time.Hour, 32
	dates, times, timed := strings.Cut(strings.TrimPrefix(s, "P"), "T")
	if !strings.HasPrefix(s, "P") || len(s) > longest || dates+times == "" || timed && times == "" {
		return 0, false
	}
	a, okA := sum(dates, "YMD", []time.Duration{365 * day, 30 * day, day})
	b, okB := sum(times, "HMS", []time.Duration{time.Hour, time.Minute, time.Second})
	return a + b, okA && okB
}

// sum adds up numbers that are followed by their units, in this order.
func sum(s, units string, worth []time.Duration) (d time.Duration, ok bool) {
	for s != "" {
		at := strings.IndexAny(s, units)
		if at < 0 {
			return 0, false
		}
		whole, fraction, fractional := strings.Cut(s[:at], ".")
		n, err := strconv.ParseUint(whole, 10, 16)
		unit := strings.IndexByte(units, s[at])
		if err != nil || fractional && (s[at] != 'S' || !isCount(fraction)) {
			return 0, false
		}
		d += time.Duration(n) * worth[unit]
		s, units, worth = s[at+1:], units[unit+1:], worth[unit+1:]
	}
	return d, true
}
