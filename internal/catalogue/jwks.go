package catalogue

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// Bounds of a client's key set. RSA keys that are longer make verifying slow
// for nothing; shorter ones can be broken (RFC 7518, 3.3).
const (
	maxKeySet            = 64 << 10 // bytes
	maxKeys              = 32
	leastRSA, longestRSA = 2048, 8192 // bits
	longestExponent      = 1<<31 - 1
	longestKID           = 256 // bytes
)

var errNoKeySet = errors.New("it is not a JWK set (RFC 7517, 5)")

// ParseKeys reads a client's public keys. Keys of a kind that is not known are
// left out (RFC 7517, 5); a private or a symmetric key is an error, as whoever
// published it has lost it.
func ParseKeys(text []byte) (*jose.JSONWebKeySet, error) {
	var file struct {
		Keys []json.RawMessage `json:"keys"`
	}
	switch err := json.Unmarshal(text, &file); {
	case len(text) > maxKeySet || len(file.Keys) > maxKeys:
		return nil, fmt.Errorf("it has more than %d keys, or %d KiB", maxKeys, maxKeySet>>10)
	case err != nil || file.Keys == nil:
		return nil, errNoKeySet
	}
	set := &jose.JSONWebKeySet{}
	for i, raw := range file.Keys {
		key, err := parseKey(raw)
		if errors.Is(err, jose.ErrUnsupportedKeyType) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		set.Keys = append(set.Keys, key)
	}
	return set, nil
}

// secretMembers are the members of a JWK that only its owner may know (RFC
// 7518, 6.2.2, 6.3.2 and 6.4.1; RFC 8037, 2).
var secretMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}

// parseKey looks for secrets before anything is computed from them.
func parseKey(raw json.RawMessage) (key jose.JSONWebKey, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return key, errNoKeySet
	}
	for _, name := range secretMembers {
		if members[name] != nil {
			return key, fmt.Errorf("it is not a public key, it has %q in it: make a new one, this one is lost", name)
		}
	}
	if err := json.Unmarshal(raw, &key); err != nil {
		return key, err
	}
	return key, soundKey(key)
}

func soundKey(key jose.JSONWebKey) error {
	if len(key.KeyID) > longestKID {
		return fmt.Errorf("its kid is longer than %d bytes", longestKID)
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < leastRSA || bits > longestRSA || public.E < 3 || public.E > longestExponent || public.E%2 == 0 {
			return fmt.Errorf("an RSA key must have %d to %d bits and an odd exponent", leastRSA, longestRSA)
		}
	case *ecdsa.PublicKey, ed25519.PublicKey:
	default:
		return jose.ErrUnsupportedKeyType
	}
	return nil
}

// KeysFor are those keys of a set that may verify a signature: of the kid, if
// the signature names one, for that algorithm, and not meant for encryption.
func KeysFor(set *jose.JSONWebKeySet, kid, alg string) (found []jose.JSONWebKey) {
	for _, k := range set.Keys {
		if (kid == "" || k.KeyID == kid) && k.Use != "enc" && (k.Algorithm == "" || k.Algorithm == alg) && fits(k.Key, alg) {
			found = append(found, k)
		}
	}
	return found
}

// fits tells whether a key is of the kind that an algorithm takes (RFC 7518,
// 3.1; RFC 8037, 3.1). HMAC and none take none: a public key is no secret.
func fits(key any, alg string) bool {
	switch public := key.(type) {
	case *rsa.PublicKey:
		return slices.Contains([]string{"RS256", "PS256"}, alg)
	case *ecdsa.PublicKey:
		return alg == "ES256" && public.Curve.Params().Name == "P-256"
	case ed25519.PublicKey:
		return alg == "EdDSA"
	}
	return false
}
