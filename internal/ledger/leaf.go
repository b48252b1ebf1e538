package ledger

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"kapu/internal/law"
)

// personField is the name under which the leaf commits to the person; no event
// may have a field of that name.
const personField = "person"

// writer builds a leaf: one line of JSON, written once and hashed as written.
type writer struct {
	id, kind, person string
	at               time.Time
	public           []byte // members, with commas between
	personal         []byte
	disclosures      []disclosure
}

func (w *writer) addPublic(name string, value any) { w.public = appendMember(w.public, name, value) }

func (w *writer) addPersonal(name string, value any) {
	d := newDisclosure(newSalt(), name, value)
	w.disclosures = append(w.disclosures, d)
	w.personal = appendMember(w.personal, name, d.digest())
}

func (w *writer) leaf() string {
	head := [][2]string{{"id", w.id}, {"at", formatTime(w.at)}, {"kind", w.kind}, {personField, w.person}}
	body := make([]byte, 0, 256+len(w.public)+len(w.personal))
	for _, h := range head {
		if h[1] != "" {
			body = appendMember(body, h[0], h[1])
		}
	}
	body = append(append([]byte("{"), body...), `,"public":{`...)
	body = append(append(body, w.public...), `},"personal":{`...)
	return string(append(append(body, w.personal...), "}}"...))
}

func appendMember(b []byte, name string, value any) []byte {
	if len(b) > 0 {
		b = append(b, ',')
	}
	b = append(append(append(b, '"'), name...), `":`...)
	if text, ok := value.(string); ok && isPlain(text) {
		return append(append(append(b, '"'), text...), '"')
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // cannot happen: text and lists of text always marshal
	}
	return append(b, text...)
}

// isPlain tells whether a text stands in JSON as it is; most do, and need no encoder.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// leaf is a leaf as it is read back.
type leaf struct {
	ID       string                     `json:"id"`
	At       string                     `json:"at"`
	Kind     string                     `json:"kind"`
	Person   string                     `json:"person"` // commitment
	Public   map[string]json.RawMessage `json:"public"`
	Personal map[string]string          `json:"personal"` // commitments by name
}

var errLeaf = errors.New("ledger: not a leaf")

func parseLeaf(body string) (leaf, time.Time, error) {
	var l leaf
	if err := json.Unmarshal([]byte(body), &l); err != nil {
		return leaf{}, time.Time{}, errLeaf
	}
	at, err := time.Parse(timeForm, l.At)
	if err != nil {
		return leaf{}, time.Time{}, errLeaf
	}
	return l, at, nil
}

// commits tells whether the leaf commits to what is disclosed as a personal field.
func (l leaf) commits(d disclosure, name string) bool { return l.Personal[name] == d.digest() }

// event is the leaf's event with the personal fields that are known; nil when
// the program no longer knows, or does not yet know, the kind.
func (l leaf) event(personal map[string]json.RawMessage) Event {
	s, ok := shapes[l.Kind]
	if !ok {
		return nil
	}
	v := reflect.New(s.typ).Elem()
	for _, f := range s.fields {
		raw := l.Public[f.name]
		if f.personal {
			raw = personal[f.name]
		}
		if raw != nil {
			setPlain(v.Field(f.index), raw)
		}
	}
	return v.Interface().(Event)
}

// setPlain is the reverse of plain. What does not fit leaves the field empty.
func setPlain(v reflect.Value, raw json.RawMessage) {
	if v.Type() == listType {
		var list []string
		if json.Unmarshal(raw, &list) == nil {
			v.Set(reflect.ValueOf(list))
		}
		return
	}
	if isCount(v.Type()) {
		var count int64
		if json.Unmarshal(raw, &count) == nil {
			v.SetInt(count)
		}
		return
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return
	}
	switch v.Type() {
	case levelType:
		level, _ := law.ParseLevel(text) // unknown: NoLevel, which is worth nothing
		v.SetInt(int64(level))
	case timeType:
		at, _ := time.Parse(timeForm, text)
		v.Set(reflect.ValueOf(at))
	default:
		v.SetString(text)
	}
}
