package ledger

var services = topic{"Services", []Event{ServiceRegistered{}, ServiceChanged{}, ServiceRemoved{}, ServiceSecretRotated{}}}

// ServiceRegistered is recorded when an operator has registered a service.
type ServiceRegistered struct {
	Service string `public:"service"` // id in the catalogue
	Digest  string `public:"digest"`  // SHA-256 of the registration, in hex
}

// Kind names the event.
func (ServiceRegistered) Kind() string { return "service.registered" }

// ServiceChanged is recorded when an operator has changed a service's registration.
type ServiceChanged struct {
	Service string `public:"service"` // id in the catalogue
	Digest  string `public:"digest"`  // SHA-256 of the registration as it is now, in hex
}

// Kind names the event.
func (ServiceChanged) Kind() string { return "service.changed" }

// ServiceRemoved is recorded when an operator has removed a service.
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
