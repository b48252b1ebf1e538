package provider

import (
	"bytes"
	"context"
	"io"
	"net/http"

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
	var form bytes.Buffer
	r.Body = heard{r.Body, &form}
	answer(rec, r)
	if rec.Service == "" {
		p.exchangeUnread(r, form.String())
	}
	if rec.Service == "" {
		return
	}
	if rec.Exchange.Fault == nil {
		rec.Exchange.Answer = p.answered(rec)
	}
	p.keepExchange(r.Context(), rec.Service, rec.Exchange)
}

// heard is the body of a request that is kept until it is known whose it is.
type heard struct {
	io.ReadCloser
	so *bytes.Buffer
}

// Read implements io.Reader.
func (h heard) Read(into []byte) (int, error) {
	n, err := h.ReadCloser.Read(into)
	h.so.Write(into[:min(n, wire.MaxRequest-h.so.Len())])
	return n, err
}

// exchangeUnread is for a request that was refused before it was read as far as
// to its service: it is that of the client that it names.
func (p *Provider) exchangeUnread(r *http.Request, form string) {
	q, _ := wire.ParseParameters(form) // what is left is sound
	id := q.Get("client_id")
	if said, err := wire.ParseClient(wire.Parameters{}, r.Header.Get("Authorization")); id == "" && err == nil {
		id = said.ID
	}
	if service := p.Broker.Catalogue.Client(id); service != nil {
		p.exchangeOf(r, service, q)
	}
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
