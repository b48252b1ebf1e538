package provider

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/federation/oidc/wire"
)

// How old or young a DPoP proof may be. FAPI 2.0 Security Profile, 5.3.2.1: a
// clock 10 seconds ahead is accepted, one 60 seconds ahead refused.
const (
	proofPast   = time.Minute
	proofFuture = 30 * time.Second
)

// nonceSlot is how long a nonce is handed out; it is accepted for as long again.
const nonceSlot = time.Minute

// proofOf checks the DPoP proof of a request, made for one of our paths (RFC
// 9449, 4.3); without a header it is the zero Proof. ath is the digest of the
// access token that must go with it, or "". It writes nothing: whether the proof
// came before is for [Provider.useUp], once the request has turned out to be
// somebody's, so that strangers cannot fill the database.
func (p *Provider) proofOf(w http.ResponseWriter, r *http.Request, path, ath string) (proof wire.Proof, err error) {
	header := r.Header.Values(wire.ProofHeader)
	if len(header) == 0 {
		return proof, nil
	}
	if proof, err = wire.ParseProof(header); err != nil {
		return proof, err
	}
	if err := p.checkProof(proof, r.Method, path, ath); err != nil {
		return proof, err
	}
	now := p.Broker.Now()
	w.Header().Set(wire.NonceHeader, p.nonce(now)) // for the next one (RFC 9449, 8.2)
	if !p.ours(proof.Nonce, now) {
		err = wire.Refuse(wire.UseNonce, "RFC 9449, 8", "the proof must hold the nonce of the %s header", wire.NonceHeader)
	}
	return proof, err
}

// useUp refuses a proof that came before (RFC 9449, 11.1).
func (p *Provider) useUp(ctx context.Context, proof wire.Proof) error {
	if proof.Thumbprint == "" {
		return nil
	}
	key := "oidc/proof/" + p.Broker.Ring.Digest("oidc/proof", proof.Thumbprint+" "+proof.ID)
	first, err := p.Broker.Volatile.CompareAndSwap(ctx, key, nil, []byte("1"), proofPast+proofFuture)
	if err == nil && !first {
		err = wire.Refuse(wire.InvalidProof, "RFC 9449, 11.1", "the proof was used before: each request needs a jti of its own")
	}
	return err
}

// checkProof holds a proof against the request and the clock.
func (p *Provider) checkProof(proof wire.Proof, method, path, ath string) error {
	const section = "RFC 9449, 4.3"
	now := float64(p.Broker.Now().UnixMilli()) / 1000
	switch {
	case !proof.For(method, p.addressesOf(path)...):
		return wire.Refuse(wire.InvalidProof, section, "htm and htu of the proof are not those of the request")
	case !(proof.Issued > now-proofPast.Seconds() && proof.Issued < now+proofFuture.Seconds()):
		return wire.Refuse(wire.InvalidProof, section, "iat of the proof is too far from our time")
	case ath != "" && subtle.ConstantTimeCompare([]byte(ath), []byte(proof.AccessToken)) != 1:
		return wire.Refuse(wire.InvalidProof, section, "ath of the proof is not the digest of the access token")
	}
	return nil
}

// addressesOf are the addresses at which a path of ours is reached.
func (p *Provider) addressesOf(path string) []string {
	if p.Mutual.Base == "" {
		return []string{p.Issuer + path}
	}
	return []string{p.Issuer + path, p.Mutual.Base + path}
}

// nonce is the nonce to put into proofs at now. It follows from the time under
// our key, so nothing is remembered, and all processes know each other's.
func (p *Provider) nonce(now time.Time) string {
	return p.Broker.Ring.Digest("oidc/dpop-nonce", strconv.FormatInt(now.UnixMilli()/nonceSlot.Milliseconds(), 10))
}

// ours tells whether a nonce is one that we handed out a short while ago.
func (p *Provider) ours(nonce string, now time.Time) bool {
	same := func(known string) bool { return subtle.ConstantTimeCompare([]byte(nonce), []byte(known)) == 1 }
	present, former := same(p.nonce(now)), same(p.nonce(now.Add(-nonceSlot)))
	return present || former
}

// binding is the key to which access tokens are to be bound, and the proof of it
// that came with the request, not used up yet.
type binding struct {
	wire.Confirmation
	proof wire.Proof
}

// binding tells to which key the client's access tokens are to be bound, by the
// proof and the certificate that came with the request to the token endpoint.
func (p *Provider) binding(w http.ResponseWriter, r *http.Request, who client) (b binding, err error) {
	o := who.service.OIDC
	if b.proof, err = p.proofOf(w, r, wire.TokenPath, ""); err != nil {
		return b, err
	}
	b.JKT = b.proof.Thumbprint
	if o.TLSBound || o.FAPI() && b.JKT == "" {
		b.X5T = who.thumbprint
	}
	switch {
	case o.DPoPBound && b.JKT == "":
		return b, wire.Refuse(wire.InvalidProof, "RFC 9449, 5.2", "the client is registered for dpop_bound_access_tokens: send a proof")
	case o.TLSBound && b.X5T == "":
		return b, wire.Refuse(wire.InvalidRequest, "RFC 8705, 3", "the client is registered for tls_client_certificate_bound_access_tokens: show a certificate")
	case o.FAPI() && b.Confirmation == (wire.Confirmation{}):
		return b, wire.Refuse(wire.InvalidRequest, "FAPI 2.0 Security Profile, 5.3.2.1", "access tokens must be bound: send a DPoP proof, or show a certificate")
	}
	return b, nil
}
