package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// disclosure is a value with its salt and name, in the form of RFC 9901, 4.2.1:
// base64url of the JSON array [salt, name, value].
type disclosure string

func newDisclosure(salt, name string, value any) disclosure {
	plain, err := json.Marshal([]any{salt, name, value})
	if err != nil {
		panic(err) // cannot happen: text, numbers and lists of text always marshal
	}
	return disclosure(b64(plain))
}

// digest is the commitment that stands in the leaf: base64url of the SHA-256 of
// the disclosure as it is written (RFC 9901, 4.2.3).
func (d disclosure) digest() string {
	sum := sha256.Sum256([]byte(d))
	return b64(sum[:])
}

var errDisclosure = errors.New("ledger: not a disclosure")

func (d disclosure) open() (name string, value json.RawMessage, err error) {
	plain, err := base64.RawURLEncoding.DecodeString(string(d))
	if err != nil {
		return "", nil, errDisclosure
	}
	var parts []json.RawMessage
	if json.Unmarshal(plain, &parts) != nil || len(parts) != 3 || json.Unmarshal(parts[1], &name) != nil {
		return "", nil, errDisclosure
	}
	return name, parts[2], nil
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
