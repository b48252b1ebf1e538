package ledger

import "time"

var services = topic{"Services", []Event{ServiceRegistered{}, ServiceChanged{}, ServiceRemoved{}, ServiceSecretRotated{}, ServiceTokenMade{}}}

// ServiceRegistered is recorded when an operator has registered a service, or a service has registered by itself with an
// operator's token.
type ServiceRegistered struct {
	Service string `public:"service"` // id in the catalogue
	Digest  string `public:"digest"`  // SHA-256 of the registration, in hex
	Token   string `public:"token"`   // name of the operator's token; none for the operator's own registrations
}

// Kind names the event.
func (ServiceRegistered) Kind() string { return "service.registered" }

// ServiceChanged is recorded when an operator, or a service that registered by itself, has changed a service's
// registration; and when SAML metadata that are fetched have become others.
type ServiceChanged struct {
	Service string `public:"service"` // id in the catalogue
	Digest  string `public:"digest"`  // SHA-256 of the registration, or of the metadata, as it is now, in hex
}

// Kind names the event.
func (ServiceChanged) Kind() string { return "service.changed" }

// ServiceRemoved is recorded when an operator has removed a service, or one that registered by itself has left.
type ServiceRemoved struct {
	Service string `public:"service"` // id in the catalogue
}

// Kind names the event.
func (ServiceRemoved) Kind() string { return "service.removed" }

// ServiceSecretRotated is recorded when an operator has given a service another secret.
type ServiceSecretRotated struct {
	Service string `public:"service"` // id in the catalogue
}

// Kind names the event.
func (ServiceSecretRotated) Kind() string { return "service.secret-rotated" }

// ServiceTokenMade is recorded when an operator has made a token with which services may register by themselves.
type ServiceTokenMade struct {
	Token string    `public:"token"` // name of the token; it tells nothing of the token itself
	Uses  int       `public:"uses"`  // how many services may register with it
	Until time.Time `public:"until"` // when it ends
}

// Kind names the event.
func (ServiceTokenMade) Kind() string { return "service.token-made" }
