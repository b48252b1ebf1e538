package provider

import (
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// Bounds of a signed request under FAPI (FAPI 2.0 Message Signing, 5.3.1).
const longestObject = time.Hour // from nbf to exp, and from nbf to now

// fapiRule is a demand of the FAPI 2.0 profiles on an authorization request.
type fapiRule struct {
	profile string // catalogue.FAPISecurity, or FAPISigning for that one only
	code    string // error of who does not meet it
	section string
	text    string // what is demanded
	met     func(a *ask, now time.Time) bool
}

// fapiRules is the check list. What the profiles demand of registrations (https,
// algorithms, ways to authenticate) is in catalogue, of client authentication in
// assertion.go and mutual.go, of tokens in dpop.go. Whatever the profile, codes
// live for a minute and once, redirects are 303, no address is gone to that is
// not registered, and every response tells its issuer.
var fapiRules = []fapiRule{
	{catalogue.FAPISecurity, wire.InvalidRequest, "FAPI 2.0 Security Profile, 5.3.2.1", "the client must not be public",
		func(a *ask, _ time.Time) bool { return !a.service.OIDC.Public() }},
	{catalogue.FAPISecurity, wire.InvalidRequest, "FAPI 2.0 Security Profile, 5.3.2.2", "the request must be pushed",
		func(a *ask, _ time.Time) bool { return a.pushed != "" }},
	{catalogue.FAPISecurity, wire.InvalidRequest, "FAPI 2.0 Security Profile, 5.3.2.2", "code_challenge is missing: PKCE is required, with S256",
		func(a *ask, _ time.Time) bool { return a.q.Challenge != "" }},
	{catalogue.FAPISecurity, wire.InvalidRequest, "FAPI 2.0 Security Profile, 5.3.2.2", "redirect_uri is missing",
		func(a *ask, _ time.Time) bool { return a.q.RedirectURI != "" }},
	{catalogue.FAPISigning, wire.InvalidRequest, "FAPI 2.0 Message Signing, 5.3.1", "the request must be a signed request object",
		func(a *ask, _ time.Time) bool { return a.signed }},
	{catalogue.FAPISigning, wire.InvalidRequestObject, "FAPI 2.0 Message Signing, 5.3.1", "aud is missing",
		func(a *ask, _ time.Time) bool { return a.object == nil || len(a.object.Audience) > 0 }},
	{catalogue.FAPISigning, wire.InvalidRequestObject, "FAPI 2.0 Message Signing, 5.3.1", "nbf is missing, or more than an hour ago",
		func(a *ask, now time.Time) bool {
			return a.object == nil || a.object.NotBefore >= seconds(now.Add(-longestObject))
		}},
	{catalogue.FAPISigning, wire.InvalidRequestObject, "FAPI 2.0 Message Signing, 5.3.1", "exp is missing, or more than an hour after nbf",
		func(a *ask, _ time.Time) bool {
			return a.object == nil || a.object.Expires != 0 && a.object.Expires <= a.object.NotBefore+longestObject.Seconds()
		}},
	{catalogue.FAPISigning, wire.InvalidRequest, "FAPI 2.0 Message Signing, 5.4.1", "response_mode must be jwt: responses are signed",
		func(a *ask, _ time.Time) bool { return a.q.Mode.Signed() }},
}

// checkFAPI holds the request to the profile that its client is bound to.
func (a *ask) checkFAPI(now time.Time) error {
	o := a.service.OIDC
	if !o.FAPI() {
		return nil
	}
	for _, rule := range fapiRules {
		if (rule.profile == catalogue.FAPISecurity || o.Profile == rule.profile) && !rule.met(a, now) {
			return wire.Refuse(rule.code, rule.section, "%s", rule.text)
		}
	}
	return nil
}
