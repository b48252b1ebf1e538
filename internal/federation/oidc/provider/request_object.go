package provider

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// readObject reads a request object (RFC 9101, 6). Nothing but what is within
// counts; keys that its header brings or points to are nobody's. It may come
// twice: the state, the nonce and the challenge within are those of the one
// visit that the client began, and the code goes to the client only.
func (p *Provider) readObject(ctx context.Context, a *ask, text string) (wire.Parameters, error) {
	payload, header, err := p.verifyByClient(ctx, a.service.OIDC, text, objectAlgs(a.service.OIDC))
	if err != nil {
		return wire.Parameters{}, objectFault(err)
	}
	if !objectType(header) {
		return wire.Parameters{}, wire.Refuse(wire.InvalidRequestObject, "RFC 9101, 10.8", "typ must be %s", wire.RequestType)
	}
	object, err := wire.ParseRequestObject(payload)
	if err == nil {
		err = p.checkObject(object, a.service.OIDC)
	}
	a.signed, a.object = true, &object
	return object.Parameters, err
}

// objectFault says of a request object what is wrong with its signature.
func objectFault(err error) error {
	var fault *wire.Error
	switch {
	case !errors.As(err, &fault): // ours
		return err
	case fault == errClient:
		return wire.Refuse(wire.InvalidRequestObject, "RFC 9101, 6.2", "the request object is not a compact JWS that a key of the client verifies, under an algorithm it is registered for")
	}
	return wire.Refuse(wire.InvalidRequestObject, fault.Section, "%s", fault.Description)
}

// objectAlgs are the algorithms under which a client may sign what it asks: the
// one it is registered for, or all of those that its profile has. "none" is not
// among them.
func objectAlgs(o *catalogue.OIDC) (algs []jose.SignatureAlgorithm) {
	for _, alg := range catalogue.SigningAlgs(o) {
		if o.RequestAlg == "" || o.RequestAlg == alg {
			algs = append(algs, jose.SignatureAlgorithm(alg))
		}
	}
	return algs
}

// objectType tells whether a JWT says that it is a request object, or says
// nothing: one that is meant for something else must not be taken for one.
func objectType(header jose.Header) bool {
	typ, _ := header.ExtraHeaders[jose.HeaderType].(string)
	typ = strings.TrimPrefix(strings.ToLower(typ), "application/")
	return typ == "" || typ == "jwt" || typ == wire.RequestType
}

// checkObject checks what a request object says of itself (RFC 9101, 4; RFC 7519, 4.1).
func (p *Provider) checkObject(object wire.RequestObject, o *catalogue.OIDC) error {
	now, wrong := p.Broker.Now(), ""
	switch {
	case object.Parameters.Get("client_id") != o.ClientID:
		wrong = "client_id must be within, and be that of the request"
	case object.Issuer != "" && object.Issuer != o.ClientID:
		wrong = "iss must be the client_id"
	case object.Subject == o.ClientID: // it would pass for the client's assertion (RFC 9101, 10.8)
		wrong = "sub must not be the client_id"
	case len(object.Audience) > 0 && !slices.Contains(object.Audience, p.Issuer):
		wrong = "aud must be the issuer"
	case object.Expires != 0 && object.Expires <= seconds(now.Add(-clockSkew)):
		wrong = "its time is over"
	case object.NotBefore > seconds(now.Add(clockSkew)) || object.Issued > seconds(now.Add(clockSkew)):
		wrong = "nbf or iat is yet to come"
	}
	if wrong == "" {
		return nil
	}
	return wire.Refuse(wire.InvalidRequestObject, "RFC 9101, 4", "%s", wrong)
}

// fetchObject reads a request object that is at an address of the client's
// (RFC 9101, 5.2.2; Core, 6.2). The address must be registered, up to its fragment.
func (p *Provider) fetchObject(ctx context.Context, a *ask, uri string) (wire.Parameters, error) {
	const section = "OpenID Connect Core, 6.2"
	address, hash, _ := strings.Cut(uri, "#")
	registered := slices.ContainsFunc(a.service.OIDC.RequestURIs, func(known string) bool {
		known, _, _ = strings.Cut(known, "#")
		return known == address
	})
	if !registered {
		return wire.Parameters{}, wire.Refuse(wire.InvalidRequestURI, section, "request_uri is not one of those registered, to the letter")
	}
	text, known := p.objects.get(uri)
	if !known {
		body, err := p.fetcher(a.service.OIDC).Get(ctx, address, "application/"+wire.RequestType)
		if text = strings.TrimSpace(string(body)); err != nil || len(text) > wire.MaxRequest {
			p.Log.Warn("oidc: request object of a client", "client", a.service.OIDC.ClientID, "cause", err)
			return wire.Parameters{}, wire.Refuse(wire.InvalidRequestURI, section, "what is at request_uri cannot be read: nothing answers there, or too slowly, or with too much")
		}
		if hash != "" && hash != hashOf(body) {
			return wire.Parameters{}, wire.Refuse(wire.InvalidRequestURI, section, "the fragment of request_uri is not the hash of what is there")
		}
	}
	if hash != "" {
		p.objects.put(uri, text)
	}
	return p.readObject(ctx, a, text)
}

// hashOf is the fragment that a request_uri may have (Core, 6.2).
func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// objectsKept is how many request objects are kept, under 16 KiB each.
const objectsKept = 256

// objects keeps request objects whose address holds their hash: what is there
// can never be another. It is bounded: of too many, some other is forgotten.
type objects struct {
	mu   sync.Mutex
	text map[string]string
}

func newObjects() *objects { return &objects{text: map[string]string{}} }

func (o *objects) get(uri string) (text string, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	text, ok = o.text[uri]
	return text, ok
}

func (o *objects) put(uri, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for other := range o.text {
		if len(o.text) < objectsKept {
			break
		}
		delete(o.text, other)
	}
	o.text[uri] = text
}
