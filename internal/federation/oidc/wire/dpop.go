package wire

import (
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Proof is a DPoP proof whose signature holds: whoever sent it has, or had, the
// key (RFC 9449, 4.2). Whether it fits the request is for the caller to see.
type Proof struct {
	Thumbprint  string  // of the key (RFC 7638, SHA-256, base64url)
	ID          string  // jti
	Method      string  // htm
	URI         string  // htu
	Issued      float64 // iat, seconds
	Nonce       string  // "" for none
	AccessToken string  // ath, the digest of the token it is for; "" for none
}

// ProofHeader carries the proof, NonceHeader the nonce for the next one (RFC
// 9449, 4.1 and 8.1).
const (
	ProofHeader = "DPoP"
	NonceHeader = "DPoP-Nonce"
)

// Limits of a proof.
const (
	maxProof   = 4 << 10 // bytes; enough for a key of 4096 bits
	maxProofID = 256     // bytes of jti
	leastRSA   = 2048    // bits (RFC 7518, 3.3)
	mostRSA    = 4096    // bits; larger ones only cost time
)

// typProof is the type of a proof (RFC 9449, 4.2).
const typProof = "dpop+jwt"

// proofAlgs are the algorithms of proofs: asymmetric ones only (RFC 9449, 11.6),
// and of these the ones that FAPI 2.0 allows.
var proofAlgs = []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.EdDSA}

// ProofAlgs are the algorithms of proofs, as discovery lists them.
func ProofAlgs() (names []string) {
	for _, alg := range proofAlgs {
		names = append(names, string(alg))
	}
	return names
}

func badProof(format string, args ...any) *Error {
	return Refuse(InvalidProof, "RFC 9449, 4.3", format, args...)
}

// ParseProof reads the values of a request's DPoP header, of which there must be
// one, and verifies the signature under the key that it brings.
func ParseProof(header []string) (Proof, error) {
	if len(header) != 1 || len(header[0]) > maxProof || strings.Count(header[0], ".") != 2 {
		return Proof{}, badProof("there must be one DPoP header with one JWT of at most %d bytes", maxProof)
	}
	head, _, _ := strings.Cut(header[0], ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(head)
	if err != nil {
		return Proof{}, badProof("the proof is not base64url")
	}
	if _, err := members(raw); err != nil { // two readers must not see two keys
		return Proof{}, badProof("the header of the proof is not plain JSON")
	}
	signed, err := jose.ParseSignedCompact(header[0], proofAlgs)
	if err != nil {
		return Proof{}, badProof("the proof is not a JWS under %s with a public key in jwk", strings.Join(ProofAlgs(), ", "))
	}
	h := signed.Signatures[0].Protected
	if typ, _ := h.ExtraHeaders[jose.HeaderType].(string); !strings.EqualFold(typ, typProof) {
		return Proof{}, badProof("typ of the proof must be %s", typProof)
	}
	if h.JSONWebKey == nil || !sizeable(h.JSONWebKey.Key) {
		return Proof{}, badProof("jwk is missing from the proof, or not of a size that we accept")
	}
	payload, err := signed.Verify(h.JSONWebKey.Key)
	if err != nil {
		return Proof{}, badProof("the signature of the proof does not hold under its jwk")
	}
	return readProof(payload, h.JSONWebKey)
}

// sizeable tells whether a public key is neither weak nor made to keep us busy.
func sizeable(key any) bool {
	k, ok := key.(*rsa.PublicKey)
	return !ok || k.N.BitLen() >= leastRSA && k.N.BitLen() <= mostRSA
}

func readProof(payload []byte, key *jose.JSONWebKey) (p Proof, err error) {
	all, err := members(payload)
	if err != nil {
		return p, badProof("the payload of the proof is not plain JSON")
	}
	for name, into := range map[string]any{
		"jti": &p.ID, "htm": &p.Method, "htu": &p.URI, "iat": &p.Issued, "nonce": &p.Nonce, "ath": &p.AccessToken,
	} {
		if raw := all[name]; raw != nil && json.Unmarshal(raw, into) != nil {
			return Proof{}, badProof("%s of the proof is not of its type", name)
		}
	}
	if p.ID == "" || len(p.ID) > maxProofID || p.Method == "" || p.URI == "" || all["iat"] == nil {
		return Proof{}, badProof("the proof must have jti (at most %d bytes), htm, htu and iat", maxProofID)
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	p.Thumbprint = base64.RawURLEncoding.EncodeToString(sum)
	return p, err
}

// For tells whether the proof was made for this method and one of these
// addresses, without regard to query and fragment (RFC 9449, 4.3).
func (p Proof) For(method string, addresses ...string) bool {
	own, ok := target(p.URI)
	return ok && p.Method == method && slices.ContainsFunc(addresses, func(a string) bool {
		t, ok := target(a)
		return ok && t == own
	})
}

// target is an address in the one form in which equal ones are equal (RFC 3986,
// 6.2.2 and 6.2.3), without query and fragment.
func target(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	host := strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"https": ":443", "http": ":80"} {
		if u.Scheme == scheme {
			host = strings.TrimSuffix(strings.TrimSuffix(host, port), ":")
		}
	}
	return u.Scheme + "://" + host + path.Clean("/"+unescapeUnreserved(u.EscapedPath())), true
}

// unescapeUnreserved resolves the escapes of characters that need none (RFC
// 3986, 6.2.2.2), and writes all others in one way.
func unescapeUnreserved(escaped string) string {
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		if escaped[i] != '%' || i+2 >= len(escaped) {
			b.WriteByte(escaped[i])
			continue
		}
		one, err := url.PathUnescape(escaped[i : i+3])
		if err == nil && strings.Contains(unreserved, one) {
			b.WriteString(one)
		} else {
			b.WriteString(strings.ToUpper(escaped[i : i+3]))
		}
		i += 2
	}
	return b.String()
}
