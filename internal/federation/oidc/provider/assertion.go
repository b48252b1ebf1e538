package provider

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// Bounds of a client's assertion.
const (
	longestAssertion = time.Hour        // from now to exp, and from iat to now
	clockSkew        = 30 * time.Second // by which a client's clock may differ (FAPI 2.0, 5.3.2.1 asks for 10 to 60)
	longestJTI       = 256              // bytes
)

// proveAssertion checks an assertion (RFC 7523, 3; Core, 9). What is wrong with
// its claims is told only to whoever has signed it as the client.
func (p *Provider) proveAssertion(r *http.Request, o *catalogue.OIDC, assertion string) error {
	payload, err := p.verifyAssertion(r.Context(), o, assertion)
	if err != nil {
		return err
	}
	a, ok := wire.ParseClientAssertion(payload)
	if !ok {
		return wire.Refuse(wire.InvalidClient, "RFC 7523, 3", "the claims of client_assertion are not of the form that the standard gives them")
	}
	if err := p.checkAssertion(a, o, r.URL.Path); err != nil {
		return err
	}
	return p.once(r.Context(), o, a)
}

func (p *Provider) verifyAssertion(ctx context.Context, o *catalogue.OIDC, assertion string) ([]byte, error) {
	if o.AuthMethod == string(wire.SecretJWT) {
		return p.verifyBySecret(o, assertion)
	}
	payload, _, err := p.verifyByClient(ctx, o, assertion, assertionAlgs(o))
	return payload, err
}

// assertionAlgs are the algorithms under which a client may sign what it says:
// the one that it is registered for, or all of those that its profile has.
func assertionAlgs(o *catalogue.OIDC) (algs []jose.SignatureAlgorithm) {
	for _, alg := range catalogue.SigningAlgs(o) {
		if o.AuthAlg == "" || o.AuthAlg == alg {
			algs = append(algs, jose.SignatureAlgorithm(alg))
		}
	}
	return algs
}

// verifyByClient verifies a compact JWS under the client's own keys, and no
// others: keys that the header brings or points to (jwk, jku, x5c, x5u) are
// nobody's. Its errors say invalid_client; what else a caller wants to say, it
// says itself.
func (p *Provider) verifyByClient(ctx context.Context, o *catalogue.OIDC, text string, algs []jose.SignatureAlgorithm) ([]byte, jose.Header, error) {
	signed, err := jose.ParseSignedCompact(text, algs)
	if err != nil || len(signed.Signatures) != 1 {
		return nil, jose.Header{}, errClient
	}
	header := signed.Signatures[0].Header
	keys, err := p.clientKeys(ctx, o)
	if err != nil {
		return nil, header, p.keyless(o, err)
	}
	found := catalogue.KeysFor(keys, header.KeyID, header.Algorithm)
	if len(found) == 0 {
		if keys, err = p.clientKeysAgain(ctx, o); err != nil {
			return nil, header, p.keyless(o, err)
		}
		found = catalogue.KeysFor(keys, header.KeyID, header.Algorithm)
	}
	for _, key := range found {
		if payload, err := signed.Verify(key.Key); err == nil {
			return payload, header, nil
		}
	}
	return nil, header, errClient
}

// keyless tells the operator that a client's keys cannot be had, and the client
// no more than that.
func (p *Provider) keyless(o *catalogue.OIDC, err error) error {
	p.Log.Warn("oidc: keys of a client", "client", o.ClientID, "cause", err)
	return wire.Refuse(wire.InvalidClient, "RFC 7591, 2", "the client's keys cannot be read: its jwks_uri does not answer, or with something else")
}

// verifyBySecret verifies an assertion under the client's secret, or the one
// before while that still counts.
func (p *Provider) verifyBySecret(o *catalogue.OIDC, assertion string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(assertion, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		return nil, errClient
	}
	sealed := []string{o.SealedSecret}
	if o.FormerSealed != "" && p.Broker.Now().Before(o.FormerUntil) {
		sealed = append(sealed, o.FormerSealed)
	}
	for _, s := range sealed {
		secret, err := p.Broker.Ring.Unseal(sealPurpose(o.ClientID), s)
		if err != nil {
			p.Log.Warn("oidc: the sealed secret of a client cannot be opened", "client", o.ClientID)
			continue
		}
		if payload, err := signed.Verify(secret); err == nil {
			return payload, nil
		}
	}
	return nil, errClient
}

// checkAssertion checks the claims of an assertion that the client has signed.
func (p *Provider) checkAssertion(a wire.ClientAssertion, o *catalogue.OIDC, path string) error {
	now := p.Broker.Now()
	latest, earliest := seconds(now.Add(clockSkew)), seconds(now.Add(-clockSkew))
	wrong := ""
	switch {
	case a.Issuer != o.ClientID || a.Subject != o.ClientID:
		wrong = "iss and sub must both be the client_id"
	case !p.addressed(a, o, path):
		wrong = "aud must be the issuer"
	case a.Expires <= earliest:
		wrong = "exp is missing or over"
	case a.Expires > seconds(now.Add(longestAssertion)):
		wrong = "exp is more than an hour away"
	case a.NotBefore > latest:
		wrong = "nbf is yet to come"
	case a.Issued > latest:
		wrong = "iat is yet to come"
	case a.Issued != 0 && a.Issued < seconds(now.Add(-longestAssertion)):
		wrong = "iat is more than an hour ago"
	case a.ID == "" || len(a.ID) > longestJTI:
		wrong = "jti is missing or too long"
	}
	if wrong == "" {
		return nil
	}
	return wire.Refuse(wire.InvalidClient, "RFC 7523, 3", "client_assertion: %s", wrong)
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// addressed tells whether an assertion is for us and for nobody else, who could
// replay it here: for the issuer, or by the older habit the token endpoint or
// the one that was called (RFC 9126, 2). FAPI 2.0 has the issuer only, as a text
// by itself (5.3.2.1).
func (p *Provider) addressed(a wire.ClientAssertion, o *catalogue.OIDC, path string) bool {
	ours := []string{p.Issuer}
	if !o.FAPI() {
		ours = append(ours, p.Issuer+wire.TokenPath, p.Issuer+path)
		if p.Mutual.Base != "" {
			ours = append(ours, p.Mutual.Base+wire.TokenPath, p.Mutual.Base+path)
		}
	} else if !a.OneString {
		return false
	}
	return len(a.Audience) > 0 && !slices.ContainsFunc(a.Audience, func(to string) bool { return !slices.Contains(ours, to) })
}

// once takes an assertion only once (RFC 7523, 3): whoever reads it on its way
// cannot use it again.
func (p *Provider) once(ctx context.Context, o *catalogue.OIDC, a wire.ClientAssertion) error {
	now := p.Broker.Now()
	left := time.Duration((a.Expires - seconds(now)) * float64(time.Second))
	key := "oidc/jti/" + p.Broker.Ring.Digest("oidc/jti", o.ClientID+" "+a.ID)
	first, err := p.Broker.Volatile.CompareAndSwap(ctx, key, nil, []byte("1"), left+2*clockSkew)
	if err != nil || first {
		return err
	}
	return wire.Refuse(wire.InvalidClient, "RFC 7523, 3", "client_assertion: jti was used before")
}
