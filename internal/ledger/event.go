package ledger

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"kapu/internal/law"
)

// Event is something that happened, as a struct whose every field says by its
// tag how it is recorded:
//
//	`public:"name"`    in the leaf, in clear: identifiers of services, offices
//	                   and means, levels, names of data; never a person's
//	`personal:"name"`  in the leaf as a salted commitment only
//
// Empty fields are left out. Fields are text (any string type), [law.Level],
// [time.Time] to the millisecond, whole numbers, or lists of text. A new kind is
// a struct, its Kind, and its place in a topic; its comments become
// docs/ledger-events.md.
type Event interface {
	// Kind names the event, "topic.what-happened". It never changes once used.
	Kind() string
}

// topic is the events that are told together.
type topic struct {
	title  string
	events []Event
}

var topics = []topic{identification, registration, account, life, change, telephone, mandates, office, desk, notices, own, services, operation}

// Kinds are the names of all kinds of event, in the order of the documentation.
func Kinds() (names []string) {
	for _, t := range topics {
		for _, e := range t.events {
			names = append(names, e.Kind())
		}
	}
	return names
}

// shape is an event's kind, read once from its struct.
type shape struct {
	kind   string
	typ    reflect.Type
	fields []field
}

type field struct {
	index    int
	name     string
	personal bool
}

var shapes = shapesOf(topics)

func shapesOf(topics []topic) map[string]shape {
	all := map[string]shape{}
	for _, t := range topics {
		for _, e := range t.events {
			if _, twice := all[e.Kind()]; twice {
				panic("ledger: two kinds are called " + e.Kind())
			}
			all[e.Kind()] = shapeOf(e)
		}
	}
	return all
}

// shapeOf panics on a struct that cannot be recorded: a mistake in this package,
// found when any program or test starts.
func shapeOf(e Event) shape {
	s := shape{kind: e.Kind(), typ: reflect.TypeOf(e)}
	for i := range s.typ.NumField() {
		f := s.typ.Field(i)
		public, personal := f.Tag.Get("public"), f.Tag.Get("personal")
		if !recordable(f.Type) || (public == "") == (personal == "") || personal == personField {
			panic(fmt.Sprintf("ledger: %s.%s cannot be recorded", s.typ.Name(), f.Name))
		}
		s.fields = append(s.fields, field{index: i, name: public + personal, personal: personal != ""})
	}
	// Public fields first: that is how the leaf is written.
	slices.SortStableFunc(s.fields, func(a, b field) int {
		switch {
		case a.personal == b.personal:
			return 0
		case a.personal:
			return 1
		}
		return -1
	})
	return s
}

var (
	levelType = reflect.TypeFor[law.Level]()
	timeType  = reflect.TypeFor[time.Time]()
	listType  = reflect.TypeFor[[]string]()
)

func recordable(t reflect.Type) bool {
	return t.Kind() == reflect.String || isCount(t) || t == levelType || t == timeType || t == listType
}

// isCount tells whether a field is a whole number. Places in the tree and sums
// of money stay far below 2⁵³, where JSON's numbers are exact (RFC 8259, section 6).
func isCount(t reflect.Type) bool {
	return t != levelType && (t.Kind() == reflect.Int || t.Kind() == reflect.Int64)
}

// write hands every field that is not empty to the writer.
func (s shape) write(w *writer, e Event) {
	v := reflect.ValueOf(e)
	for _, f := range s.fields {
		value := v.Field(f.index)
		if value.IsZero() || value.Type() == listType && value.Len() == 0 {
			continue
		}
		if f.personal {
			w.addPersonal(f.name, plain(value))
		} else {
			w.addPublic(f.name, plain(value))
		}
	}
}

// plain is a field's value as it is recorded: a string, a whole number, or a
// list of strings.
func plain(v reflect.Value) any {
	switch v.Type() {
	case levelType:
		return law.Level(v.Int()).String()
	case timeType:
		return formatTime(v.Interface().(time.Time))
	case listType:
		return v.Interface()
	}
	if isCount(v.Type()) {
		return v.Int()
	}
	return v.String()
}
