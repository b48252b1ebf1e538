package wire

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// AuthMethod is how a client proves who it is at the token endpoint (Core, 9).
type AuthMethod string

// The methods of client authentication.
const (
	SecretBasic AuthMethod = "client_secret_basic"
	SecretPost  AuthMethod = "client_secret_post"
	NoSecret    AuthMethod = "none" // a public client, held by PKCE
)

// Credentials are what a client says of itself.
type Credentials struct {
	Method AuthMethod
	ID     string
	Secret string
}

// TokenRequest is a request to the token endpoint (Core, 3.1.3.1).
type TokenRequest struct {
	Client      Credentials
	GrantType   string
	Code        string
	RedirectURI string
	Verifier    string
}

// AuthorizationCode is the one grant type on offer (RFC 6749, 4.1.3).
const AuthorizationCode = "authorization_code"

// ParseToken reads a token request: its form and its Authorization header, ""
// for none.
func ParseToken(form, authorization string) (TokenRequest, error) {
	p, err := ParseParameters(form)
	if err != nil {
		return TokenRequest{}, err
	}
	t := TokenRequest{GrantType: p.Get("grant_type"), Code: p.Get("code"), RedirectURI: p.Get("redirect_uri"), Verifier: p.Get("code_verifier")}
	t.Client, err = readClient(p, authorization)
	return t, err
}

// CheckGrant tells what is missing for the grant that is asked for. It comes
// after the client is known, so that strangers learn nothing.
func (t TokenRequest) CheckGrant() error {
	const section = "RFC 6749, 4.1.3"
	switch {
	case t.GrantType == "":
		return Refuse(InvalidRequest, section, "grant_type is missing")
	case t.GrantType != AuthorizationCode:
		return Refuse(UnsupportedGrantType, "RFC 6749, 5.2", "grant_type must be authorization_code")
	case t.Code == "":
		return Refuse(InvalidRequest, section, "code is missing")
	case t.RedirectURI == "":
		return Refuse(InvalidRequest, section, "redirect_uri is missing")
	}
	return nil
}

// readClient reads the client's credentials; it must use one method only (RFC
// 6749, 2.3).
func readClient(p Parameters, authorization string) (Credentials, error) {
	c := Credentials{Method: NoSecret, ID: p.Get("client_id"), Secret: p.Get("client_secret")}
	if c.Secret != "" {
		c.Method = SecretPost
	}
	if authorization == "" {
		if c.ID == "" {
			return c, Refuse(InvalidClient, "RFC 6749, 2.3", "client_id is missing")
		}
		return c, nil
	}
	if c.Secret != "" {
		return c, Refuse(InvalidRequest, "RFC 6749, 2.3", "the client uses more than one way to authenticate")
	}
	basic, err := parseBasic(authorization)
	if err == nil && c.ID != "" && c.ID != basic.ID {
		return c, Refuse(InvalidRequest, "RFC 6749, 2.3.1", "client_id differs from the one in the Authorization header")
	}
	return basic, err
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

// TokenResponse is the answer of the token endpoint (Core, 3.1.3.3).
type TokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
	IDToken     string `json:"id_token"`
	Scope       string `json:"scope"`
}

// ParseBearer reads an access token from the Authorization header or, where
// that is missing, from a form (RFC 6750, 2.1 and 2.2). A token in the address
// is refused: addresses are logged. "" means that there is none.
func ParseBearer(authorization, form string) (string, error) {
	p, err := ParseParameters(form)
	if err != nil {
		return "", err
	}
	inForm := p.Get("access_token")
	if authorization == "" {
		return inForm, nil
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	switch {
	case inForm != "":
		return "", Refuse(InvalidRequest, "RFC 6750, 2", "the token is sent in more than one way")
	case !strings.EqualFold(scheme, "Bearer") || len(token) > maxToken:
		return "", Refuse(InvalidRequest, "RFC 6750, 2.1", "the Authorization header is not one of the Bearer scheme")
	}
	return strings.TrimSpace(token), nil
}
