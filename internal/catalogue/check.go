package catalogue

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kapu/internal/law"
)

var idShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}$`)

// check returns everything that is wrong with a registration, in words for the
// person who wrote it.
func (s *Service) check() (faults []error) {
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("service %q: "+format, append([]any{s.ID}, args...)...))
	}
	if !idShape.MatchString(s.ID) {
		fault("id must be 2 to 63 of a–z, 0–9 and hyphen")
	}
	if s.Name["hu"] == "" {
		fault("name.hu is missing: citizens must read who asks")
	}
	if level, err := law.ParseLevel(s.Level); err != nil || level == law.NoLevel {
		fault("level must be low, substantial or high, not %q", s.Level)
	}
	if s.Provisional && s.MinimumLevel() > law.Low {
		fault("provisional registrations reach level low only: set level: low, or leave provisional out")
	}
	if s.Mandates && s.MinimumLevel() < law.Substantial {
		fault("mandates: nobody acts for another below level substantial: set level: substantial, or leave mandates out")
	}
	if s.Sector != "" && !idShape.MatchString(s.Sector) {
		fault("sector must be 2 to 63 of a–z, 0–9 and hyphen")
	}
	if s.OIDC != nil && s.OIDC.RegistrationDigest != "" && len(s.Claims)+len(s.ConsentClaims)+len(s.Match) > 0 {
		fault("claims: it registered by itself and may change where answers go: leave oidc.registration_token_digest out, and it is yours")
	}
	faults = append(faults, s.checkRelease()...)
	if s.Kind != "" && !slices.Contains(Kinds(), s.Kind) {
		fault("kind must be one of %s, not %q", strings.Join(Kinds(), ", "), s.Kind)
	}
	for _, m := range s.Method {
		if !slices.Contains(law.Methods(), m) {
			fault("method %q is not known", m)
		}
	}
	if err := checkURL(s.URL); err != nil {
		fault("url: %v", err)
	}
	if s.OIDC != nil {
		faults = append(faults, s.OIDC.check(s.ID)...)
	}
	if s.SAML != nil {
		faults = append(faults, s.SAML.check(s.ID)...)
	}
	return faults
}

// check returns what is wrong with a client, rule by rule.
func (o *OIDC) check(id string) (faults []error) {
	for _, rule := range clientRules {
		for _, text := range rule(o) {
			faults = append(faults, fmt.Errorf("service %q: oidc.%s", id, text))
		}
	}
	return faults
}

// checkURL accepts https everywhere and http on the loopback only (RFC 8252, 7.3).
func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("is not an absolute web address")
	case u.Fragment != "" || strings.Contains(address, "#"):
		return fmt.Errorf("must have no fragment (RFC 6749, 3.1.2)")
	case u.User != nil:
		return fmt.Errorf("must have no user name in it")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname()):
		return nil
	}
	return fmt.Errorf("must begin with https:// (http:// only on this machine)")
}
