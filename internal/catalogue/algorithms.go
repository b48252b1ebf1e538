package catalogue

// The algorithms on offer, by what they do. "none" is nowhere among them, and
// neither is what can be broken (RFC 8725, 3.1 and 3.2).
var (
	signing     = []string{"ES256", "RS256", "PS256", "EdDSA"}
	fapiSigning = []string{"PS256", "ES256", "EdDSA"} // FAPI 2.0 Security Profile, 5.4.1
	wrapping    = []string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"}
	encrypting  = []string{"A128CBC-HS256", "A128GCM", "A256GCM"}
)

// SigningAlgs are the algorithms under which a client may sign, and be
// answered, by its profile.
func SigningAlgs(o *OIDC) []string {
	if o.FAPI() {
		return fapiSigning
	}
	return signing
}
