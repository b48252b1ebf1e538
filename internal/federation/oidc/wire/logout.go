package wire

// Logout is a request to end the session (RP-Initiated Logout 1.0, 2).
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
