package provider

import (
	"context"
	"net/http"
	"strings"
	"time"

	"kapu/internal/federation/oidc/wire"
	"kapu/internal/store"
)

// pushedLife is how long a pushed request waits for its visitor (RFC 9126, 2.2;
// FAPI 2.0, 5.3.2.2 asks for less than ten minutes).
const pushedLife = time.Minute

// maxPushed is how long a pushed request may be, in bytes: it travels through
// the browser, sealed.
const maxPushed = 5 << 10

// pushedRequest is what the request_uri of a pushed request holds. Nothing is
// written for it, so that nobody can fill the database by pushing.
type pushedRequest struct {
	ID      string `json:"i"`
	Service string `json:"s"`
	Query   string `json:"q"` // the parameters; those of its request object, if it came in one
	Signed  bool   `json:"o,omitempty"`
	Expires int64  `json:"x"` // milliseconds since 1970
}

const pushedPurpose = "oidc/pushed"

// push is the pushed authorization request endpoint (RFC 9126, 2).
func (p *Provider) push(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r)
	if err != nil {
		return err
	}
	parameters, err := wire.ParseParameters(form)
	if err != nil {
		return err
	}
	who, err := p.authenticate(r, parameters)
	if err != nil {
		return err
	}
	a := ask{service: who.service, pushed: store.NewID()}
	if err := p.readPushed(r.Context(), &a, parameters.Asking().With("client_id", who.service.OIDC.ClientID)); err != nil {
		return err
	}
	if err := p.bindPushed(w, r, &a); err != nil {
		return err
	}
	name, err := p.sealPushed(a)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, wire.Pushed{RequestURI: name, ExpiresIn: int64(pushedLife.Seconds())})
}

// readPushed checks all of a request that can be checked without its visitor, as
// the authorization endpoint will.
func (p *Provider) readPushed(ctx context.Context, a *ask, asked wire.Parameters) error {
	if asked.Get("request_uri") != "" {
		return wire.Refuse(wire.InvalidRequest, "RFC 9126, 2.1", "request_uri must not be pushed")
	}
	if err := p.read(ctx, a, asked); err != nil {
		return err
	}
	if err := a.vouched(nil); err != nil {
		return err
	}
	_, _, err := p.demanded(*a)
	return err
}

// bindPushed binds the code to the DPoP key of which the client showed a proof,
// as if it had sent dpop_jkt (RFC 9449, 10.1). That the proof came before does no
// harm: it binds to a key that only its owner has, so nothing is written for it.
func (p *Provider) bindPushed(w http.ResponseWriter, r *http.Request, a *ask) error {
	proof, err := p.proofOf(w, r, wire.PushedPath, "")
	jkt := proof.Thumbprint
	switch {
	case err != nil:
		return err
	case jkt == "":
		return nil
	case a.q.JKT != "" && a.q.JKT != jkt:
		return wire.Refuse(wire.InvalidRequest, "RFC 9449, 10.1", "dpop_jkt is not the thumbprint of the key of the proof")
	}
	a.parameters = a.parameters.With("dpop_jkt", jkt)
	return nil
}

func (p *Provider) sealPushed(a ask) (string, error) {
	query := a.parameters.Encode()
	if len(query) > maxPushed {
		return "", wire.Refuse(wire.InvalidRequest, "RFC 9126, 2.3", "the request is too large")
	}
	sealed, err := p.Broker.Ring.SealValue(pushedPurpose, pushedRequest{
		ID: a.pushed, Service: a.service.ID, Query: query, Signed: a.signed, Expires: p.Broker.Now().Add(pushedLife).UnixMilli(),
	})
	return wire.PushedPrefix + sealed, err
}

// pull opens a pushed request. It opens once: after the service had its answer,
// it is refused.
func (p *Provider) pull(ctx context.Context, a *ask, name string) (wire.Parameters, error) {
	const section = "RFC 9126, 4"
	var pushed pushedRequest
	if !p.Broker.Ring.UnsealValue(pushedPurpose, strings.TrimPrefix(name, wire.PushedPrefix), &pushed) || pushed.Service != a.service.ID {
		return wire.Parameters{}, wire.Refuse(wire.InvalidRequestURI, section, "request_uri is not one that this client pushed")
	}
	parameters, err := wire.ParseParameters(pushed.Query)
	if err != nil {
		return wire.Parameters{}, err
	}
	a.pushed, a.signed = pushed.ID, pushed.Signed
	_, used, err := p.Broker.Volatile.Get(ctx, pushedKey(pushed.ID))
	if err != nil {
		return parameters, err
	}
	if used || p.over(pushed.Expires) {
		return parameters, wire.Refuse(wire.InvalidRequestURI, section, "request_uri was used before, or its time is over")
	}
	return parameters, nil
}

func pushedKey(id string) string { return "oidc/pushed/" + id }

// settle uses a pushed request up for the session that it led to: from two tabs
// or by two people it leads to one answer. The same session may have it again,
// since a button that is pressed twice is answered twice.
func (p *Provider) settle(ctx context.Context, id, session string) error {
	if id == "" {
		return nil
	}
	life := pushedLife + p.Broker.Rules(p.Broker.Now()).TransactionLife
	first, err := p.Broker.Volatile.CompareAndSwap(ctx, pushedKey(id), nil, []byte(session), life)
	if err != nil || first {
		return err
	}
	if by, found, err := p.Broker.Volatile.Get(ctx, pushedKey(id)); err != nil || found && string(by) == session {
		return err
	}
	return wire.Refuse(wire.InvalidRequestURI, "RFC 9126, 4", "request_uri was used before")
}
