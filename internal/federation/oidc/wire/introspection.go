package wire

// Introspection is what is said of a token (RFC 7662, 2.2; RFC 9470, 6.2 for acr
// and auth_time). Times are in seconds. Of a token that does not count nothing is
// said but that: everything else is empty.
type Introspection struct {
	Active       bool          `json:"active"`
	Scope        string        `json:"scope,omitempty"`
	ClientID     string        `json:"client_id,omitempty"`
	TokenType    string        `json:"token_type,omitempty"` // "" for a refresh token
	Subject      string        `json:"sub,omitempty"`        // "" for a token that concerns nobody
	Actor        *Actor        `json:"act,omitempty"`        // who acts for the subject (RFC 8693, 4.1)
	Issuer       string        `json:"iss,omitempty"`
	Expires      int64         `json:"exp,omitempty"`
	Issued       int64         `json:"iat,omitempty"`
	ACR          string        `json:"acr,omitempty"`
	AuthTime     int64         `json:"auth_time,omitempty"`
	Confirmation *Confirmation `json:"cnf,omitempty"` // RFC 7800, 3.1
}

// SignedIntrospection is the payload of a signed answer (RFC 9701, 5).
type SignedIntrospection struct {
	Issuer   string        `json:"iss"`
	Audience string        `json:"aud"`
	Issued   int64         `json:"iat"`
	Said     Introspection `json:"token_introspection"`
}

// The type of a signed answer, as a JWT's typ and as a media type (RFC 9701, 4 and 5).
const (
	TypIntrospection   = "token-introspection+jwt"
	MediaIntrospection = "application/" + TypIntrospection
)
