package provider

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/federation"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
	"kapu/internal/outbound"
)

// Lives of what is issued.
const (
	assertionLife = 5 * time.Minute  // time for the browser to carry it
	earlier       = 30 * time.Second // by which a service's clock may be behind ours
	artifactLife  = time.Minute      // time for the service to fetch what it stands for
	onTheWay      = time.Minute      // from a form of a service to our own page
)

// Config is what the provider works with.
type Config struct {
	Issuer string              // public address of the gateway, without a slash at its end
	Broker *broker.Broker      // leads the visitors; brings database, catalogue, keys and clock
	Keys   *rotation.Sets      // sign what we say: those of OpenID Connect
	Seen   *rotation.Sightings // of services and of who fetches keys; nil: nobody looks
	Log    *slog.Logger        // default slog.Default()
}

// Provider is the door. It is safe for concurrent use.
type Provider struct {
	Config
	metadata     atomic.Pointer[published] // as shown last
	signers      sync.Map                  // kid → *wire.Signer
	certificates sync.Map                  // PEM → *x509.Certificate, of services

	public, private *outbound.Client // to services anywhere, and to those that may be in our own networks

	Logouts federation.Logouts // what came of telling services that sessions have ended
}

// New makes the door. It answers once it is mounted and the broker has it:
// broker.AddDoor.
func New(c Config) *Provider {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	p := &Provider{Config: c}
	p.public, p.private = outbound.New(outbound.Config{Now: c.Broker.Now}), outbound.New(outbound.Config{Private: true, Now: c.Broker.Now})
	return p
}

// doorName is the door's name in authn.Request.Door.
const doorName = "saml"

// Name implements broker.Door.
func (p *Provider) Name() string { return doorName }

// EntityID is our name: the address of our metadata (SAML Metadata, 4.1.1).
func (p *Provider) EntityID() string { return p.Issuer + MetadataPath }

// MachinePaths are the paths to which other machines and other sites' forms may
// post; the shell lets them through. None of them changes anything for a cookie.
func MachinePaths() []string { return []string{signOnPath, artifactPath, logoutPath} }

// Mount adds the endpoints.
func (p *Provider) Mount(mux *http.ServeMux) {
	shell := p.Broker.Shell
	mux.Handle("GET "+MetadataPath, http.HandlerFunc(p.showMetadata))
	shell.Handle(mux, "GET "+signOnPath, p.carried(p.signOn))
	shell.Handle(mux, "POST "+signOnPath, p.posted(p.signOn))
	shell.Handle(mux, "GET "+onwardPath, p.onward)
	shell.Handle(mux, "GET "+answerPath, p.bringAnswer)
	shell.Handle(mux, "GET "+catalogue.UnaskedPath+"{service}", p.unasked)
	shell.Handle(mux, "GET "+logoutPath, p.carried(p.logout))
	shell.Handle(mux, "POST "+logoutPath, p.posted(p.logout))
	mux.Handle("POST "+artifactPath, p.machine(p.resolve))
	mux.Handle("POST "+soapPath, p.machine(p.logoutBySOAP))
}

// newID is an ID that nobody can guess (SAML Core, 1.3.4).
func newID() string { return "_" + keys.RandomToken() }

// header is that of a message of ours.
func (p *Provider) header(destination, inResponseTo string) wire.Header {
	return wire.Header{ID: newID(), InResponseTo: inResponseTo, IssueInstant: p.Broker.Now().UTC(), Destination: destination, Issuer: p.EntityID()}
}
