package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
)

// The encryption on offer, as discovery lists it (RFC 7518, 4.1 and 5.1).
// RSAES-PKCS1-v1_5 is left out: it is open to padding oracles (RFC 8725, 3.2).
var (
	keyAlgs        = []jose.KeyAlgorithm{jose.RSA_OAEP_256, jose.ECDH_ES, jose.ECDH_ES_A128KW, jose.ECDH_ES_A256KW}
	encryptionAlgs = []jose.ContentEncryption{jose.A128CBC_HS256, jose.A128GCM, jose.A256GCM}
)

// defaultEncryption stands where a client names only how the key is wrapped
// (Dynamic Client Registration 1.0, 2).
const defaultEncryption = string(jose.A128CBC_HS256)

// contentJWT tells that what is encrypted is itself a JWT (RFC 7519, 5.2).
const contentJWT = "JWT"

// leastRSA is the least size of a modulus, in bytes (RFC 7518, 4.3).
const leastRSA = 2048 / 8

// speak makes a JWT for a service: signed under alg, "" for the default, and
// then, if the service wants it (keyAlg is not ""), encrypted to its key.
func (p *Provider) speak(ctx context.Context, service *catalogue.Service, alg, keyAlg, enc, typ string, payload []byte) (string, error) {
	signed, err := p.sign(orDefault(alg), typ, payload)
	if err != nil || keyAlg == "" {
		return signed, err
	}
	return p.encrypt(ctx, service.OIDC, keyAlg, enc, contentJWT, []byte(signed))
}

// encrypt makes a compact JWE (RFC 7516, 7.1) to a key of the client's. enc is
// "" for the default of the standard; cty, the type of what is encrypted, is ""
// for anything but a JWT. Without a fitting key it errs: nothing that a client
// wants encrypted ever goes out in clear.
func (p *Provider) encrypt(ctx context.Context, o *catalogue.OIDC, keyAlg, enc, cty string, payload []byte) (string, error) {
	key, err := p.recipient(ctx, o, jose.KeyAlgorithm(keyAlg))
	if err != nil {
		return "", err
	}
	if enc == "" {
		enc = defaultEncryption
	}
	options := &jose.EncrypterOptions{}
	if cty != "" {
		options.WithContentType(jose.ContentType(cty))
	}
	encrypter, err := jose.NewEncrypter(jose.ContentEncryption(enc), jose.Recipient{Algorithm: jose.KeyAlgorithm(keyAlg), Key: key.Key, KeyID: key.KeyID}, options)
	if err != nil {
		return "", err
	}
	sealed, err := encrypter.Encrypt(payload)
	if err != nil {
		return "", err
	}
	return sealed.CompactSerialize()
}

// recipient is the client's key for an algorithm, which it may have published
// since we looked last.
func (p *Provider) recipient(ctx context.Context, o *catalogue.OIDC, alg jose.KeyAlgorithm) (jose.JSONWebKey, error) {
	for _, get := range []func(context.Context, *catalogue.OIDC) (*jose.JSONWebKeySet, error){p.clientKeys, p.clientKeysAgain} {
		set, err := get(ctx, o)
		if err != nil {
			return jose.JSONWebKey{}, err
		}
		if key, ok := recipientOf(set, alg); ok {
			return key, nil
		}
	}
	return jose.JSONWebKey{}, fmt.Errorf("oidc: client %s has no key to encrypt to by %s", o.ClientID, alg)
}

// recipientOf finds a key that says that it is for encryption, or else one that
// says nothing of its use (RFC 7517, 4.2 and 4.4).
func recipientOf(set *jose.JSONWebKeySet, alg jose.KeyAlgorithm) (key jose.JSONWebKey, ok bool) {
	if !slices.Contains(keyAlgs, alg) {
		return key, false
	}
	for _, use := range []string{"enc", ""} {
		for _, k := range set.Keys {
			if k.Use == use && (k.Algorithm == "" || k.Algorithm == string(alg)) && wraps(k.Key, alg) {
				return k, true
			}
		}
	}
	return key, false
}

// wraps tells whether a key is of the kind that the algorithm needs.
func wraps(key any, alg jose.KeyAlgorithm) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return alg == jose.RSA_OAEP_256 && k.Size() >= leastRSA
	case *ecdsa.PublicKey:
		return alg != jose.RSA_OAEP_256
	}
	return false
}
