package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Limits of JSON from outside.
const (
	maxDepth  = 8   // objects and lists within one another
	maxValues = 512 // members, elements and names, all in all
)

var errJSON = errors.New("this is not a JSON object as we read them")

// members reads a JSON object into its members, which encoding/json then reads
// one by one: names count to the letter. A name that occurs twice, anywhere, is
// refused, because two readers could each take another of the two (RFC 8259, 4;
// RFC 7519, 4); so is what is nested too deep, too long or followed by more.
func members(text []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	s := strictReader{Decoder: d}
	if err := s.value(0); err != nil || s.top != '{' {
		return nil, errJSON
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errJSON
	}
	var found map[string]json.RawMessage
	return found, json.Unmarshal(text, &found)
}

// strictReader walks through a text and keeps nothing of it.
type strictReader struct {
	*json.Decoder
	top    json.Delim // how the outermost value begins; 0 for neither object nor list
	values int
}

func (s *strictReader) value(depth int) error {
	token, err := s.Token()
	if s.values++; err != nil || depth > maxDepth || s.values > maxValues {
		return errJSON
	}
	opened, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if depth == 0 {
		s.top = opened
	}
	names := map[string]bool{}
	for s.More() {
		if opened == '{' && !s.name(names) {
			return errJSON
		}
		if err := s.value(depth + 1); err != nil {
			return err
		}
	}
	_, err = s.Token() // the end of it
	return err
}

// name reads the name of a member and tells whether it is the first of it.
func (s *strictReader) name(names map[string]bool) bool {
	token, err := s.Token()
	name, ok := token.(string)
	if err != nil || !ok || names[name] {
		return false
	}
	names[name] = true
	return true
}
