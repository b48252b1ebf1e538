package wire

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// ClientAssertion is the payload of a client's assertion (RFC 7523, 3). Times
// are in seconds; 0 where they are left out.
type ClientAssertion struct {
	Issuer    string
	Subject   string
	Audience  []string
	ID        string // jti
	Expires   float64
	NotBefore float64
	Issued    float64
	OneString bool // the audience was written as a single text, as FAPI 2.0 wants it
}

// ParseClientAssertion reads the payload; an audience may be a text or a list of
// texts (RFC 7519, 4.1.3).
func ParseClientAssertion(payload []byte) (a ClientAssertion, ok bool) {
	all, err := members(payload)
	if err != nil {
		return a, false
	}
	for name, into := range map[string]any{
		"iss": &a.Issuer, "sub": &a.Subject, "jti": &a.ID, "exp": &a.Expires, "nbf": &a.NotBefore, "iat": &a.Issued,
	} {
		if raw := all[name]; raw != nil && json.Unmarshal(raw, into) != nil {
			return a, false
		}
	}
	var one string
	if a.OneString = json.Unmarshal(all["aud"], &one) == nil; a.OneString {
		a.Audience = []string{one}
		return a, true
	}
	return a, json.Unmarshal(all["aud"], &a.Audience) == nil
}

// assertionTypes are what the header of a client's assertion may say that it is
// (RFC 7519, 5.1; draft-ietf-oauth-rfc7523bis, 4): nothing that is signed for
// another purpose passes for one (RFC 8725, 3.11).
var assertionTypes = []string{"", "jwt", "client-authentication+jwt"}

// parseAssertion finds out who an assertion is said to be from, and by which
// method. Nothing of it is verified here; it only tells whose keys to try.
func parseAssertion(text string) (Credentials, error) {
	bad := Refuse(InvalidClient, "RFC 7523, 3", "client_assertion is not a JWT with sub, of the compact form")
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Credentials{}, bad
	}
	var alg, kind, subject string
	header, ok := readPart(parts[0])
	payload, also := readPart(parts[1])
	if !ok || !also || !readText(header["alg"], &alg) || !readText(header["typ"], &kind) || !readText(payload["sub"], &subject) || subject == "" {
		return Credentials{}, bad
	}
	if !slices.Contains(assertionTypes, strings.TrimPrefix(strings.ToLower(kind), "application/")) {
		return Credentials{}, bad
	}
	c := Credentials{Method: PrivateKeyJWT, ID: subject, Assertion: text}
	if strings.HasPrefix(alg, "HS") {
		c.Method = SecretJWT
	}
	return c, nil
}

// readPart reads a part of a compact JWS that is a JSON object.
func readPart(part string) (map[string]json.RawMessage, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, false
	}
	all, err := members(raw)
	return all, err == nil
}
