package provider

import (
	"embed"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/broker"
	"kapu/internal/federation"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys/rotation"
	"kapu/internal/outbound"
	"kapu/internal/sandbox"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Lives of what is issued, where the configuration says nothing.
const (
	DefaultCodeLife  = time.Minute      // RFC 6749, 4.1.2 recommends ten minutes at most
	DefaultTokenLife = 10 * time.Minute // of access and ID tokens
)

// Config is what the provider works with.
type Config struct {
	Issuer    string              // public address of the gateway, without a slash at its end
	Broker    *broker.Broker      // leads the visitors; brings database, catalogue, keys and clock
	Keys      *rotation.Sets      // sign ID tokens; ES256 is the main algorithm
	Log       *slog.Logger        // default slog.Default()
	CodeLife  time.Duration       // default DefaultCodeLife
	TokenLife time.Duration       // default DefaultTokenLife
	Mutual    Mutual              // clients that show certificates
	Registry  Registry            // of clients that register by themselves; nil: none may
	Seen      *rotation.Sightings // of clients and of who fetches keys; nil: nobody looks
	Sandbox   *sandbox.Keeper     // keeps what is said with the services that have one; nil: none has
}

// Provider is the door. It is safe for concurrent use.
type Provider struct {
	Config
	pages     *web.Pages
	discovery *document                 // made once
	words     sandbox.Words             // what a sandbox may show
	jwks      atomic.Pointer[publicSet] // as published last
	signers   sync.Map                  // signerName → *signer

	public, private *outbound.Client // to services anywhere, and to those that may be in our own networks
	clientSets      *keySets
	objects         *objects // request objects by their hash

	guesses guesses // at data of people, by services

	Logouts federation.Logouts // what came of telling services that sessions have ended
}

// New makes the door. It answers once it is mounted and the broker has it:
// broker.AddDoor.
func New(c Config) *Provider {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.CodeLife == 0 {
		c.CodeLife = DefaultCodeLife
	}
	if c.TokenLife == 0 {
		c.TokenLife = DefaultTokenLife
	}
	p := &Provider{Config: c, pages: c.Broker.Shell.Pages("oidc", files)}
	p.public, p.private = outbound.New(outbound.Config{Now: c.Broker.Now}), outbound.New(outbound.Config{Private: true, Now: c.Broker.Now})
	p.clientSets, p.objects = newKeySets(), newObjects()
	p.guesses = newGuesses(c.Broker)
	p.discovery = p.describe()
	p.words = wordsOf(p.discovery.plain.text)
	p.samples()
	return p
}

// doorName is the door's name in authn.Request.Door.
const doorName = "oidc"

// Name implements broker.Door.
func (p *Provider) Name() string { return doorName }

// MachinePaths are the paths to which other machines and other sites' forms may
// post; the shell lets them through. None of them changes anything for a cookie.
func MachinePaths() []string {
	return []string{wire.TokenPath, wire.IntrospectionPath, wire.RevocationPath, wire.PushedPath, wire.UserInfoPath, wire.MatchPath, wire.RegistrationPath, wire.AuthorizationPath, wire.EndSessionPath}
}

// Mount adds the endpoints.
func (p *Provider) Mount(mux *http.ServeMux) {
	shell := p.Broker.Shell
	shell.Handle(mux, "GET "+wire.AuthorizationPath, p.recordedPage(p.authorize))
	shell.Handle(mux, "POST "+wire.AuthorizationPath, p.postedElsewhere)
	shell.Handle(mux, "GET "+wire.EndSessionPath, p.recordedPage(p.endSession))
	shell.Handle(mux, "POST "+wire.EndSessionPath, p.postedElsewhere)
	shell.Handle(mux, "POST "+confirmPath, p.confirmEnd)

	mux.Handle("GET "+wire.DiscoveryPath, http.HandlerFunc(p.describeSelf))
	mux.Handle("GET "+wire.JWKSPath, http.HandlerFunc(p.showKeys))
	mux.Handle("POST "+wire.TokenPath, p.machine(p.token))
	mux.Handle("POST "+wire.IntrospectionPath, p.machine(p.introspect))
	mux.Handle("POST "+wire.RevocationPath, p.machine(p.revocation))
	mux.Handle("POST "+wire.PushedPath, p.machine(p.push))
	mux.Handle("GET "+wire.UserInfoPath, p.machine(p.userInfo))
	mux.Handle("POST "+wire.UserInfoPath, p.machine(p.userInfo))
	mux.Handle("POST "+wire.MatchPath, p.machine(p.matchAttributes))
	if p.Registry != nil {
		mux.Handle("POST "+wire.RegistrationPath, p.machine(p.register))
		mux.Handle("GET "+wire.RegistrationPath+"/{client}", p.machine(p.readClient))
		mux.Handle("PUT "+wire.RegistrationPath+"/{client}", p.machine(p.changeClient))
		mux.Handle("DELETE "+wire.RegistrationPath+"/{client}", p.machine(p.removeClient))
	}
	for _, path := range []string{wire.TokenPath, wire.RevocationPath, wire.PushedPath, wire.UserInfoPath} {
		mux.Handle("OPTIONS "+path, http.HandlerFunc(p.preflight))
	}
}

// postedElsewhere goes on with the form of another site as if it had been a
// link: a browser does not send our cookies with a form from elsewhere
// (SameSite=Lax), but it does with the address it is then sent to.
func (p *Provider) postedElsewhere(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r)
	if err != nil {
		return p.refuse(w, r, err)
	}
	parameters, err := wire.ParseParameters(form)
	if err != nil {
		return p.refuse(w, r, err)
	}
	return web.SeeOther(w, r, r.URL.Path+"?"+parameters.Encode())
}
