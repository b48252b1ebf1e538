package provider

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/sandbox"
	"kapu/internal/web"
)

// exchangeKinds are what is kept of a service that has a sandbox, by endpoint.
var exchangeKinds = map[string]string{
	wire.AuthorizationPath: "authorization", wire.PushedPath: "pushed", wire.TokenPath: "token", wire.UserInfoPath: "userinfo", wire.MatchPath: "match",
	wire.IntrospectionPath: "introspection", wire.RevocationPath: "revocation", wire.EndSessionPath: "end",
}

// recorded answers a request and has the exchange kept, if it turns out to be
// one of a service with a sandbox. Where no service has one, it costs a look at
// a pointer.
func (p *Provider) recorded(w http.ResponseWriter, r *http.Request, answer func(http.ResponseWriter, *http.Request)) {
	what := ""
	if p.Sandbox.On() {
		what = exchangeKinds[r.URL.Path]
	}
	if what == "" {
		answer(w, r)
		return
	}
	rec, r := sandbox.Record(w, r, what)
	answer(rec, r)
	if rec.Service == "" {
		return
	}
	if rec.Exchange.Fault == nil {
		rec.Exchange.Answer = p.answered(rec)
	}
	p.keepExchange(r.Context(), rec.Service, rec.Exchange)
}

// recordedPage is [Provider.recorded] for what a browser asks: its service is the
// one that it names.
func (p *Provider) recordedPage(h web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) (err error) {
		p.recorded(w, r, func(w http.ResponseWriter, r *http.Request) {
			if p.Sandbox.On() {
				p.exchangeNamed(r)
			}
			err = h(w, r)
		})
		return err
	}
}

func (p *Provider) exchangeNamed(r *http.Request) {
	q, _ := wire.ParseParameters(r.URL.RawQuery) // what is left is sound
	id := q.Get("client_id")
	if hint, ok := p.readHint(q.Get("id_token_hint")); id == "" && ok {
		id = hint.Audience
	}
	if service := p.Broker.Catalogue.Client(id); service != nil {
		p.exchangeOf(r, service, q)
	}
}

// keepExchange keeps one, though whoever asked may have gone. Nothing of the
// answer hangs on it.
func (p *Provider) keepExchange(ctx context.Context, service string, e sandbox.Exchange) {
	if err := p.Sandbox.Keep(context.WithoutCancel(ctx), service, e); err != nil {
		p.Log.Warn("oidc: an exchange was not kept for the sandbox", "service", service, "cause", err)
	}
}

// exchangeOf says whose exchange a request is, as soon as that is known. It
// returns nil if nothing is to be kept of it.
func (p *Provider) exchangeOf(r *http.Request, service *catalogue.Service, q wire.Parameters) *sandbox.Recorder {
	if !p.Sandbox.Allows(service.ID) {
		return nil
	}
	rec := sandbox.Of(r)
	if rec == nil {
		return nil
	}
	rec.Service = service.ID
	rec.Exchange.Sent = append(p.headerLines(r), p.parameterLines(service.OIDC, q)...)
	return rec
}

// exchangeProof adds how a client meant to prove who it is, whatever came of it.
func (p *Provider) exchangeProof(r *http.Request, c client, q wire.Parameters) {
	rec := p.exchangeOf(r, c.service, q)
	if rec == nil {
		return
	}
	o := c.service.OIDC
	rec.Exchange.Proof = string(c.method)
	switch {
	case o.Authenticates(string(c.method)):
	case o.AuthMethod != "":
		rec.Exchange.Wanted = o.AuthMethod
	case o.SecretDigest == "":
		rec.Exchange.Wanted = string(wire.NoSecret)
	default:
		rec.Exchange.Wanted = string(wire.SecretBasic)
	}
}

// exchangeFault adds what went wrong.
func (p *Provider) exchangeFault(r *http.Request, fault *wire.Error) {
	if !p.Sandbox.On() {
		return
	}
	if rec := sandbox.Of(r); rec != nil {
		rec.Exchange.Fault = p.faultOf(fault)
	}
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

// exchangeAnswer keeps what the browser carries back to a service.
func (p *Provider) exchangeAnswer(r *http.Request, service *catalogue.Service, fields []wire.Field, fault *wire.Error) {
	if !p.Sandbox.Allows(service.ID) {
		return
	}
	e := sandbox.Exchange{What: "answer", Fault: p.faultOf(fault)}
	for _, f := range fields {
		e.Answer = append(e.Answer, p.parameterLine(service.OIDC, f.Name, f.Value))
	}
	p.keepExchange(r.Context(), service.ID, e)
}

// exchangeTold keeps that a service was told of the end of a session.
func (p *Provider) exchangeTold(ctx context.Context, service *catalogue.Service, token string, status int) {
	if !p.Sandbox.Allows(service.ID) {
		return
	}
	o := service.OIDC
	e := sandbox.Exchange{What: "told", Status: status, Answer: []sandbox.Line{
		p.words.Address("backchannel_logout_uri", o.BackchannelLogout, []string{o.BackchannelLogout}), p.words.Token("logout_token", token),
	}}
	if status == 0 {
		e.Fault = &sandbox.Fault{Code: "no_answer", Text: "the service could not be reached, or did not answer in time", Section: "Back-Channel Logout, 2.8"}
	}
	p.keepExchange(ctx, service.ID, e)
}

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
