package catalogue

import (
	"crypto/subtle"
	"slices"
	"strconv"
	"strings"
	"time"
)

// OIDC is how a service speaks OpenID Connect. The keys are those of OpenID
// Connect Dynamic Client Registration 1.0, 2, and of RFC 7591, 8705, 9101, 9126
// and 9449, except for those that say otherwise. What is left out has the
// standard's default, or the one that is told here.
type OIDC struct {
	ClientID     string   `yaml:"client_id"`
	SecretDigest string   `yaml:"secret_digest,omitempty"` // ours: keyed digest; "" for a client without a secret
	RedirectURIs []string `yaml:"redirect_uris,omitempty"`
	PostLogout   []string `yaml:"post_logout_redirect_uris,omitempty"`
	GrantTypes   []string `yaml:"grant_types,omitempty"` // authorization_code, refresh_token, client_credentials; default the first

	// The digest of the secret before, which still counts for a while (ours).
	FormerDigest string    `yaml:"former_secret_digest,omitempty"`
	FormerUntil  time.Time `yaml:"former_secret_until,omitempty"`

	// RegistrationDigest (ours) marks a client that registered by itself: the digest of its registration access token.
	RegistrationDigest string `yaml:"registration_token_digest,omitempty"`

	// How the client proves who it is. Default: with its secret in either way, or not at all without one.
	AuthMethod   string `yaml:"token_endpoint_auth_method,omitempty"`
	AuthAlg      string `yaml:"token_endpoint_auth_signing_alg,omitempty"` // of the client's assertions; default any of its keys
	SealedSecret string `yaml:"client_secret_sealed,omitempty"`            // ours: for client_secret_jwt alone, which needs the secret itself
	FormerSealed string `yaml:"former_secret_sealed,omitempty"`            // ours: the secret before, while that still counts
	TLSSubject   string `yaml:"tls_client_auth_subject_dn,omitempty"`
	TLSName      string `yaml:"tls_client_auth_san_dns,omitempty"`
	JWKS         string `yaml:"jwks,omitempty"` // the client's public keys, as the text of a JWK set
	JWKSURI      string `yaml:"jwks_uri,omitempty"`

	// How it asks.
	RequestURIs []string `yaml:"request_uris,omitempty"`
	RequestAlg  string   `yaml:"request_object_signing_alg,omitempty"` // if set, it asks with objects signed so and in no other way
	RequirePAR  bool     `yaml:"require_pushed_authorization_requests,omitempty"`
	MaxAge      int      `yaml:"default_max_age,omitempty"` // seconds; 0 for none

	// How it is answered. Signing defaults to ES256 where it is done at all; encryption to none.
	IDTokenAlg         string `yaml:"id_token_signed_response_alg,omitempty"`
	IDTokenKeyAlg      string `yaml:"id_token_encrypted_response_alg,omitempty"`
	IDTokenEncryption  string `yaml:"id_token_encrypted_response_enc,omitempty"`
	UserInfoAlg        string `yaml:"userinfo_signed_response_alg,omitempty"`
	UserInfoKeyAlg     string `yaml:"userinfo_encrypted_response_alg,omitempty"`
	UserInfoEncryption string `yaml:"userinfo_encrypted_response_enc,omitempty"`
	ResponseAlg        string `yaml:"authorization_signed_response_alg,omitempty"`
	ResponseKeyAlg     string `yaml:"authorization_encrypted_response_alg,omitempty"`
	ResponseEncryption string `yaml:"authorization_encrypted_response_enc,omitempty"`
	IntrospectionAlg   string `yaml:"introspection_signed_response_alg,omitempty"`
	DPoPBound          bool   `yaml:"dpop_bound_access_tokens,omitempty"`
	TLSBound           bool   `yaml:"tls_client_certificate_bound_access_tokens,omitempty"`

	// How it is told of the end of a session.
	BackchannelLogout   string `yaml:"backchannel_logout_uri,omitempty"`
	BackchannelSession  bool   `yaml:"backchannel_logout_session_required,omitempty"`
	FrontchannelLogout  string `yaml:"frontchannel_logout_uri,omitempty"`
	FrontchannelSession bool   `yaml:"frontchannel_logout_session_required,omitempty"`

	// Profile (ours) binds it to a profile: "", fapi2-security or fapi2-message-signing.
	Profile string `yaml:"profile,omitempty"`
	// PrivateNetwork (ours) lets us fetch from it and call it on loopback and private addresses.
	PrivateNetwork bool `yaml:"private_network,omitempty"`
	// Sandbox (ours) has its last exchanges shown to its developers, without secrets and personal data.
	Sandbox bool `yaml:"sandbox,omitempty"`
}

// The profiles that a client can be bound to (FAPI 2.0 Security Profile; FAPI
// 2.0 Message Signing). The second includes the first.
const (
	FAPISecurity = "fapi2-security"
	FAPISigning  = "fapi2-message-signing"
)

// FAPI tells whether the client is bound to the FAPI 2.0 Security Profile.
func (o *OIDC) FAPI() bool { return o.Profile == FAPISecurity || o.Profile == FAPISigning }

// Public tells whether the client cannot keep a secret, such as an app on a
// telephone; it must use PKCE (RFC 9700, 2.1.1).
func (o *OIDC) Public() bool {
	return o.SecretDigest == "" && (o.AuthMethod == "" || o.AuthMethod == "none")
}

// Authenticates tells whether the client may prove who it is by that method:
// by the one it is registered for, or with a secret in either of two ways.
func (o *OIDC) Authenticates(method string) bool {
	switch {
	case o.AuthMethod != "":
		return method == o.AuthMethod
	case o.SecretDigest == "":
		return method == "none"
	}
	return method == "client_secret_basic" || method == "client_secret_post"
}

// KnowsSecret tells whether a digest is that of the client's secret, or of the
// one before while that still counts. The time it takes says nothing.
func (o *OIDC) KnowsSecret(digest string, now time.Time) bool {
	same := func(known string) bool { return subtle.ConstantTimeCompare([]byte(digest), []byte(known)) == 1 }
	present, former := same(o.SecretDigest), same(o.FormerDigest)
	return !o.Public() && (present || former && o.FormerDigest != "" && now.Before(o.FormerUntil))
}

// KnowsRegistration tells whether a digest is that of the client's registration
// access token (RFC 7592, 1.3). The time it takes says nothing.
func (o *OIDC) KnowsRegistration(digest string) bool {
	return o.RegistrationDigest != "" && subtle.ConstantTimeCompare([]byte(digest), []byte(o.RegistrationDigest)) == 1
}

// KeepSecret takes over the secret of a registration that this one replaces, if
// it has none of its own and its method is still one with that kind of secret.
func (o *OIDC) KeepSecret(present *OIDC) {
	if o.SecretDigest != "" || o.SealedSecret != "" {
		return
	}
	switch {
	case o.AuthMethod == "client_secret_jwt":
		o.SealedSecret, o.FormerSealed, o.FormerUntil = present.SealedSecret, present.FormerSealed, present.FormerUntil
	case o.AuthMethod == "" || o.NeedsSecret():
		o.SecretDigest, o.FormerDigest, o.FormerUntil = present.SecretDigest, present.FormerDigest, present.FormerUntil
	}
}

// Answers tells whether answers may go to an address: one of those registered, to
// the letter (RFC 9700, 4.1.3). Only an app on the citizen's own machine, which
// cannot know its port in time, may name any, where its address is registered
// without one (RFC 8252, 7.3).
func (o *OIDC) Answers(address string) bool {
	if slices.Contains(o.RedirectURIs, address) {
		return true
	}
	rest, local := strings.CutPrefix(address, ownMachine+":")
	if !local || !o.Public() {
		return false
	}
	port, path, _ := strings.Cut(rest, "/")
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0 && slices.Contains(o.RedirectURIs, ownMachine+"/"+path)
}

// ownMachine is the machine of whoever opens the address, by number: a name may
// lead elsewhere (RFC 8252, 8.3).
const ownMachine = "http://127.0.0.1"
