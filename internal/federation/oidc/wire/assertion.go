package wire

import (
	"encoding/base64"
	"encoding/json"
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

// UnmarshalJSON reads the payload; an audience may be a text or a list of texts
// (RFC 7519, 4.1.3).
func (a *ClientAssertion) UnmarshalJSON(text []byte) error {
	var raw struct {
		Issuer    string          `json:"iss"`
		Subject   string          `json:"sub"`
		Audience  json.RawMessage `json:"aud"`
		ID        string          `json:"jti"`
		Expires   float64         `json:"exp"`
		NotBefore float64         `json:"nbf"`
		Issued    float64         `json:"iat"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	*a = ClientAssertion{Issuer: raw.Issuer, Subject: raw.Subject, ID: raw.ID, Expires: raw.Expires, NotBefore: raw.NotBefore, Issued: raw.Issued}
	var one string
	if a.OneString = json.Unmarshal(raw.Audience, &one) == nil; a.OneString {
		a.Audience = []string{one}
		return nil
	}
	return json.Unmarshal(raw.Audience, &a.Audience)
}

// readPart reads a part of a compact JWS as JSON.
func readPart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}
