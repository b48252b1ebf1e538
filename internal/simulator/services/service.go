package services

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config is what a service must be told.
type Config struct {
	Party      Party
	Issuer     string // the gateway's address
	URL        string // its own address, without a slash at the end
	Secret     string // client secret
	Now        func() time.Time
	Log        *slog.Logger
	HTTPClient *http.Client // to reach the gateway; default one with a time limit
}

// The paths of a service.
const (
	signInPath  = "/signin"
	returnPath  = "/return"
	matchPath   = "/match"
	signOutPath = "/signout"
	goodbyePath = "/goodbye"
	hearPath    = "/backchannel-logout"
)

const (
	gatewayTimeout = 10 * time.Second     // how long a service waits for the gateway
	languageLife   = 365 * 24 * time.Hour // how long the choice of a language is remembered
)

// Service is a running service. It is safe for concurrent use.
type Service struct {
	Config
	handler  http.Handler
	sessions sessions
	heard    names // of logout tokens

	mu       sync.Mutex
	provider *oidc.Provider // nil until the gateway has answered once

	saml *samlSide // nil for a service that speaks OpenID Connect
}

// New makes a service that speaks OpenID Connect. The gateway may start later: it
// is asked when the first visitor wants to sign in.
func New(c Config) *Service {
	s, mux, _ := newService(c)
	mux.HandleFunc("GET "+signInPath, s.signIn)
	mux.HandleFunc("GET "+returnPath, s.comeBack)
	mux.HandleFunc("POST "+matchPath, s.match)
	mux.HandleFunc("POST "+hearPath, s.hear)
	return s
}

// newService makes what services have in common. What other sites' forms may
// reach, the guard must be told.
func newService(c Config) (*Service, *http.ServeMux, *http.CrossOriginProtection) {
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{Timeout: gatewayTimeout}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Service{Config: c, sessions: sessions{known: map[string]session{}}, heard: names{used: map[string]time.Time{}}}
	mux, guard := http.NewServeMux(), http.NewCrossOriginProtection()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("POST "+signOutPath, s.signOut)
	mux.HandleFunc("GET "+goodbyePath, s.goodbye)
	mux.HandleFunc("GET /style.css", serveStyle)
	s.handler = guard.Handler(mux)
	return s, mux, guard
}

// ServeHTTP implements http.Handler.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self' "+s.around()+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if r.URL.Query().Has("lang") {
		s.setCookie(w, s.languageCookie(), s.speaks(r), languageLife)
	}
	s.handler.ServeHTTP(w, r)
}

// around is where forms may lead: to the gateway, and on from there to the other
// services of the demo, that they hear of the end of a session. All are on one
// host, each at a port of its own.
func (s *Service) around() string {
	gateway, err := url.Parse(s.Issuer)
	if err != nil || gateway.Port() == "" {
		return s.Issuer
	}
	return gateway.Scheme + "://" + strings.TrimSuffix(gateway.Host, gateway.Port()) + "*"
}

// gateway returns what the gateway says of itself, asking it if need be.
func (s *Service) gateway(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	found, err := oidc.NewProvider(s.outbound(context.WithoutCancel(ctx)), s.Issuer) // its key set lives on
	if err != nil {
		return nil, err
	}
	s.provider = found
	return found, nil
}

// outbound is a context under which the libraries use our client.
func (s *Service) outbound(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, s.HTTPClient)
}

func (s *Service) oauth(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.Party.ClientID, ClientSecret: s.Secret, Endpoint: p.Endpoint(),
		RedirectURL: s.URL + returnPath, Scopes: append([]string{oidc.ScopeOpenID}, s.Party.Scopes...)}
}
