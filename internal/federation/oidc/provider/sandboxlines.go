package provider

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/sandbox"
)

// answered describes an answer. Of those about a person, the names of what is in
// them is all that is kept.
func (p *Provider) answered(rec *sandbox.Recorder) []sandbox.Line {
	body, kind := rec.Body(), rec.Header().Get("Content-Type")
	switch {
	case len(body) == 0 || strings.HasPrefix(kind, "text/html"):
		return nil
	case kind != "application/json":
		return []sandbox.Line{p.words.Token("", string(body))}
	case rec.Exchange.What == "token" || rec.Exchange.What == "pushed":
		return p.words.Object(body)
	}
	return []sandbox.Line{p.words.Members("", body)}
}

// headerLines describes the headers that count.
func (p *Provider) headerLines(r *http.Request) (lines []sandbox.Line) {
	if kind := r.Header.Get("Content-Type"); kind != "" {
		lines = append(lines, p.words.Value("Content-Type", kind))
	}
	if proof := r.Header.Get(wire.ProofHeader); proof != "" {
		lines = append(lines, p.words.Token(wire.ProofHeader, proof))
	}
	if scheme, credentials, _ := strings.Cut(r.Header.Get("Authorization"), " "); scheme != "" {
		l := p.words.Hidden("Authorization", credentials)
		if p.words[scheme] {
			l.Text = scheme
		} else {
			l.Hidden += len(scheme)
		}
		lines = append(lines, l)
	}
	return lines
}

func (p *Provider) parameterLines(o *catalogue.OIDC, q wire.Parameters) (lines []sandbox.Line) {
	for _, f := range q.Fields() {
		lines = append(lines, p.parameterLine(o, f.Name, f.Value))
	}
	return lines
}

// tokens and secrets among the parameters. The latter are not looked at.
var (
	tokenParameters  = []string{"request", "id_token_hint", "client_assertion", "token", "response"}
	secretParameters = []string{
		"client_secret", "code", "code_challenge", "code_verifier", "dpop_jkt", "login_hint", "logout_hint", "nonce", "refresh_token", "sid", "state",
	}
)

// parameterLine describes a parameter as far as it may be shown.
func (p *Provider) parameterLine(o *catalogue.OIDC, name, value string) sandbox.Line {
	switch {
	case !p.words[name] || slices.Contains(secretParameters, name):
		return p.words.Hidden(name, value)
	case slices.Contains(tokenParameters, name):
		return p.words.Token(name, value)
	case name == "claims":
		return p.words.Members(name, []byte(value))
	case name == "client_id" && value == o.ClientID:
		return sandbox.Line{Name: name, Text: value}
	case name == "redirect_uri":
		return p.words.Address(name, value, o.RedirectURIs)
	case name == "post_logout_redirect_uri":
		return p.words.Address(name, value, o.PostLogout)
	case name == "request_uri":
		return p.words.Address(name, value, o.RequestURIs)
	}
	return p.words.Value(name, value)
}

// names are what discovery does not speak of: parameters, headers, and members
// of tokens and answers.
var names = []string{
	"response_type", "response_mode", "client_id", "redirect_uri", "scope", "display", "prompt", "max_age", "ui_locales", "claims_locales", "acr_values",
	"claims", "registration", "request", "request_uri", "resource", "code_challenge_method", "post_logout_redirect_uri", "grant_type", "client_assertion",
	"client_assertion_type", "token", "token_type_hint", "response", "id_token_hint", "error", "error_description", "session_state",
	"access_token", "token_type", "expires_in", "id_token", "logout_token", "backchannel_logout_uri", "active", "exp", "iat", "nbf", "jti", "cnf", "jkt",
	"x5t#S256", "userinfo", "essential", "value", "values", "htm", "htu", "ath", "events", "username", "alg", "enc", "typ", "cty", "kid", "jwk", "jwks",
	"Authorization", "Content-Type", wire.ProofHeader, "Basic", wire.Bearer, "JWT", "dpop+jwt", "oauth-authz-req+jwt", "client-authentication+jwt", "logout+jwt",
	"token-introspection+jwt", "application/x-www-form-urlencoded", "page", "popup", "touch", "true", "false", "null", "hu-HU", "en-GB", "en-US", "plain", "token",
	"urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "access_token", "refresh_token",
	wire.InvalidRequest, wire.InvalidClient, wire.InvalidGrant, wire.InvalidScope, wire.InvalidRequestObject, wire.InvalidRequestURI, wire.AccessDenied,
	wire.LoginRequired, wire.ConsentRequired, wire.InteractionRequired, wire.UnmetRequirements, wire.UnsupportedResponseType, wire.ServerError,
}

// wordsOf are the words that may be shown: the names of the protocol, and
// whatever the discovery document tells everybody.
func wordsOf(discovery []byte) sandbox.Words {
	var public map[string]any
	if err := json.Unmarshal(discovery, &public); err != nil {
		panic(err) // cannot happen: it is our own
	}
	words := sandbox.WordsOf(names, secretParameters)
	for _, value := range public {
		switch v := value.(type) {
		case string:
			words[v] = true
		case []any:
			for _, one := range v {
				if text, ok := one.(string); ok {
					words[text] = true
				}
			}
		}
	}
	return words
}

// faultOf describes an error. The name of a parameter that an error begins with
// may be made up.
func (p *Provider) faultOf(e *wire.Error) *sandbox.Fault {
	if e == nil {
		return nil
	}
	text := e.Description
	if name, rest, _ := strings.Cut(text, " "); madeUp.MatchString(text) && !p.words[name] {
		text = "a parameter " + rest
	}
	return &sandbox.Fault{Code: e.Code, Text: text, Section: e.Section}
}

// madeUp are the errors of wire.ParseParameters.
var madeUp = regexp.MustCompile(`^[a-z_]+ (occurs more than once|is too long|is not plain text|is not a text|is neither .*)$`)
