package wire

import "slices"

// Discovery is the provider's description of itself (Discovery 1.0, 3; RFC 8414).
type Discovery struct {
	Issuer                string         `json:"issuer"`
	AuthorizationEndpoint string         `json:"authorization_endpoint"`
	PushedEndpoint        string         `json:"pushed_authorization_request_endpoint"`
	TokenEndpoint         string         `json:"token_endpoint"`
	UserInfoEndpoint      string         `json:"userinfo_endpoint"`
	MatchEndpoint         string         `json:"match_endpoint"` // ours: attribute match
	IntrospectionEndpoint string         `json:"introspection_endpoint"`
	RevocationEndpoint    string         `json:"revocation_endpoint"`
	EndSessionEndpoint    string         `json:"end_session_endpoint"`
	RegistrationEndpoint  string         `json:"registration_endpoint,omitempty"`
	JWKSURI               string         `json:"jwks_uri"`
	Scopes                []string       `json:"scopes_supported"`
	ResponseTypes         []string       `json:"response_types_supported"`
	ResponseModes         []ResponseMode `json:"response_modes_supported"`
	GrantTypes            []string       `json:"grant_types_supported"`
	ACRValues             []string       `json:"acr_values_supported"`
	SubjectTypes          []string       `json:"subject_types_supported"`
	IDTokenAlgs           []string       `json:"id_token_signing_alg_values_supported"`
	IDTokenKeyAlgs        []string       `json:"id_token_encryption_alg_values_supported"`
	IDTokenEncryptions    []string       `json:"id_token_encryption_enc_values_supported"`
	UserInfoAlgs          []string       `json:"userinfo_signing_alg_values_supported"`
	UserInfoKeyAlgs       []string       `json:"userinfo_encryption_alg_values_supported"`
	UserInfoEncryptions   []string       `json:"userinfo_encryption_enc_values_supported"`
	ResponseAlgs          []string       `json:"authorization_signing_alg_values_supported"` // JARM, 4
	ResponseKeyAlgs       []string       `json:"authorization_encryption_alg_values_supported"`
	ResponseEncryptions   []string       `json:"authorization_encryption_enc_values_supported"`
	IntrospectionAlgs     []string       `json:"introspection_signing_alg_values_supported"` // RFC 9701, 7
	AuthMethods           []AuthMethod   `json:"token_endpoint_auth_methods_supported"`
	IntrospectionMethods  []AuthMethod   `json:"introspection_endpoint_auth_methods_supported"`
	RevocationMethods     []AuthMethod   `json:"revocation_endpoint_auth_methods_supported"`
	AuthAlgs              []string       `json:"token_endpoint_auth_signing_alg_values_supported"` // of clients' assertions
	IntrospectionAuthAlgs []string       `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	RevocationAuthAlgs    []string       `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	MutualEndpoints       *Endpoints     `json:"mtls_endpoint_aliases,omitempty"`   // RFC 8705, 5
	ProofAlgs             []string       `json:"dpop_signing_alg_values_supported"` // RFC 9449, 5.1
	CertificateBound      bool           `json:"tls_client_certificate_bound_access_tokens"`
	ClaimTypes            []string       `json:"claim_types_supported"`
	Claims                []string       `json:"claims_supported"`
	MatchClaims           []string       `json:"match_claims_supported"` // ours: what the attribute match compares
	UILocales             []string       `json:"ui_locales_supported"`
	Prompts               []string       `json:"prompt_values_supported"`
	ChallengeMethods      []string       `json:"code_challenge_methods_supported"`
	ClaimsParameter       bool           `json:"claims_parameter_supported"`
	RequestParameter      bool           `json:"request_parameter_supported"`
	RequestURIParameter   bool           `json:"request_uri_parameter_supported"`
	RequestURIRegistered  bool           `json:"require_request_uri_registration"`
	RequestAlgs           []string       `json:"request_object_signing_alg_values_supported"`
	IssInResponse         bool           `json:"authorization_response_iss_parameter_supported"`
	BackchannelLogout     bool           `json:"backchannel_logout_supported"`
	BackchannelSession    bool           `json:"backchannel_logout_session_supported"` // the logout token has sid
	FrontchannelLogout    bool           `json:"frontchannel_logout_supported"`
	FrontchannelSession   bool           `json:"frontchannel_logout_session_supported"`
}

// Endpoints are those at which a client that shows a certificate calls, where
// they differ from the others.
type Endpoints struct {
	Pushed        string `json:"pushed_authorization_request_endpoint"`
	Token         string `json:"token_endpoint"`
	UserInfo      string `json:"userinfo_endpoint"`
	Match         string `json:"match_endpoint"`
	Introspection string `json:"introspection_endpoint"`
	Revocation    string `json:"revocation_endpoint"`
}

// EndpointsAt are the endpoints below an address without a slash at its end.
func EndpointsAt(base string) *Endpoints {
	return &Endpoints{base + PushedPath, base + TokenPath, base + UserInfoPath, base + MatchPath, base + IntrospectionPath, base + RevocationPath}
}

// The paths of the endpoints below the issuer.
const (
	DiscoveryPath     = "/.well-known/openid-configuration"
	AuthorizationPath = "/oidc/authorize"
	PushedPath        = "/oidc/par"
	TokenPath         = "/oidc/token"
	UserInfoPath      = "/oidc/userinfo"
	MatchPath         = "/oidc/match"
	IntrospectionPath = "/oidc/introspect"
	RevocationPath    = "/oidc/revoke"
	EndSessionPath    = "/oidc/end-session"
	RegistrationPath  = "/oidc/register"
	JWKSPath          = "/oidc/jwks"
)

// Describe fills in all that follows from this package; the issuer has no slash
// at its end.
func Describe(issuer string) Discovery {
	return Discovery{
		Issuer:                issuer,
		AuthorizationEndpoint: issuer + AuthorizationPath,
		PushedEndpoint:        issuer + PushedPath,
		TokenEndpoint:         issuer + TokenPath,
		UserInfoEndpoint:      issuer + UserInfoPath,
		MatchEndpoint:         issuer + MatchPath,
		IntrospectionEndpoint: issuer + IntrospectionPath,
		RevocationEndpoint:    issuer + RevocationPath,
		EndSessionEndpoint:    issuer + EndSessionPath,
		RegistrationEndpoint:  issuer + RegistrationPath,
		JWKSURI:               issuer + JWKSPath,
		ResponseTypes:         []string{"code"},
		ResponseModes:         ResponseModes(),
		GrantTypes:            []string{AuthorizationCode, RefreshToken, ClientCredentials},
		SubjectTypes:          []string{"pairwise"},
		AuthMethods:           AuthMethods(),
		IntrospectionMethods:  slices.DeleteFunc(AuthMethods(), func(m AuthMethod) bool { return m == NoSecret }),
		RevocationMethods:     AuthMethods(),
		ProofAlgs:             ProofAlgs(),
		CertificateBound:      true,
		ClaimTypes:            []string{"normal"},
		Prompts:               []string{PromptNone, PromptLogin, PromptSelectAccount, PromptConsent},
		ChallengeMethods:      []string{"S256"},
		ClaimsParameter:       true,
		RequestParameter:      true,
		RequestURIParameter:   true,
		RequestURIRegistered:  true,
		IssInResponse:         true,
		BackchannelLogout:     true,
		BackchannelSession:    true,
		FrontchannelLogout:    true,
		FrontchannelSession:   true,
	}
}
