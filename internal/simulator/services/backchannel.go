package services

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	logoutType  = "logout+jwt" // of a logout token
	maxLogout   = 16 << 10     // bytes of the gateway's form
	logoutAlg   = jose.ES256   // for which the parties are registered: the gateway's default
	logoutField = "logout_token"
)

// hear takes the gateway's word that a session has ended (Back-Channel Logout
// 1.0, 2.5 and 2.8).
func (s *Service) hear(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxLogout)
	token, err := s.verifyLogout(r, r.PostFormValue(logoutField))
	if err != nil {
		s.Log.Warn("demo service: no logout token", "service", s.Party.ID, "cause", err)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_request"}`)) // nobody is left to tell
		return
	}
	s.sessions.endThose(token.SessionID, token.Subject)
}

// verifyLogout checks a logout token (Back-Channel Logout 1.0, 2.6): the library
// looks at signature, issuer, audience, times, the event, sub or sid and that
// there is no nonce; the type and that it is the first of its name are left to us.
func (s *Service) verifyLogout(r *http.Request, text string) (*oidc.LogoutToken, error) {
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{logoutAlg})
	if err != nil {
		return nil, err
	}
	if typ := signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]; typ != logoutType {
		return nil, errors.New("the token is of another type")
	}
	gateway, err := s.gateway(r.Context())
	if err != nil {
		return nil, err
	}
	config := &oidc.Config{ClientID: s.Party.ClientID, Now: s.Now, SupportedSigningAlgs: []string{string(logoutAlg)}}
	token, err := gateway.Verifier(config).VerifyLogout(s.outbound(r.Context()), text)
	if err != nil {
		return nil, err
	}
	if !s.heard.first(token.TokenID, token.Expiry, s.Now()) {
		return nil, errors.New("the token was used before")
	}
	return token, nil
}

// names are those of tokens that were used, while they could be used again.
type names struct {
	mu   sync.Mutex
	used map[string]time.Time // until when
}

// first tells whether a name was not used before, and notes it.
func (n *names) first(name string, until, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for old, over := range n.used {
		if now.After(over) {
			delete(n.used, old)
		}
	}
	_, known := n.used[name]
	n.used[name] = until
	return !known
}
