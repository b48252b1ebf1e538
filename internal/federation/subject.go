package federation

import (
	"kapu/internal/catalogue"
	"kapu/internal/keys"
)

// Subject is the pseudonym by which the service's sector knows a person (OpenID
// Connect Core, 8.1; SAML 2.0 Core, 8.3.7): 43 characters of base64url,
// unlinkable across sectors without the key, and the same through every door. The
// ring keeps purpose and value apart, and ids hold no blank.
func Subject(ring *keys.Ring, s *catalogue.Service, person string) string {
	return ring.Digest("oidc/subject", s.SectorID()+" "+person)
}

// SessionName is the name by which the service knows a session (sid,
// SessionIndex). It is each service's own: a shared one would link what the
// pseudonyms keep apart.
func SessionName(ring *keys.Ring, s *catalogue.Service, session string) string {
	return ring.Digest("oidc/sid", s.ID+" "+session)
}
