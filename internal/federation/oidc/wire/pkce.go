package wire

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// Bounds of a code verifier, in characters (RFC 7636, 4.1).
const shortestVerifier, longestVerifier = 43, 128

// Proves tells whether the verifier belongs to the challenge (RFC 7636, 4.6).
// Without a challenge there must be no verifier: who sends one was promised
// protection, and somebody took the challenge away (RFC 9700, 4.8.2).
func Proves(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	if len(verifier) < shortestVerifier || len(verifier) > longestVerifier || strings.Trim(verifier, unreserved) != "" {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	got := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(got), []byte(challenge)) == 1
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

// isDigest tells whether s is the base64url of 32 bytes, in the one way to write it.
func isDigest(s string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(raw) == sha256.Size
}
