package wire

import (
	"slices"
	"strconv"
	"time"
)

// ResponseMode is how the response reaches the service.
type ResponseMode string

// The response modes (OAuth 2.0 Multiple Response Type Encoding Practices, 2.1;
// OAuth 2.0 Form Post Response Mode; JARM, 2.3). Fragments are not on offer: a
// code has no business in the scripts of a page.
const (
	Query       ResponseMode = "query"
	FormPost    ResponseMode = "form_post"
	QueryJWT    ResponseMode = "query.jwt"
	FormPostJWT ResponseMode = "form_post.jwt"

	defaultJWT ResponseMode = "jwt" // the standard's short name of QueryJWT, for a code
)

// ResponseModes are all of them, as discovery lists them.
func ResponseModes() []ResponseMode {
	return []ResponseMode{Query, FormPost, QueryJWT, FormPostJWT, defaultJWT}
}

// Signed tells whether the response is a JWT.
func (m ResponseMode) Signed() bool { return m == QueryJWT || m == FormPostJWT }

// Posted tells whether the response is a form that the browser posts.
func (m ResponseMode) Posted() bool { return m == FormPost || m == FormPostJWT }

// modeOf reads a mode; ok is false for one that is not on offer.
func modeOf(text string) (mode ResponseMode, ok bool) {
	switch mode = ResponseMode(text); mode {
	case "":
		return Query, true
	case defaultJWT:
		return QueryJWT, true
	}
	if !slices.Contains(ResponseModes(), mode) {
		return Query, false
	}
	return mode, true
}

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
	UILocales   string // BCP 47 tags, in order of preference
	Claims      ClaimsRequest
	JKT         string // thumbprint of the DPoP key that the code is bound to (RFC 9449, 10); "" for none
}

// The values of prompt.
const (
	PromptNone          = "none"
	PromptLogin         = "login"
	PromptSelectAccount = "select_account"
	PromptConsent       = "consent"
)

const coreRequest = "OpenID Connect Core, 3.1.2.1"

// AddressOf reads, of an authorization request, only who asks and where the
// answer goes: it is all that is needed to say that the rest is wrong.
func AddressOf(p Parameters) Authorization {
	a := Authorization{ClientID: p.Get("client_id"), RedirectURI: p.Get("redirect_uri"), State: p.Get("state")}
	a.Mode, _ = modeOf(p.Get("response_mode"))
	return a
}

// ReadAuthorization reads an authorization request. On an error, what
// [AddressOf] reads is there nonetheless.
func ReadAuthorization(p Parameters) (Authorization, error) {
	a := AddressOf(p)
	for _, read := range []func(Parameters) error{a.readKind, a.readChallenge, a.readPrompt, a.readAsked, a.readHints} {
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
	_, offered := modeOf(p.Get("response_mode"))
	switch {
	case p.Get("registration") != "":
		return Refuse(RegistrationUnsupported, "OpenID Connect Core, 7.2.1", "registration is not supported")
	case p.Get("response_type") == "":
		return Refuse(InvalidRequest, coreRequest, "response_type is missing")
	case p.Get("response_type") != "code":
		return Refuse(UnsupportedResponseType, coreRequest, "response_type must be code")
	case !offered:
		return Refuse(InvalidRequest, coreRequest, "response_mode must be query, form_post, or the JWT form of either")
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

// readHints reads what helps or binds the request, and asks for nothing.
func (a *Authorization) readHints(p Parameters) error {
	a.Nonce, a.LoginHint, a.IDTokenHint, a.UILocales = p.Get("nonce"), p.Get("login_hint"), p.Get("id_token_hint"), p.Get("ui_locales")
	if a.JKT = p.Get("dpop_jkt"); a.JKT != "" && !isDigest(a.JKT) {
		return Refuse(InvalidRequest, "RFC 9449, 10", "dpop_jkt is not the base64url of a SHA-256 thumbprint")
	}
	return nil
}

func (a *Authorization) readAsked(p Parameters) (err error) {
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
