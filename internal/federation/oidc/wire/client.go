package wire

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// AuthMethod is how a client proves who it is at the endpoints for machines
// (Core, 9; RFC 8705, 2).
type AuthMethod string

// The methods of client authentication.
const (
	SecretBasic   AuthMethod = "client_secret_basic"
	SecretPost    AuthMethod = "client_secret_post"
	SecretJWT     AuthMethod = "client_secret_jwt"           // an assertion under the secret
	PrivateKeyJWT AuthMethod = "private_key_jwt"             // an assertion under a key of the client's
	TLS           AuthMethod = "tls_client_auth"             // a certificate that an authority vouches for
	SelfSignedTLS AuthMethod = "self_signed_tls_client_auth" // a certificate with a key of the client's
	NoSecret      AuthMethod = "none"                        // a public client, held by PKCE
)

// AuthMethods are all of them, as discovery lists them.
func AuthMethods() []AuthMethod {
	return []AuthMethod{SecretBasic, SecretPost, SecretJWT, PrivateKeyJWT, TLS, SelfSignedTLS, NoSecret}
}

// Credentials are what a client says of itself in a request. What it says by
// TLS is not among them: a client without any others may yet have a certificate.
type Credentials struct {
	Method    AuthMethod // of the two kinds of assertion, the one that its algorithm tells
	ID        string
	Secret    string
	Assertion string // a compact JWS that nobody has verified yet
}

// assertionType is the client_assertion_type of a JWT (RFC 7523, 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// ParseClient reads the credentials of a request: its form and its
// Authorization header, "" for none. A client must use one method only (RFC
// 6749, 2.3), and all that names it must name the same.
func ParseClient(p Parameters, authorization string) (Credentials, error) {
	c := Credentials{Method: NoSecret, ID: p.Get("client_id")}
	secret, assertion, kind := p.Get("client_secret"), p.Get("client_assertion"), p.Get("client_assertion_type")
	ways := 0
	for _, way := range []bool{authorization != "", secret != "", assertion != "" || kind != ""} {
		if way {
			ways++
		}
	}
	switch {
	case ways > 1:
		return c, Refuse(InvalidRequest, "RFC 6749, 2.3", "the client uses more than one way to authenticate")
	case secret != "":
		c.Method, c.Secret = SecretPost, secret
	case authorization != "":
		return c.named(parseBasic(authorization))
	case ways == 1 && kind != assertionType:
		return c, Refuse(InvalidRequest, "RFC 7523, 2.2", "client_assertion_type must be %s", assertionType)
	case ways == 1:
		return c.named(parseAssertion(assertion))
	}
	if c.ID == "" {
		return c, Refuse(InvalidClient, "RFC 6749, 2.3", "client_id is missing")
	}
	return c, nil
}

// named compares the client_id of the form, if it has one, with the one that
// the credentials name.
func (c Credentials) named(found Credentials, err error) (Credentials, error) {
	if err == nil && c.ID != "" && c.ID != found.ID {
		return c, Refuse(InvalidRequest, "RFC 6749, 2.3", "client_id differs from the one in the client's credentials")
	}
	return found, err
}

// parseBasic reads an Authorization header of the Basic scheme, whose two parts
// are form-urlencoded first (RFC 6749, 2.3.1; RFC 7617, 2).
func parseBasic(header string) (c Credentials, err error) {
	bad := Refuse(InvalidClient, "RFC 6749, 2.3.1", "the Authorization header is not one of the Basic scheme")
	scheme, rest, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") || len(rest) > maxParameter {
		return c, bad
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
	if err != nil {
		return c, bad
	}
	id, secret, ok := strings.Cut(string(raw), ":")
	if c.ID, err = url.QueryUnescape(id); err != nil || !ok || c.ID == "" {
		return Credentials{}, bad
	}
	if c.Secret, err = url.QueryUnescape(secret); err != nil || c.Secret == "" {
		return Credentials{}, bad
	}
	c.Method = SecretBasic
	return c, nil
}
