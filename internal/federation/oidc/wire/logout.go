package wire

import "encoding/json"

// Logout is a request to end the session (RP-Initiated Logout 1.0, 2). Of its
// parameters, logout_hint is taken and not used: the session that could end is
// that of this browser, whoever it is said to belong to; and ui_locales is read
// where every page's language is.
type Logout struct {
	IDTokenHint string
	ClientID    string
	RedirectURI string // post_logout_redirect_uri
	State       string
}

// ParseLogout reads a request to end the session.
func ParseLogout(raw string) (Logout, error) {
	p, err := ParseParameters(raw)
	return Logout{IDTokenHint: p.Get("id_token_hint"), ClientID: p.Get("client_id"),
		RedirectURI: p.Get("post_logout_redirect_uri"), State: p.Get("state")}, err
}

// ReturnURL is where the browser goes afterwards (RP-Initiated Logout 1.0, 3).
func (l Logout) ReturnURL() string {
	if l.State == "" {
		return l.RedirectURI
	}
	return AddQuery(l.RedirectURI, Field{"state", l.State})
}

// FrameURL is the address that a browser loads for a service to hear of the end
// of a session by the front channel (Front-Channel Logout 1.0, 2).
func FrameURL(logoutURI, issuer, sessionID string) string {
	return AddQuery(logoutURI, Field{"iss", issuer}, Field{"sid", sessionID})
}

// LogoutToken is the payload of a logout token (Back-Channel Logout 1.0, 2.4).
// It never has a nonce, so that no ID token passes for one. Times are in seconds.
type LogoutToken struct {
	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	Audience  string `json:"aud"`
	Issued    int64  `json:"iat"`
	Expires   int64  `json:"exp"`
	ID        string `json:"jti"`
	SessionID string `json:"sid"`
}

// TypLogout is the type of a logout token (Back-Channel Logout 1.0, 2.4).
const TypLogout = "logout+jwt"

// logoutEvents says that the token is about a logout (RFC 8417, 2.2).
var logoutEvents = map[string]struct{}{"http://schemas.openid.net/event/backchannel-logout": {}}

// Payload is the token's JSON.
func (t LogoutToken) Payload() ([]byte, error) {
	return json.Marshal(struct {
		LogoutToken
		Events map[string]struct{} `json:"events"`
	}{t, logoutEvents})
}
