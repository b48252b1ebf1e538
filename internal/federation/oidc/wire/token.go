package wire

import "strings"

// TokenRequest is a request to the token endpoint (Core, 3.1.3.1).
type TokenRequest struct {
	GrantType   string
	Code        string
	RedirectURI string
	Verifier    string
}

// AuthorizationCode is the one grant type on offer (RFC 6749, 4.1.3).
const AuthorizationCode = "authorization_code"

// ReadToken reads the parameters of a token request, but for the client's
// credentials: [ParseClient] reads those.
func ReadToken(p Parameters) TokenRequest {
	return TokenRequest{GrantType: p.Get("grant_type"), Code: p.Get("code"), RedirectURI: p.Get("redirect_uri"), Verifier: p.Get("code_verifier")}
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
