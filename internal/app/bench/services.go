package bench

import (
	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/law"
)

// rsaID is the client that differs from the other only in the algorithm under
// which its ID tokens are signed.
const rsaID = "bench-rs256"

// services are the clients of a measurement. Both have the same secret.
func (w *world) services(ring *keys.Ring) (all []*catalogue.Service) {
	for id, alg := range map[string]string{clientID: "", rsaID: keys.RS256} {
		all = append(all, &catalogue.Service{
			ID: id, Name: map[string]string{"hu": "Mérés", "en": "Measurement"}, URL: "http://127.0.0.1:1/", Level: law.Substantial.String(),
			Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate}, Ground: "measurement",
			OIDC: &catalogue.OIDC{
				ClientID: id, SecretDigest: ring.Digest("client-secret", w.Secret), RedirectURIs: []string{redirectURI}, IDTokenAlg: alg,
				GrantTypes: []string{"authorization_code", "refresh_token", "client_credentials"},
			},
		})
	}
	return append(all, w.parties()...)
}
