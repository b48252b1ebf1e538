package offer

import (
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// suite is the one protection we take (RFC 4568, 6.2.1): its tags are ten
// bytes, where the shorter ones' four can be guessed.
const suite = "AES_CM_128_HMAC_SHA1_80"

// Lengths of a master key and its salt, in bytes.
const (
	KeyBytes  = 16
	SaltBytes = 14
)

// Secret is what one direction of sound is encrypted with.
type Secret struct {
	Key, Salt []byte
	tag       string // under which it was offered
}

// NewSecret makes the secret of our direction, to answer theirs; nil for none.
func NewSecret(theirs *Secret) *Secret {
	if theirs == nil {
		return nil
	}
	material := make([]byte, KeyBytes+SaltBytes)
	_, _ = rand.Read(material) // never fails; see crypto/rand
	return &Secret{Key: material[:KeyBytes], Salt: material[KeyBytes:], tag: theirs.tag}
}

// Proposed is what NewSecret answers if the first offer is ours.
var Proposed = &Secret{tag: "1"}

func (s *Secret) attribute() string {
	return s.tag + " " + suite + " inline:" + base64.StdEncoding.EncodeToString(append(append([]byte{}, s.Key...), s.Salt...))
}

// secretOf is the first secret of the suite that asks for nothing special.
func secretOf(attributes []sdp.Attribute) *Secret {
	for _, a := range attributes {
		fields := strings.Fields(a.Value)
		if a.Key != "crypto" || len(fields) != 3 || fields[1] != suite { // a fourth field would be a session parameter
			continue
		}
		if n, err := strconv.ParseUint(fields[0], 10, 31); err != nil || strconv.FormatUint(n, 10) != fields[0] {
			continue
		}
		inline, ok := strings.CutPrefix(fields[2], "inline:")
		parts := strings.Split(inline, "|")
		if !ok || len(parts) > 2 || len(parts) == 2 && strings.Contains(parts[1], ":") { // an index of keys
			continue
		}
		material, err := base64.StdEncoding.DecodeString(parts[0])
		if err != nil || len(material) != KeyBytes+SaltBytes {
			continue
		}
		return &Secret{Key: material[:KeyBytes], Salt: material[KeyBytes:], tag: fields[0]}
	}
	return nil
}
