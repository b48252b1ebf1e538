package provider

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// introspect tells a service what a token of its own is worth (RFC 7662). Of any
// other it says the same as of a made-up one.
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) error {
	who, token, err := p.shownByClient(w, r)
	if err != nil {
		return err
	}
	if who.method == wire.NoSecret {
		return wire.Refuse(wire.InvalidClient, "RFC 7662, 2.1", "only a client that proves who it is may ask what a token is worth")
	}
	said, err := p.worth(r.Context(), who.service, token)
	if err != nil {
		return err
	}
	o := who.service.OIDC
	if o.IntrospectionAlg == "" && !strings.Contains(r.Header.Get("Accept"), wire.MediaIntrospection) {
		return writeJSON(w, http.StatusOK, said)
	}
	return p.saySigned(w, r, who.service, said)
}

// saySigned answers with a JWT, which the service can show to others (RFC 9701).
func (p *Provider) saySigned(w http.ResponseWriter, r *http.Request, service *catalogue.Service, said wire.Introspection) error {
	payload, err := json.Marshal(wire.SignedIntrospection{
		Issuer: p.Issuer, Audience: service.OIDC.ClientID, Issued: p.Broker.Now().Unix(), Said: said,
	})
	if err != nil {
		return err
	}
	text, err := p.speak(r.Context(), service, service.OIDC.IntrospectionAlg, "", "", wire.TypIntrospection, payload)
	if err != nil {
		return err
	}
	writePrivate(w, http.StatusOK, wire.MediaIntrospection, []byte(text))
	return nil
}

// shownByClient reads a request about a token: who sends it, and which token
// (RFC 7662, 2.1; RFC 7009, 2.1). The hint of its type is not needed: a token
// tells it by the purpose it was sealed for.
func (p *Provider) shownByClient(w http.ResponseWriter, r *http.Request) (who client, token string, err error) {
	form, err := readForm(w, r)
	if err != nil {
		return who, "", err
	}
	parameters, err := wire.ParseParameters(form)
	if err != nil {
		return who, "", err
	}
	if who, err = p.authenticate(r, parameters); err != nil {
		return who, "", err
	}
	if token = parameters.Get("token"); token == "" {
		err = wire.Refuse(wire.InvalidRequest, "RFC 7662, 2.1", "token is missing")
	}
	return who, token, err
}

// worth is what a token of the service is worth at the moment. For an access
// token that takes one question to the database.
func (p *Provider) worth(ctx context.Context, service *catalogue.Service, token string) (said wire.Introspection, err error) {
	var a access
	var t refresh
	switch {
	case p.openToken(accessPurpose, token, &a):
		if a.Grant.Service != service.ID || p.over(a.Expires) {
			return said, nil
		}
		said = p.worthOf(service, a.Grant, a.Bound)
		said.TokenType, said.Issued, said.Expires, said.ACR, said.AuthTime = typeOf(a.Bound), a.Issued/1000, a.Expires/1000, a.ACR, a.AuthTime
		err = p.Broker.DB.View(ctx, func(tx *store.Tx) error { return p.inForce(tx, a.Grant) })
	case p.openToken(refreshPurpose, token, &t):
		if t.Grant.Service != service.ID {
			return said, nil
		}
		said = p.worthOf(service, t.Grant, t.Bound)
		said.Expires, said.ACR, said.AuthTime = p.endOf(t.Grant.began()).Unix(), t.ACR, t.AuthTime
		err = p.present(ctx, t)
	}
	if errors.Is(err, errEnded) {
		return wire.Introspection{}, nil
	}
	return said, err
}

func (p *Provider) worthOf(service *catalogue.Service, g grant, bound wire.Confirmation) wire.Introspection {
	said := wire.Introspection{Active: true, Issuer: p.Issuer, ClientID: service.OIDC.ClientID, Scope: strings.Join(g.Asked.Scopes, " ")}
	if g.Person != "" {
		said.Subject, said.Actor = p.subject(service, g.of()), p.actor(service, g)
	}
	if bound != (wire.Confirmation{}) {
		said.Confirmation = &bound
	}
	return said
}

// present tells by errEnded whether a refresh token is no more the one that counts.
func (p *Provider) present(ctx context.Context, t refresh) error {
	return p.Broker.DB.View(ctx, func(tx *store.Tx) error {
		f, err := p.family(tx, t)
		if err == nil && f.Generation != t.Generation {
			return errEnded
		}
		return err
	})
}
