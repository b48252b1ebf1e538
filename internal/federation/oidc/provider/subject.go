package provider

import "kapu/internal/catalogue"

// subject is the pseudonym by which the service's sector knows a person (Core,
// 8.1): 43 characters of base64url, unlinkable across sectors without the key.
// The ring keeps purpose and value apart, and ids hold no blank.
func (p *Provider) subject(s *catalogue.Service, person string) string {
	return p.Broker.Ring.Digest("oidc/subject", s.SectorID()+" "+person)
}

// sessionID is the name by which the service knows a session (sid). It is each
// service's own: a shared one would link what the pseudonyms keep apart.
func (p *Provider) sessionID(s *catalogue.Service, session string) string {
	return p.Broker.Ring.Digest("oidc/sid", s.ID+" "+session)
}
