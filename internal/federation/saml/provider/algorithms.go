package provider

import (
	"kapu/internal/catalogue"
	"kapu/internal/keys"
)

// AlgorithmsOf are those under which the services are to be answered, by the
// names of package keys.
func AlgorithmsOf(services []*catalogue.Service) (algs []string) {
	for _, s := range services {
		if s.SAML != nil {
			algs = append(algs, keyOf(s.SAML))
		}
	}
	return algs
}

// keyOf is the kind of key that signs for a service.
func keyOf(m *catalogue.SAML) string {
	if m.Algorithm() == catalogue.ECDSASHA256 {
		return keys.ES256
	}
	return keys.RS256
}
