package provider

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/web"
)

// How long others may keep what we publish: well below the lead with which a
// key is published before it signs (keys.DefaultSchedule).
const discoveryAge, jwksAge = 24 * time.Hour, time.Hour

// describe makes the discovery document, which never changes while we run.
func (p *Provider) describe() *document {
	d := wire.Describe(p.Issuer)
	d.Scopes = []string{openID, offlineAccess, matchScope}
	for _, s := range scopes {
		d.Scopes = append(d.Scopes, s.name)
	}
	for _, l := range []law.Level{law.Low, law.Substantial, law.High} {
		d.ACRValues = append(d.ACRValues, authn.ACR(l))
	}
	for _, m := range p.Broker.Rules(p.Broker.Now()).Methods {
		if m.Level > law.NoLevel {
			d.ACRValues = append(d.ACRValues, m.ACR())
		}
	}
	for _, l := range web.Langs {
		d.UILocales = append(d.UILocales, string(l))
	}
	p.describeAlgs(&d)
	p.describeClients(&d)
	d.Claims = []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid", "act"}
	for _, c := range catalogue.Claims() {
		d.Claims = append(d.Claims, string(c))
	}
	d.Claims = append(d.Claims, "email_verified")
	d.MatchClaims = catalogue.Names(catalogue.Matchable())
	text, err := json.Marshal(d)
	if err != nil {
		panic(err) // cannot happen: text, lists of text and truth values always marshal
	}
	return newDocument("application/json", discoveryAge, text)
}

// describeAlgs names the algorithms of what a client can have signed and
// encrypted. A security module may not make keys for all of them.
func (p *Provider) describeAlgs(d *wire.Discovery) {
	algs := slices.DeleteFunc(texts(signatureAlgs), func(alg string) bool { return !p.Keys.Makes(alg) })
	for _, list := range []*[]string{&d.IDTokenAlgs, &d.UserInfoAlgs, &d.ResponseAlgs, &d.IntrospectionAlgs} {
		*list = algs
	}
	d.RequestAlgs = catalogue.SigningAlgs(&catalogue.OIDC{})
	for _, list := range []*[]string{&d.IDTokenKeyAlgs, &d.UserInfoKeyAlgs, &d.ResponseKeyAlgs} {
		*list = texts(keyAlgs)
	}
	for _, list := range []*[]string{&d.IDTokenEncryptions, &d.UserInfoEncryptions, &d.ResponseEncryptions} {
		*list = texts(encryptionAlgs)
	}
}

func texts[T ~string](names []T) (list []string) {
	for _, n := range names {
		list = append(list, string(n))
	}
	return list
}

// describeSelf is the discovery endpoint (Discovery 1.0, 4).
func (p *Provider) describeSelf(w http.ResponseWriter, r *http.Request) {
	p.discovery.show(w, r)
}

// publicSet is a JWK set as it is shown, with the keys it was made of.
type publicSet struct {
	kids []string
	*document
}

// showKeys shows the public keys (RFC 7517, 5): those to come, the active one
// and those whose signatures may still be about.
func (p *Provider) showKeys(w http.ResponseWriter, r *http.Request) {
	published := p.Keys.Published(p.Broker.Now())
	set := p.jwks.Load()
	if set == nil || !slices.EqualFunc(set.kids, published, func(kid string, k rotation.PublicKey) bool { return kid == k.KID }) {
		var err error
		if set, err = newPublicSet(published); err != nil {
			p.answerError(w, r, err)
			return
		}
		p.jwks.Store(set)
	}
	p.sawFetch(r, published)
	set.show(w, r)
}

func newPublicSet(published []rotation.PublicKey) (*publicSet, error) {
	var set jose.JSONWebKeySet
	made := &publicSet{}
	for _, k := range published {
		made.kids = append(made.kids, k.KID)
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Key, KeyID: k.KID, Algorithm: k.Alg, Use: "sig"})
	}
	text, err := json.Marshal(set)
	made.document = newDocument("application/jwk-set+json", jwksAge, text)
	return made, err
}
