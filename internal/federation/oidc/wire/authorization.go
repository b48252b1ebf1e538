package wire

import (
	"slices"
	"strconv"
	"time"
)

// ResponseMode is how the response reaches the service.
type ResponseMode string

// The response modes (OAuth 2.0 Multiple Response Type Encoding Practices, 2.1;
// OAuth 2.0 Form Post Response Mode).
const (
	Query    ResponseMode = "query"
	FormPost ResponseMode = "form_post"
)

// Authorization is an authorization request (Core, 3.1.2.1).
type Authorization struct {
	ClientID    string
	RedirectURI string
	State       string // given back to the byte
	Mode        ResponseMode
	Scopes      []string
	Nonce       string
	Challenge   string // S256 (RFC 7636); "" without PKCE
	Prompt      []string
	MaxAge      time.Duration // valid when HasMaxAge
	HasMaxAge   bool
	ACRValues   []string // voluntary, in order of preference
	LoginHint   string
	IDTokenHint string
	Claims      ClaimsRequest
}

// The values of prompt.
const (
	PromptNone          = "none"
	PromptLogin         = "login"
	PromptSelectAccount = "select_account"
	PromptConsent       = "consent"
)

const coreRequest = "OpenID Connect Core, 3.1.2.1"

// ParseAuthorization reads an authorization request. On an error ClientID,
// RedirectURI, State and Mode are read nonetheless: they tell where it goes,
// once the client and the address are found to be registered.
func ParseAuthorization(raw string) (Authorization, error) {
	p, err := ParseParameters(raw)
	a := Authorization{ClientID: p.Get("client_id"), RedirectURI: p.Get("redirect_uri"), State: p.Get("state"), Mode: Query}
	if p.Get("response_mode") == string(FormPost) {
		a.Mode = FormPost
	}
	if err != nil {
		return a, err
	}
	for _, read := range []func(Parameters) error{a.readKind, a.readChallenge, a.readPrompt, a.readAsked} {
		if err := read(p); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Prompts tells whether the request has that value of prompt.
func (a Authorization) Prompts(value string) bool { return slices.Contains(a.Prompt, value) }

// readKind reads what kind of request it is. What we do not offer is refused by
// its own error (Core, 3.1.2.6).
func (a *Authorization) readKind(p Parameters) error {
	mode := p.Get("response_mode")
	switch {
	case p.Get("request") != "":
		return Refuse(RequestNotSupported, "OpenID Connect Core, 6.1", "request objects are not supported")
	case p.Get("request_uri") != "":
		return Refuse(RequestURINotSupported, "OpenID Connect Core, 6.2", "request_uri is not supported")
	case p.Get("registration") != "":
		return Refuse(RegistrationUnsupported, "OpenID Connect Core, 7.2.1", "registration is not supported")
	case p.Get("response_type") == "":
		return Refuse(InvalidRequest, coreRequest, "response_type is missing")
	case p.Get("response_type") != "code":
		return Refuse(UnsupportedResponseType, coreRequest, "response_type must be code")
	case mode != "" && mode != string(Query) && mode != string(FormPost):
		return Refuse(InvalidRequest, coreRequest, "response_mode must be query or form_post")
	}
	return nil
}

func (a *Authorization) readChallenge(p Parameters) error {
	const section = "RFC 7636, 4.3"
	challenge, method := p.Get("code_challenge"), p.Get("code_challenge_method")
	switch {
	case challenge == "" && method == "":
		return nil
	case challenge == "":
		return Refuse(InvalidRequest, section, "code_challenge is missing")
	case method != "S256": // without a method it would be plain, which protects nothing
		return Refuse(InvalidRequest, section, "code_challenge_method must be S256")
	case !isDigest(challenge):
		return Refuse(InvalidRequest, "RFC 7636, 4.2", "code_challenge is not the base64url of a SHA-256 digest")
	}
	a.Challenge = challenge
	return nil
}

func (a *Authorization) readPrompt(p Parameters) (err error) {
	if a.Prompt, err = p.words("prompt"); err != nil {
		return err
	}
	for _, value := range a.Prompt {
		if !slices.Contains([]string{PromptNone, PromptLogin, PromptSelectAccount, PromptConsent}, value) {
			return Refuse(InvalidRequest, coreRequest, "prompt has an unknown value")
		}
	}
	if a.Prompts(PromptNone) && len(a.Prompt) > 1 {
		return Refuse(InvalidRequest, coreRequest, "prompt=none excludes all others")
	}
	return a.readMaxAge(p)
}

// longestMaxAge is where max_age ceases to mean anything.
const longestMaxAge = 10 * 365 * 24 * time.Hour

func (a *Authorization) readMaxAge(p Parameters) error {
	text := p.Get("max_age")
	if text == "" {
		return nil
	}
	seconds, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return Refuse(InvalidRequest, coreRequest, "max_age is not a number of seconds")
	}
	a.MaxAge, a.HasMaxAge = min(time.Duration(seconds)*time.Second, longestMaxAge), true
	return nil
}

func (a *Authorization) readAsked(p Parameters) (err error) {
	a.Nonce, a.LoginHint, a.IDTokenHint = p.Get("nonce"), p.Get("login_hint"), p.Get("id_token_hint")
	if a.Scopes, err = p.words("scope"); err != nil {
		return err
	}
	if !slices.Contains(a.Scopes, "openid") {
		return Refuse(InvalidScope, coreRequest, "scope must contain openid")
	}
	if a.ACRValues, err = p.words("acr_values"); err != nil {
		return err
	}
	a.Claims, err = ParseClaims(p.Get("claims"))
	return err
}
