package catalogue

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// told are the keys of a client that it may write and read itself, when it
// registers by itself (Dynamic Client Registration 1.0, 2). Secrets and their
// digests, its profile, and whether it may live in our network are not.
var told = []string{
	"redirect_uris", "post_logout_redirect_uris", "grant_types", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg",
	"tls_client_auth_subject_dn", "tls_client_auth_san_dns", "jwks", "jwks_uri", "request_uris", "request_object_signing_alg",
	"require_pushed_authorization_requests", "default_max_age", "id_token_signed_response_alg", "id_token_encrypted_response_alg",
	"id_token_encrypted_response_enc", "userinfo_signed_response_alg", "userinfo_encrypted_response_alg", "userinfo_encrypted_response_enc",
	"authorization_signed_response_alg", "authorization_encrypted_response_alg", "authorization_encrypted_response_enc",
	"introspection_signed_response_alg", "dpop_bound_access_tokens", "tls_client_certificate_bound_access_tokens", "backchannel_logout_uri",
	"backchannel_logout_session_required", "frontchannel_logout_uri", "frontchannel_logout_session_required",
}

var errMetadata = errors.New("a value is not of the kind that the standard gives it")

// ReadMetadata reads a client as it describes itself in JSON. What it may not say
// of itself, or what is not known, is left out (RFC 7591, 2). The keys of the
// registration are those of the standard, so that JSON, which is YAML, reads as
// one; only the key set is kept as text.
func ReadMetadata(members map[string]json.RawMessage) (*OIDC, error) {
	said := map[string]any{}
	for _, name := range told {
		var value any
		raw := members[name]
		if raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, &value); err != nil {
			return nil, errMetadata
		}
		if said[name] = value; name == "jwks" {
			said[name] = string(raw)
		}
	}
	text, err := json.Marshal(said)
	if err != nil {
		return nil, errMetadata
	}
	o := &OIDC{}
	if err := yaml.Unmarshal(text, o); err != nil {
		return nil, errMetadata
	}
	return o, nil
}

// Metadata is the client as it may read itself.
func (o *OIDC) Metadata() (map[string]any, error) {
	text, err := yaml.Marshal(o)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if !slices.Contains(told, name) {
			delete(all, name)
		}
	}
	if o.JWKS != "" {
		all["jwks"] = json.RawMessage(strings.TrimSpace(o.JWKS))
	}
	return all, nil
}

// CheckRedirect tells what is wrong with an address for answers.
func CheckRedirect(address string) error { return checkURL(address) }

// Listed tells whether the portal offers the service. One that has registered by
// itself is nobody's recommendation.
func (s *Service) Listed() bool { return s.OIDC == nil || s.OIDC.RegistrationDigest == "" }
