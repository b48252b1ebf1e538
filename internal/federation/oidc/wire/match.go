package wire

import "encoding/json"

// MaxMatch bounds the body of an attribute match, in bytes.
const MaxMatch = 16 << 10

// ReadMatch reads the body of an attribute match: one JSON object, whose members
// are data by the names of their claims. What each value must look like is not
// known here.
func ReadMatch(body []byte) (map[string]json.RawMessage, error) {
	found, err := members(body)
	switch {
	case err != nil:
		return nil, Refuse(InvalidRequest, "RFC 8259, 4", "the body is not one JSON object, or a member occurs twice, or it is nested too deep")
	case len(found) == 0:
		return nil, Refuse(InvalidRequest, "", "the object has no members: name what is to be compared")
	}
	return found, nil
}
