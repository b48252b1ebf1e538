// Package thirdparty holds both doors against programs that others wrote: for
// OpenID Connect openid-client for Node, mod_auth_openidc for Apache, go-oidc and
// a bare curl, for SAML mod_auth_mellon and node-saml, with Chromium where a
// person would sit. It has tests only. Everything runs on loopback against the
// whole demo, and services are registered as an operator registers them. The
// demo's own services (internal/simulator/services) use go-oidc as well, down to
// the verification of logout tokens, and crewjam's SAML.
//
// It also owns what a developer copies: examples/ are the very files that
// docs/integration.md prints, and each is run here until somebody is signed in.
// docs/conformance.md names a test for each module of the OpenID Foundation's
// conformance suite; that those tests exist is checked here, too.
package thirdparty
