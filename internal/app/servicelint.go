package app

import (
	"context"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/outbound"
)

// LintService looks at a sound registration for what its users would find out otherwise; live also fetches what it
// points to.
func (a *App) LintService(ctx context.Context, s *catalogue.Service, live bool) []catalogue.Advice {
	if known, err := a.withMetadata(ctx, s, live); err == nil { // what is wrong with them is told otherwise
		s = known
	}
	rules := authn.RulesAt(a.Law, a.Now())
	reach := func(m law.Method) law.Level {
		method, _ := rules.Method(m)
		return method.Level
	}
	found := slices.Concat(catalogue.Lint(s, reach, a.Now()), a.lintCertificates(s), a.lintAlgorithms(s))
	if live {
		client := outbound.New(outbound.Config{Private: s.OIDC != nil && s.OIDC.PrivateNetwork, Now: a.Now})
		fetch := func(address string) ([]byte, error) { return client.Get(ctx, address, "*/*") }
		found = append(found, catalogue.LintLive(s, fetch)...)
	}
	return found
}

// lintCertificates tells whether this gateway asks for the certificates that a service means to show.
func (a *App) lintCertificates(s *catalogue.Service) []catalogue.Advice {
	if s.OIDC == nil {
		return nil
	}
	blocked := func(text string) []catalogue.Advice {
		return []catalogue.Advice{{Blocking: true, Text: text, Source: "RFC 8705"}}
	}
	shows := s.OIDC.AuthMethod == "tls_client_auth" || s.OIDC.AuthMethod == "self_signed_tls_client_auth" || s.OIDC.TLSBound
	switch {
	case shows && a.Mutual.Base == "" && a.Mutual.Header == "":
		return blocked("nobody asks it for its certificate: set mutual_tls.address, or proxy_client_certificate, in the configuration")
	case s.OIDC.AuthMethod == "tls_client_auth" && a.Mutual.Authorities == nil:
		return blocked("nobody vouches for its certificate: set mutual_tls.authorities in the configuration")
	}
	return nil
}
