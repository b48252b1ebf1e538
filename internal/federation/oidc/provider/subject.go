package provider

import (
	"kapu/internal/catalogue"
	"kapu/internal/federation"
)

// subject is the pseudonym by which the service's sector knows a person (Core, 8.1).
func (p *Provider) subject(s *catalogue.Service, person string) string {
	return federation.Subject(p.Broker.Ring, s, person)
}

// sessionID is the name by which the service knows a session (sid).
func (p *Provider) sessionID(s *catalogue.Service, session string) string {
	return federation.SessionName(p.Broker.Ring, s, session)
}
