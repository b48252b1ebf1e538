package provider

import (
	"net/http"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// client is a client that has proved who it is.
type client struct {
	service    *catalogue.Service
	method     wire.AuthMethod
	thumbprint string // x5t#S256 of the TLS certificate it showed (RFC 8705, 3.1); "" for none
}

// errClient is all that a stranger is told: not whether the client exists, nor
// how it should have proved itself.
var errClient = wire.Refuse(wire.InvalidClient, "RFC 6749, 5.2", "the client is unknown or its credentials are wrong")

// authenticate finds out which client sent the request, by the one method that
// the client is registered for. Its errors for the client are *wire.Error.
func (p *Provider) authenticate(r *http.Request, form wire.Parameters) (client, error) {
	said, err := wire.ParseClient(form, r.Header.Get("Authorization"))
	if err != nil {
		return client{}, err
	}
	service := p.Broker.Catalogue.Client(said.ID)
	if service == nil {
		return client{}, errClient
	}
	c := client{service: service, method: methodOf(service.OIDC, said)}
	p.exchangeProof(r, c, form)
	shown, err := p.shown(r)
	if err != nil {
		return client{}, err
	}
	if err := p.prove(r, c, said, shown); err != nil {
		return client{}, err
	}
	c.thumbprint = shown.thumbprint()
	p.sawClient(r, c)
	return c, nil
}

// methodOf is the method that the credentials amount to for a client: without
// any of the others, it is the certificate if the client is registered for one.
func methodOf(o *catalogue.OIDC, said wire.Credentials) wire.AuthMethod {
	registered := wire.AuthMethod(o.AuthMethod)
	if said.Method == wire.NoSecret && (registered == wire.TLS || registered == wire.SelfSignedTLS) {
		return registered
	}
	return said.Method
}

// prove checks the credentials. A client that has a method must use it, and one
// that has none must not claim to.
func (p *Provider) prove(r *http.Request, c client, said wire.Credentials, shown shown) error {
	o := c.service.OIDC
	if !o.Authenticates(string(c.method)) {
		return errClient
	}
	switch c.method {
	case wire.NoSecret:
		return nil
	case wire.SecretBasic, wire.SecretPost:
		return p.proveSecret(o, said.Secret)
	case wire.SecretJWT, wire.PrivateKeyJWT:
		return p.proveAssertion(r, o, said.Assertion)
	case wire.TLS:
		return p.proveAuthority(o, shown)
	case wire.SelfSignedTLS:
		return p.proveKey(r.Context(), o, shown)
	}
	return errClient
}

// describeClients says how clients may prove who they are: by certificates only
// where somebody asks for them.
func (p *Provider) describeClients(d *wire.Discovery) {
	algs := append([]string{string(jose.HS256)}, catalogue.SigningAlgs(&catalogue.OIDC{})...)
	d.AuthAlgs, d.IntrospectionAuthAlgs, d.RevocationAuthAlgs = algs, algs, algs
	if p.Registry == nil {
		d.RegistrationEndpoint = ""
	}
	switch {
	case p.Mutual.Base != "":
		d.MutualEndpoints = wire.EndpointsAt(p.Mutual.Base)
	case p.Mutual.Header == "":
		d.CertificateBound = false
		for _, methods := range []*[]wire.AuthMethod{&d.AuthMethods, &d.IntrospectionMethods, &d.RevocationMethods} {
			*methods = slices.DeleteFunc(*methods, func(m wire.AuthMethod) bool { return m == wire.TLS || m == wire.SelfSignedTLS })
		}
	}
}
