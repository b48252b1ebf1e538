package catalogue

import (
	"crypto/ecdsa"
	"crypto/rsa"

	"github.com/go-jose/go-jose/v4"
)

// checkKeys looks at the client's keys: readable, public, and one for each
// thing that it says it does.
func checkKeys(o *OIDC) []string {
	switch {
	case o.JWKS != "" && o.JWKSURI != "":
		return wrong("jwks and jwks_uri: write one of them (RFC 7591, 2)")
	case o.JWKS == "" && o.JWKSURI == "":
		return checkKeyless(o)
	case o.JWKSURI != "":
		return checkFetched("jwks_uri", o.JWKSURI, o.PrivateNetwork)
	}
	set, err := ParseKeys([]byte(o.JWKS))
	if err != nil {
		return wrong("jwks: %v", err)
	}
	var faults []string
	for _, text := range CheckKeySet(o, set) {
		faults = append(faults, "jwks: "+text)
	}
	return faults
}

// checkKeyless says for what a client without keys needs some.
func checkKeyless(o *OIDC) (faults []string) {
	if o.RequestAlg != "" {
		faults = append(faults, "jwks or jwks_uri is missing: request_object_signing_alg needs keys")
	}
	if len(keyAlgsOf(o)) > 0 {
		faults = append(faults, "jwks or jwks_uri is missing: there is no key to encrypt to")
	}
	return faults
}

// CheckKeySet says what a client's keys lack for what the client is registered
// to do.
func CheckKeySet(o *OIDC, set *jose.JSONWebKeySet) (faults []string) {
	if len(set.Keys) == 0 {
		return wrong("there is no key that can be used: EC, RSA or Ed25519")
	}
	if algs := assertionAlgs(o); algs != nil && !hasKeyFor(set, algs) {
		faults = append(faults, "there is no key that signs client assertions")
	}
	if o.RequestAlg != "" && !hasKeyFor(set, []string{o.RequestAlg}) {
		faults = append(faults, "there is no key that signs request objects")
	}
	for _, alg := range keyAlgsOf(o) {
		if _, ok := KeyTo(set, alg); !ok {
			faults = append(faults, "there is no key to encrypt to by "+alg)
		}
	}
	kids := map[string]bool{}
	for _, k := range set.Keys {
		if k.KeyID != "" && kids[k.KeyID+" "+k.Use] {
			faults = append(faults, "two keys have the kid "+k.KeyID)
		}
		kids[k.KeyID+" "+k.Use] = true
	}
	return faults
}

func hasKeyFor(set *jose.JSONWebKeySet, algs []string) bool {
	for _, alg := range algs {
		if len(KeysFor(set, "", alg)) > 0 {
			return true
		}
	}
	return false
}

func assertionAlgs(o *OIDC) []string {
	switch {
	case o.AuthMethod != "private_key_jwt":
		return nil
	case o.AuthAlg != "":
		return []string{o.AuthAlg}
	}
	return SigningAlgs(o)
}

// keyAlgsOf are the algorithms by which the client wants to be encrypted to.
func keyAlgsOf(o *OIDC) (algs []string) {
	for _, alg := range []string{o.IDTokenKeyAlg, o.UserInfoKeyAlg, o.ResponseKeyAlg} {
		if alg != "" {
			algs = append(algs, alg)
		}
	}
	return algs
}

// KeyTo is the key to encrypt to: one that says that it is for encryption, or
// else one that says nothing of its use (RFC 7517, 4.2 and 4.4).
func KeyTo(set *jose.JSONWebKeySet, alg string) (key jose.JSONWebKey, ok bool) {
	for _, use := range []string{"enc", ""} {
		for _, k := range set.Keys {
			if k.Use == use && (k.Algorithm == "" || k.Algorithm == alg) && wraps(k.Key, alg) {
				return k, true
			}
		}
	}
	return key, false
}

func wraps(key any, alg string) bool {
	switch key.(type) {
	case *rsa.PublicKey:
		return alg == "RSA-OAEP-256"
	case *ecdsa.PublicKey:
		return alg != "RSA-OAEP-256"
	}
	return false
}

func checkEncryption(o *OIDC) (faults []string) {
	for _, e := range []struct{ of, alg, enc string }{
		{"id_token", o.IDTokenKeyAlg, o.IDTokenEncryption}, {"userinfo", o.UserInfoKeyAlg, o.UserInfoEncryption}, {"authorization", o.ResponseKeyAlg, o.ResponseEncryption},
	} {
		faults = append(faults, oneOf(e.of+"_encrypted_response_alg", e.alg, wrapping)...)
		faults = append(faults, oneOf(e.of+"_encrypted_response_enc", e.enc, encrypting)...)
		if e.enc != "" && e.alg == "" {
			faults = append(faults, e.of+"_encrypted_response_enc means nothing without "+e.of+"_encrypted_response_alg")
		}
	}
	return faults
}
