package notice

import "kapu/internal/law"

// Identification is what the gateway has just seen, as whoever tells people of it needs to know.
type Identification struct {
	Person, Account string // ids
	Method          law.Method
	Address         string // network address
	KnownDevice     bool
	Forbidden       bool   // the method is one that the person has forbidden: it led nowhere
	Service         string // id of the service that was reached by single sign-on
}
