package password

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// record is one stored hash. Its text is the PHC string format,
//
//	$argon2id$v=19$m=19456,t=2,p=1$salt$hash
//
// with ",keyid=…" after p where a pepper was mixed in, as that format has it.
type record struct {
	Params
	keyID string // which pepper; empty for none
	salt  []byte
	sum   []byte
}

var b64 = base64.RawStdEncoding.Strict()

func (r record) String() string {
	var key string
	if r.keyID != "" {
		key = ",keyid=" + r.keyID
	}
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d%s$%s$%s",
		r.Memory, r.Passes, r.Threads, key, b64.EncodeToString(r.salt), b64.EncodeToString(r.sum))
}

// parseRecord reads what String wrote and nothing else: the last comparison
// refuses leading zeros, blanks and every other second spelling.
func parseRecord(text string) (record, error) {
	var r record
	parts := strings.Split(text, "$")
	if len(parts) != 6 {
		return record{}, ErrRecord
	}
	costs, keyID, _ := strings.Cut(parts[3], ",keyid=")
	r.keyID = keyID
	if _, err := fmt.Sscanf(costs, "m=%d,t=%d,p=%d", &r.Memory, &r.Passes, &r.Threads); err != nil {
		return record{}, ErrRecord
	}
	var saltErr, sumErr error
	r.salt, saltErr = b64.DecodeString(parts[4])
	r.sum, sumErr = b64.DecodeString(parts[5])
	if saltErr != nil || sumErr != nil || !r.inBounds() || r.String() != text {
		return record{}, ErrRecord
	}
	return r, nil
}

func (r record) inBounds() bool {
	return r.Params.valid() &&
		len(r.salt) >= minSalt && len(r.salt) <= maxSalt &&
		len(r.sum) >= minSum && len(r.sum) <= maxSum
}
