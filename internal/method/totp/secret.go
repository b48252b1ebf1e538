package totp

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// SecretBytes is the length RFC 4226 section 4 (R6) recommends: 160 bits.
const SecretBytes = 20

// ErrSecret: the text is not the base32 of SecretBytes bytes.
var ErrSecret = errors.New("totp: not a secret")

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// Secret is the key shared with the app. Printing it by accident prints
// nothing: only Text and Bytes give it away.
type Secret struct{ key [SecretBytes]byte }

// NewSecret draws a secret.
func NewSecret() Secret {
	var s Secret
	rand.Read(s.key[:]) // never fails: crypto/rand ends the program instead
	return s
}

// SecretOf makes a secret of stored bytes. The only error is ErrSecret.
func SecretOf(key []byte) (Secret, error) {
	var s Secret
	if len(key) != SecretBytes {
		return s, ErrSecret
	}
	copy(s.key[:], key)
	return s, nil
}

// ParseSecret reads what Text wrote, in either case, with or without blanks
// and hyphens. The only error is ErrSecret.
func ParseSecret(text string) (Secret, error) {
	key, err := base32Text.DecodeString(strings.ToUpper(strip(text)))
	if err != nil {
		return Secret{}, ErrSecret
	}
	return SecretOf(key)
}

// Bytes are for encryption and storage.
func (s Secret) Bytes() []byte { return s.key[:] }

// Text is the secret for typing into an app: base32 in groups of four.
func (s Secret) Text() string { return group(s.base32(), 4, " ") }

// String keeps the secret out of logs and error texts.
func (s Secret) String() string { return "[totp secret]" }

// GoString does the same for %#v.
func (s Secret) GoString() string { return s.String() }

func (s Secret) base32() string { return base32Text.EncodeToString(s.key[:]) }

// URI is the Key URI that authenticator apps read from the QR code. Issuer and
// account are percent-encoded, blanks as %20 (a plus would be shown by some
// apps); a colon in either would be taken for the separator and is left out.
// Algorithm, digits and period are spelt out though they are the defaults.
func URI(secret Secret, issuer, account string, p Params) string {
	issuer, account = strings.ReplaceAll(issuer, ":", ""), strings.ReplaceAll(account, ":", "")
	return "otpauth://totp/" + escape(issuer) + ":" + escape(account) +
		"?secret=" + secret.base32() +
		"&issuer=" + escape(issuer) +
		"&algorithm=SHA1" +
		"&digits=" + strconv.Itoa(p.Digits) +
		"&period=" + strconv.FormatInt(int64(p.Period/time.Second), 10)
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// group cuts text into groups of n characters.
func group(text string, n int, separator string) string {
	var groups []string
	for len(text) > n {
		groups, text = append(groups, text[:n]), text[n:]
	}
	return strings.Join(append(groups, text), separator)
}
