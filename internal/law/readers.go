package law

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kapu/internal/identity"
)

// A reader reads a row's value as people write it and refuses what lies outside the rule's bounds.
type reader func(text string) (any, error)

const day = 24 * time.Hour

var units = map[string]time.Duration{
	"s": time.Second, "min": time.Minute, "h": time.Hour, "day": day, "days": day,
}

// period reads "30 s", "15 min", "72 h" and "5 days" into a time.Duration. A day is 24 hours.
func period(shortest, longest time.Duration) reader {
	return func(text string) (any, error) {
		number, unit, _ := strings.Cut(text, " ")
		count, err := strconv.Atoi(number)
		size, known := units[unit]
		if err != nil || !known {
			return nil, fmt.Errorf("%q is not a period such as \"5 days\", \"72 h\", \"15 min\" or \"30 s\"", text)
		}
		if count < 0 || time.Duration(count) > longest/size || time.Duration(count)*size < shortest {
			return nil, fmt.Errorf("%q is not between %s and %s", text, shortest, longest)
		}
		return time.Duration(count) * size, nil
	}
}

// number reads an int with the given unit after it ("5 years", "3000 HUF"), or bare when unit is empty.
func number(least, most int, unit string) reader {
	one := numbers(least, most, unit)
	return func(text string) (any, error) {
		list, err := one(text)
		if err != nil {
			return nil, err
		}
		if several := list.([]int); len(several) == 1 {
			return several[0], nil
		}
		return nil, fmt.Errorf("%q is more than one number", text)
	}
}

// numbers reads "30, 7, 1 days" into a falling list of ints.
func numbers(least, most int, unit string) reader {
	return func(text string) (any, error) {
		bare, united := strings.CutSuffix(text, " "+unit)
		if unit != "" && !united {
			return nil, fmt.Errorf("%q is not in %s", text, unit)
		}
		var list []int
		for part := range strings.SplitSeq(bare, ", ") {
			n, err := strconv.Atoi(part)
			if err != nil || n < least || n > most {
				return nil, fmt.Errorf("%q is not between %d and %d", part, least, most)
			}
			list = append(list, n)
		}
		if !slices.IsSortedFunc(list, func(a, b int) int { return b - a }) {
			return nil, fmt.Errorf("%q does not fall", text)
		}
		return list, nil
	}
}

// yesOrNo reads a bool.
func yesOrNo(text string) (any, error) {
	switch text {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	return nil, fmt.Errorf("%q is neither \"yes\" nor \"no\"", text)
}

// calendarDay reads an identity.Date.
func calendarDay(text string) (any, error) {
	date, err := identity.ParseDate(text)
	return date, err
}

// words reads a list of words parted by blanks, each one of the allowed.
func words(allowed ...string) reader {
	return func(text string) (any, error) {
		list := strings.Fields(text)
		if len(list) == 0 {
			return nil, errors.New("the list is empty")
		}
		for _, word := range list {
			if !slices.Contains(allowed, word) {
				return nil, fmt.Errorf("%q is not one of %s", word, strings.Join(allowed, ", "))
			}
		}
		return list, nil
	}
}
