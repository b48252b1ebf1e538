package catalogue

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/law"
)

// Advice is what is wrong, or could be better, with a sound registration.
type Advice struct {
	Blocking bool   // people would be turned away
	Text     string // what it is and what to do
	Source   string // the standard's section, or ""
}

func (a Advice) String() string {
	mark := "could be better"
	if a.Blocking {
		mark = "will not work"
	}
	if a.Source != "" {
		return fmt.Sprintf("%s: %s (%s)", mark, a.Text, a.Source)
	}
	return mark + ": " + a.Text
}

// Reach tells the strongest level that a method reaches today.
type Reach func(law.Method) law.Level

// lints look at a sound registration, one thing each.
var lints = []func(*Service, Reach, time.Time) []Advice{
	reachable, english, groundless, matching, consenting, sectorless, openToAll, strayAddresses, pageless, loopback, secretSoonOver, strayLogout, nameless, saml, watched,
}

// Lint looks at a registration that is sound for what its users would find out otherwise.
func Lint(s *Service, reach Reach, now time.Time) (all []Advice) {
	for _, lint := range lints {
		all = append(all, lint(s, reach, now)...)
	}
	return all
}

func blocking(source, format string, args ...any) []Advice {
	return []Advice{{Blocking: true, Text: fmt.Sprintf(format, args...), Source: source}}
}

func advice(source, format string, args ...any) []Advice {
	return []Advice{{Text: fmt.Sprintf(format, args...), Source: source}}
}

func reachable(s *Service, reach Reach, _ time.Time) []Advice {
	methods := s.Method
	if len(methods) == 0 {
		methods = law.Methods()
	}
	if slices.ContainsFunc(methods, func(m law.Method) bool { return reach(m) >= s.MinimumLevel() }) {
		return nil
	}
	return blocking("Regulation (EU) 910/2014, article 8", "no method that it takes reaches level %s here: lower the level, or name other methods", s.Level)
}

func english(s *Service, _ Reach, _ time.Time) []Advice {
	if s.Name["en"] == "" {
		return advice("", "name.en is missing: English pages will show the Hungarian name")
	}
	return nil
}

func groundless(s *Service, _ Reach, _ time.Time) []Advice {
	if s.Ground != "" && len(s.Claims)+len(s.Match) == 0 {
		return advice("", "ground is given, but neither claims nor match: it will be told nothing but a pseudonym")
	}
	return nil
}

func sectorless(s *Service, _ Reach, _ time.Time) []Advice {
	identifying := []Claim{TaxNumber, TAJ, MotherBirthName}
	if s.Sector == "" || !slices.ContainsFunc(s.Claims, func(c Claim) bool { return slices.Contains(identifying, c) }) {
		return nil
	}
	return advice("OpenID Connect Core, 8.1", "it shares the pseudonyms of sector %q and is given identifying data: every service of the sector could learn whose they are", s.Sector)
}

func openToAll(s *Service, _ Reach, _ time.Time) []Advice {
	if s.Provisional && len(s.Claims) > 0 {
		return advice("", "it takes provisional registrations: the data of those people are their own word, look for \"provisional\": true in the ID token")
	}
	return nil
}

// strayAddresses are redirect addresses on another host than the service's own.
func strayAddresses(s *Service, _ Reach, _ time.Time) (found []Advice) {
	if s.OIDC == nil {
		return nil
	}
	own := hostOf(s.URL)
	for _, address := range slices.Concat(s.OIDC.RedirectURIs, s.OIDC.PostLogout) {
		if host := hostOf(address); host != own && !strings.HasSuffix(host, "."+own) && !strings.HasSuffix(own, "."+host) {
			found = append(found, advice("RFC 9700, 4.1", "%s is on another host than the service (%s): is it theirs?", address, own)...)
		}
	}
	return found
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// pageless are services that people leave without a way back.
func pageless(s *Service, _ Reach, _ time.Time) []Advice {
	if s.OIDC != nil && len(s.OIDC.PostLogout) == 0 {
		return advice("OpenID Connect RP-Initiated Logout, 3", "post_logout_redirect_uris is empty: whoever signs out there stays on our page")
	}
	return nil
}

func loopback(s *Service, _ Reach, _ time.Time) []Advice {
	if s.OIDC == nil || s.OIDC.Public() {
		return nil
	}
	for _, address := range s.OIDC.RedirectURIs {
		if strings.HasPrefix(address, "http://") {
			return advice("RFC 8252, 7.3", "%s works on the developer's own machine only", address)
		}
	}
	return nil
}

func secretSoonOver(s *Service, _ Reach, now time.Time) []Advice {
	if s.OIDC != nil && s.OIDC.FormerDigest != "" && now.Before(s.OIDC.FormerUntil) {
		return advice("", "the former secret still counts, until %s: make sure that the service has the new one by then", s.OIDC.FormerUntil.Format(time.RFC3339))
	}
	return nil
}

// strayLogout is an end of sessions that is told to another host than the
// service's: it learns which of its sessions ended.
func strayLogout(s *Service, _ Reach, _ time.Time) []Advice {
	if s.OIDC == nil || s.OIDC.BackchannelLogout == "" {
		return nil
	}
	to := hostOf(s.OIDC.BackchannelLogout)
	if to == hostOf(s.URL) || slices.ContainsFunc(s.OIDC.RedirectURIs, func(u string) bool { return hostOf(u) == to }) {
		return nil
	}
	return advice("Back-Channel Logout, 2.2", "%s is on another host than the service and its redirect_uris: is it theirs?", s.OIDC.BackchannelLogout)
}

// nameless are keys that cannot be told apart when one replaces another.
func nameless(s *Service, _ Reach, _ time.Time) []Advice {
	if s.OIDC == nil || s.OIDC.JWKS == "" {
		return nil
	}
	set, err := ParseKeys([]byte(s.OIDC.JWKS))
	if err != nil {
		return nil // the check has said so
	}
	return namelessKeys(set)
}

func namelessKeys(set *jose.JSONWebKeySet) []Advice {
	if slices.ContainsFunc(set.Keys, func(k jose.JSONWebKey) bool { return k.KeyID == "" }) {
		return advice("RFC 7517, 4.5", "a key has no kid: the service cannot change it without a pause")
	}
	return nil
}

// Sandboxed tells whether the service's exchanges are shown to its developers.
func (s *Service) Sandboxed() bool { return s.OIDC != nil && s.OIDC.Sandbox }

// watched is a sandbox of a service that is not on its developer's own machine.
func watched(s *Service, _ Reach, _ time.Time) []Advice {
	if !s.Sandboxed() || strings.HasPrefix(s.URL, "http://") {
		return nil
	}
	return advice("", "oidc.sandbox is true: whoever has a code sees what it sends and when, if no secrets and no people; take it out once it works")
}

// Fetch gets what is at an address that a service names.
type Fetch func(address string) ([]byte, error)

// LintLive looks at what a sound registration points to, as it is now.
func LintLive(s *Service, fetch Fetch) (found []Advice) {
	if s.OIDC == nil {
		return nil
	}
	if s.OIDC.JWKSURI != "" {
		found = append(found, lintKeysAt(s.OIDC, fetch)...)
	}
	for _, u := range s.OIDC.RequestURIs {
		if _, err := fetch(u); err != nil {
			found = append(found, advice("RFC 9101, 5.2", "request_uris: %v", err)...)
		}
	}
	return found
}

func lintKeysAt(o *OIDC, fetch Fetch) (found []Advice) {
	const section = "OpenID Connect Dynamic Client Registration, 2"
	text, err := fetch(o.JWKSURI)
	if err != nil {
		return blocking(section, "jwks_uri does not give its keys: %v", err)
	}
	set, err := ParseKeys(text)
	if err != nil {
		return blocking(section, "jwks_uri: %v", err)
	}
	for _, fault := range CheckKeySet(o, set) {
		found = append(found, blocking(section, "jwks_uri: %s", fault)...)
	}
	return append(found, namelessKeys(set)...)
}
