package wire

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
)

// IDToken is the payload of an ID token (Core, 2). Times are in seconds.
type IDToken struct {
	Issuer          string         `json:"iss"`
	Subject         string         `json:"sub"`
	Audience        string         `json:"aud"`
	Expires         int64          `json:"exp"`
	Issued          int64          `json:"iat"`
	AuthTime        int64          `json:"auth_time"`
	Nonce           string         `json:"nonce,omitempty"`
	ACR             string         `json:"acr"`
	AMR             []string       `json:"amr"`
	Provisional     bool           `json:"provisional,omitempty"` // ours: nobody has checked who the person is
	AccessTokenHash string         `json:"at_hash,omitempty"`
	SessionID       string         `json:"sid,omitempty"` // Front-Channel Logout 1.0, 3
	Actor           *Actor         `json:"act,omitempty"` // read from hints; written among Claims
	Claims          map[string]any `json:"-"`             // about the person; beside the others
}

// Actor is who acts for the subject (RFC 8693, 4.1).
type Actor struct {
	Subject string `json:"sub"`
	Name    string `json:"name,omitempty"`
}

// Payload is the token's JSON.
func (t IDToken) Payload() ([]byte, error) {
	body, err := json.Marshal(t)
	if err != nil || len(t.Claims) == 0 {
		return body, err
	}
	about, err := json.Marshal(t.Claims)
	if err != nil {
		return nil, err
	}
	return append(append(body[:len(body)-1], ','), about[1:]...), nil
}

// HashOf is the at_hash of an access token beside an ID token signed under alg:
// the left half of the digest that the algorithm uses (Core, 3.1.3.6). Ed25519,
// the curve of our EdDSA, uses SHA-512; all others of ours SHA-256.
func HashOf(alg, accessToken string) string {
	if alg == "EdDSA" {
		sum := sha512.Sum512([]byte(accessToken))
		return base64.RawURLEncoding.EncodeToString(sum[:sha512.Size/2])
	}
	sum := sha256.Sum256([]byte(accessToken))
	return base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2])
}
