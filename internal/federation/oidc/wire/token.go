package wire

import "strings"

// TokenRequest is a request to the token endpoint (Core, 3.1.3.1 and 12.1; RFC
// 6749, 4.4.2 and 6).
type TokenRequest struct {
	GrantType    string
	Code         string
	RedirectURI  string
	Verifier     string
	RefreshToken string
	Scopes       []string // nil for all that were granted, or by default
}

// The grant types on offer.
const (
	AuthorizationCode = "authorization_code" // RFC 6749, 4.1.3
	RefreshToken      = "refresh_token"      // RFC 6749, 6
	ClientCredentials = "client_credentials" // RFC 6749, 4.4
)

// ReadToken reads the parameters of a token request, but for the client's
// credentials: [ParseClient] reads those.
func ReadToken(p Parameters) TokenRequest {
	return TokenRequest{
		GrantType: p.Get("grant_type"), Code: p.Get("code"), RedirectURI: p.Get("redirect_uri"), Verifier: p.Get("code_verifier"),
		RefreshToken: p.Get("refresh_token"), Scopes: strings.Fields(p.Get("scope")),
	}
}

// CheckGrant tells what is missing for the grant that is asked for. It comes
// after the client is known, so that strangers learn nothing.
func (t TokenRequest) CheckGrant() error {
	const codeSection, refreshSection = "RFC 6749, 4.1.3", "RFC 6749, 6"
	switch {
	case t.GrantType == "":
		return Refuse(InvalidRequest, codeSection, "grant_type is missing")
	case len(t.Scopes) > maxWords:
		return Refuse(InvalidRequest, "", "scope has too many values")
	case t.GrantType == AuthorizationCode && t.Code == "":
		return Refuse(InvalidRequest, codeSection, "code is missing")
	case t.GrantType == AuthorizationCode && t.RedirectURI == "":
		return Refuse(InvalidRequest, codeSection, "redirect_uri is missing")
	case t.GrantType == RefreshToken && t.RefreshToken == "":
		return Refuse(InvalidRequest, refreshSection, "refresh_token is missing")
	}
	return nil
}

// The types of access tokens: who has a token of the first may use it, a token
// of the second is bound to a key (RFC 6750; RFC 9449, 5).
const (
	Bearer = "Bearer"
	DPoP   = "DPoP"
)

// TokenResponse is the answer of the token endpoint (Core, 3.1.3.3).
type TokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// Confirmation is the key to which a token is bound: that of DPoP proofs (RFC
// 9449, 6.1) or that of a TLS certificate (RFC 8705, 3.1). Empty is unbound.
type Confirmation struct {
	JKT string `json:"jkt,omitempty"`      // RFC 7638 thumbprint, SHA-256
	X5T string `json:"x5t#S256,omitempty"` // of the certificate
}

// Presented is an access token as somebody presents it.
type Presented struct {
	Scheme string // Bearer or DPoP
	Token  string // "" for none
}

// ParseAccess reads an access token from the Authorization header or, where that
// is missing, from a form (RFC 6750, 2.1 and 2.2; RFC 9449, 7.1). A token in the
// address is refused: addresses are logged.
func ParseAccess(authorization, form string) (Presented, error) {
	p, err := ParseParameters(form)
	if err != nil {
		return Presented{}, err
	}
	inForm := p.Get("access_token")
	if authorization == "" {
		return Presented{Bearer, inForm}, nil
	}
	if inForm != "" {
		return Presented{}, Refuse(InvalidRequest, "RFC 6750, 2", "the token is sent in more than one way")
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	for _, known := range []string{Bearer, DPoP} {
		if strings.EqualFold(scheme, known) && len(token) <= maxToken {
			return Presented{known, strings.TrimSpace(token)}, nil
		}
	}
	return Presented{}, Refuse(InvalidRequest, "RFC 6750, 2.1", "the Authorization header is not one of the Bearer or DPoP scheme")
}
