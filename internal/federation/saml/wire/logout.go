package wire

import "time"

// LogoutRequest asks to end a session (SAML Core, 3.7.1).
type LogoutRequest struct {
	Header
	Reason       string    // "" for none
	NotOnOrAfter time.Time // zero for none
	NameID       NameID
	Sessions     []string // SessionIndex; none means all sessions of the subject
}

// LogoutResponse says how it went (SAML Core, 3.7.2).
type LogoutResponse struct {
	Header
	Status Status
}

// ReadLogoutRequest reads a LogoutRequest. On an answerable error the header is there.
func ReadLogoutRequest(d *Document) (LogoutRequest, error) { return LogoutRequest{}, errNotYet }

// ReadLogoutResponse reads a LogoutResponse.
func ReadLogoutResponse(d *Document) (LogoutResponse, error) { return LogoutResponse{}, errNotYet }

// Write writes the request, signed in itself by s; nil leaves it unsigned, as the
// Redirect binding wants it.
func (q LogoutRequest) Write(s *Signer) ([]byte, error) { return nil, errNotYet }

// Write writes the response, signed in itself by s unless that is nil.
func (r LogoutResponse) Write(s *Signer) ([]byte, error) { return nil, errNotYet }
