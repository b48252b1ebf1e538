package catalogue

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"kapu/internal/outbound"
)

// clientRules are what a client's metadata must keep to, one thing each. They
// return what is wrong, beginning with the key that it is about.
var clientRules = []func(*OIDC) []string{
	checkName, checkGrants, checkRedirects, checkMethod, checkAssertionAlg, checkCertificateName, checkKeys, checkRequests, checkAnswers, checkEncryption,
	checkLogout, checkProfile,
}

func wrong(format string, args ...any) []string { return []string{fmt.Sprintf(format, args...)} }

// oneOf is what to say of a value that is not among those that are known; "" is.
func oneOf(key, value string, known []string) []string {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return wrong("%s: %q is not on offer, use one of %s", key, value, strings.Join(known, ", "))
}

// longestName bounds a client_id, in bytes.
const longestName = 256

func checkName(o *OIDC) []string {
	switch {
	case o.ClientID == "":
		return wrong("client_id is missing")
	case len(o.ClientID) > longestName || strings.ContainsFunc(o.ClientID, func(c rune) bool { return c <= ' ' || c > '~' }):
		return wrong("client_id must be printable ASCII without blanks, up to %d (RFC 6749, A.1)", longestName)
	}
	return nil
}

var grantTypes = []string{"authorization_code", "refresh_token", "client_credentials"}

// Grants tells whether the client may use a type of grant. Default: codes only.
func (o *OIDC) Grants(kind string) bool {
	if len(o.GrantTypes) == 0 {
		return kind == "authorization_code"
	}
	return slices.Contains(o.GrantTypes, kind)
}

func checkGrants(o *OIDC) (faults []string) {
	for _, g := range o.GrantTypes {
		faults = append(faults, oneOf("grant_types", g, grantTypes)...)
	}
	if o.Grants("refresh_token") && !o.Grants("authorization_code") {
		faults = append(faults, "grant_types: refresh_token needs authorization_code, which gives the first one")
	}
	if o.Grants("client_credentials") && o.Public() {
		faults = append(faults, "grant_types: client_credentials needs a client that proves who it is (RFC 6749, 4.4)")
	}
	return faults
}

func checkRedirects(o *OIDC) (faults []string) {
	if len(o.RedirectURIs) == 0 && o.Grants("authorization_code") {
		faults = append(faults, "redirect_uris is empty: where should answers go? (a client that only speaks for itself has grant_types: [client_credentials])")
	}
	for _, u := range slices.Concat(o.RedirectURIs, o.PostLogout) {
		if err := checkURL(u); err != nil {
			faults = append(faults, fmt.Sprintf("redirect %q: %v", u, err))
		}
	}
	return faults
}

// The methods by which a client proves who it is (wire.AuthMethods, by name:
// the catalogue knows no protocol).
var (
	methodsWithKeys   = []string{"private_key_jwt", "self_signed_tls_client_auth"}
	methodsWithTLS    = []string{"tls_client_auth", "self_signed_tls_client_auth"}
	methodsWithSecret = []string{"client_secret_basic", "client_secret_post"}
	methodsKnown      = slices.Concat(methodsWithSecret, []string{"client_secret_jwt", "private_key_jwt"}, methodsWithTLS, []string{"none"})
)

// NeedsSecret tells whether the method is one of those with a secret.
func (o *OIDC) NeedsSecret() bool {
	return o.AuthMethod == "client_secret_jwt" || slices.Contains(methodsWithSecret, o.AuthMethod)
}

func checkMethod(o *OIDC) []string {
	const key = "token_endpoint_auth_method"
	hasKeys, m := o.JWKS != "" || o.JWKSURI != "", o.AuthMethod
	switch {
	case m != "" && !slices.Contains(methodsKnown, m):
		return oneOf(key, m, methodsKnown)
	case slices.Contains(methodsWithSecret, m) && o.SecretDigest == "":
		return wrong("secret_digest is missing: %s needs a secret, `kapu admin secret` makes one", m)
	case m == "client_secret_jwt" && o.SealedSecret == "":
		return wrong("client_secret_sealed is missing: register it with `kapu admin service add`, which makes the secret and seals it")
	case slices.Contains(methodsWithKeys, m) && !hasKeys:
		return wrong("jwks or jwks_uri is missing: %s needs the client's public keys", m)
	case m != "" && !slices.Contains(methodsWithSecret, m) && o.SecretDigest != "":
		return wrong("secret_digest: a client of %s has no such secret, leave it out", m)
	case m != "client_secret_jwt" && o.SealedSecret != "":
		return wrong("client_secret_sealed is for client_secret_jwt alone")
	}
	return nil
}

func checkAssertionAlg(o *OIDC) []string {
	const key = "token_endpoint_auth_signing_alg"
	switch o.AuthMethod {
	case "private_key_jwt":
		return oneOf(key, o.AuthAlg, SigningAlgs(o))
	case "client_secret_jwt":
		return oneOf(key, o.AuthAlg, []string{"HS256"})
	}
	if o.AuthAlg != "" {
		return wrong("%s means something for private_key_jwt and client_secret_jwt only", key)
	}
	return nil
}

// checkCertificateName wants exactly one name (RFC 8705, 2.1.2).
func checkCertificateName(o *OIDC) []string {
	names := 0
	for _, n := range []string{o.TLSSubject, o.TLSName} {
		if n != "" {
			names++
		}
	}
	switch {
	case o.AuthMethod != "tls_client_auth" && names > 0:
		return wrong("tls_client_auth_subject_dn and tls_client_auth_san_dns are for tls_client_auth")
	case o.AuthMethod != "tls_client_auth":
		return nil
	case names != 1:
		return wrong("tls_client_auth_subject_dn or tls_client_auth_san_dns: write exactly one, the name in the client's certificate")
	case o.TLSName != "" && (strings.Trim(o.TLSName, hostLetters) != "" || !strings.Contains(o.TLSName, ".")):
		return wrong("tls_client_auth_san_dns: %q is not a host name", o.TLSName)
	case o.TLSName != "":
		return nil
	}
	if _, err := ParseDN(o.TLSSubject); err != nil {
		return wrong("tls_client_auth_subject_dn: %v", err)
	}
	return nil
}

const hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."

// checkRequests looks at how it asks.
func checkRequests(o *OIDC) (faults []string) {
	faults = oneOf("request_object_signing_alg", o.RequestAlg, SigningAlgs(o))
	for _, u := range o.RequestURIs {
		bare, _, _ := strings.Cut(u, "#") // a digest of what is there (Core, 6.2)
		faults = append(faults, checkFetched("request_uris", bare, o.PrivateNetwork)...)
	}
	if o.MaxAge < 0 {
		faults = append(faults, "default_max_age must be a number of seconds above 0, or left out")
	}
	return faults
}

// checkFetched looks at an address that we are to call.
func checkFetched(key, address string, private bool) []string {
	if address == "" {
		return nil
	}
	if err := outbound.Check(address, private); err != nil {
		hint := ""
		if !private && outbound.Check(address, true) == nil {
			hint = " (private_network: true allows loopback and private networks)"
		}
		return wrong("%s: %s: %v%s", key, address, err, hint)
	}
	return nil
}

func checkAnswers(o *OIDC) (faults []string) {
	for _, a := range []struct{ key, alg string }{
		{"id_token_signed_response_alg", o.IDTokenAlg}, {"userinfo_signed_response_alg", o.UserInfoAlg},
		{"authorization_signed_response_alg", o.ResponseAlg}, {"introspection_signed_response_alg", o.IntrospectionAlg},
	} {
		faults = append(faults, oneOf(a.key, a.alg, SigningAlgs(o))...)
	}
	return faults
}

// checkLogout looks at how it is told of the end of a session.
func checkLogout(o *OIDC) (faults []string) {
	faults = checkFetched("backchannel_logout_uri", o.BackchannelLogout, o.PrivateNetwork)
	if o.FrontchannelLogout != "" {
		if err := checkURL(o.FrontchannelLogout); err != nil {
			faults = append(faults, fmt.Sprintf("frontchannel_logout_uri: %v", err))
		} else if !slices.ContainsFunc(o.RedirectURIs, func(u string) bool { return originOf(u) == originOf(o.FrontchannelLogout) }) {
			faults = append(faults, "frontchannel_logout_uri must have scheme, host and port of one of redirect_uris (Front-Channel Logout, 2)")
		}
	}
	if o.BackchannelSession && o.BackchannelLogout == "" || o.FrontchannelSession && o.FrontchannelLogout == "" {
		faults = append(faults, "…_logout_session_required: the logout address that it is about is missing")
	}
	return faults
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

// checkProfile wants of a client what its profile does (FAPI 2.0 Security
// Profile, 5.3.2 and 5.4; Message Signing, 5.3).
func checkProfile(o *OIDC) (faults []string) {
	if !o.FAPI() {
		return oneOf("profile", o.Profile, []string{FAPISecurity, FAPISigning})
	}
	if o.AuthMethod != "private_key_jwt" && !slices.Contains(methodsWithTLS, o.AuthMethod) {
		faults = append(faults, "profile: FAPI 2.0 takes clients with private_key_jwt, tls_client_auth or self_signed_tls_client_auth only: set token_endpoint_auth_method")
	}
	if !o.RequirePAR && o.Grants("authorization_code") {
		faults = append(faults, "profile: FAPI 2.0 has requests pushed only: set require_pushed_authorization_requests: true")
	}
	if !o.DPoPBound && !o.TLSBound {
		faults = append(faults, "profile: FAPI 2.0 binds tokens to a key: set dpop_bound_access_tokens or tls_client_certificate_bound_access_tokens: true")
	}
	for _, u := range o.RedirectURIs {
		if !strings.HasPrefix(u, "https://") {
			faults = append(faults, fmt.Sprintf("profile: FAPI 2.0 has https addresses only, not %s", u))
		}
	}
	return faults
}
