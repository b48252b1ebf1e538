package provider

import (
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
)

// signatureAlgs are the algorithms under which we sign, the default first.
var signatureAlgs = []jose.SignatureAlgorithm{jose.ES256, jose.RS256, jose.PS256, jose.EdDSA}

// Algorithms are those that clients may choose beside the default.
func Algorithms() []string { return []string{keys.RS256, keys.PS256, keys.EdDSA} }

// AlgorithmsOf are those under which the services' clients are to be answered.
func AlgorithmsOf(services []*catalogue.Service) (algs []string) {
	for _, s := range services {
		if s.OIDC != nil {
			algs = append(algs, idTokenAlg(s.OIDC), orDefault(s.OIDC.UserInfoAlg), orDefault(s.OIDC.ResponseAlg), orDefault(s.OIDC.IntrospectionAlg))
		}
	}
	return algs
}

// idTokenAlg is the algorithm under which a client's ID tokens are signed.
func idTokenAlg(o *catalogue.OIDC) string { return orDefault(o.IDTokenAlg) }

func orDefault(alg string) string {
	if alg == "" {
		return keys.ES256
	}
	return alg
}

// typJWT is the type of a plain JWT (RFC 7519, 5.1).
const typJWT = "JWT"

// sign makes a compact JWS (RFC 7515, 7.1) of a payload, under the active key
// of the algorithm; typ is its type (RFC 8725, 3.11).
func (p *Provider) sign(alg, typ string, payload []byte) (string, error) {
	s, err := p.signer(alg, typ)
	if err != nil {
		return "", err
	}
	text := make([]byte, 0, len(s.header)+2*len(payload)+maxSignature)
	text = base64.RawURLEncoding.AppendEncode(append(text, s.header...), payload)
	signature, err := s.key.SignPayload(text, jose.SignatureAlgorithm(alg))
	if err != nil {
		return "", err
	}
	return string(base64.RawURLEncoding.AppendEncode(append(text, '.'), signature)), nil
}

// maxSignature is room for the longest signature, of RSA with 2048 bits, encoded.
const maxSignature = 352

// signerName is what a signer is made for, once.
type signerName struct{ kid, typ string }

// signer is a key with the header of all that it signs, encoded, and its dot.
type signer struct {
	header string
	key    jose.OpaqueSigner
}

// signer is the signer of the active key.
func (p *Provider) signer(alg, typ string) (*signer, error) {
	set := p.Keys.Of(alg)
	if set == nil {
		return nil, fmt.Errorf("oidc: no key for %s", alg)
	}
	kid, key := set.Active(p.Broker.Now())
	name := signerName{kid, typ}
	if known, ok := p.signers.Load(name); ok {
		return known.(*signer), nil
	}
	header, err := json.Marshal(map[string]string{"alg": alg, "kid": kid, "typ": typ})
	if err != nil {
		return nil, err
	}
	s := &signer{base64.RawURLEncoding.EncodeToString(header) + ".", cryptosigner.Opaque(salted{key})}
	p.signers.Store(name, s)
	return s, nil
}

// salted is a key that salts its PSS signatures as RFC 7518, 3.5 wants: by as many
// bytes as the hash has. The library leaves it to the key, which takes as many as
// it can, and other libraries than it refuse that.
type salted struct{ crypto.Signer }

// Sign implements crypto.Signer.
func (s salted) Sign(random io.Reader, digest []byte, options crypto.SignerOpts) ([]byte, error) {
	if pss, ok := options.(*rsa.PSSOptions); ok {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: pss.Hash}
	}
	return s.Signer.Sign(random, digest, options)
}

// readHint reads an ID token of ours that a service gives back. It may be over,
// and signed by a key that is retired, but must be whole (Core, 3.1.2.1).
func (p *Provider) readHint(token string) (hint wire.IDToken, ok bool) {
	signed, err := jose.ParseSignedCompact(token, signatureAlgs)
	if err != nil {
		return hint, false
	}
	published, header := p.Keys.Published(p.Broker.Now()), signed.Signatures[0].Header
	i := slices.IndexFunc(published, func(k rotation.PublicKey) bool { return k.KID == header.KeyID && k.Alg == header.Algorithm })
	if i < 0 {
		return hint, false
	}
	payload, err := signed.Verify(published[i].Key)
	if err != nil || json.Unmarshal(payload, &hint) != nil || hint.Issuer != p.Issuer || !isIDToken(header, hint) {
		return wire.IDToken{}, false
	}
	return hint, true
}

// isIDToken tells an ID token from what else we sign for the same service: logout
// tokens have another type, answers no subject, user info no end (RFC 8725, 3.12).
func isIDToken(header jose.Header, said wire.IDToken) bool {
	return header.ExtraHeaders[jose.HeaderType] == typJWT && said.Subject != "" && said.Expires != 0
}
