package provider

import (
	"crypto/subtle"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys"
)

// secretPurpose keeps the digests of client secrets apart from others.
const secretPurpose = "client-secret"

// sealPurpose binds a sealed secret to its client.
func sealPurpose(client string) string { return "client-secret-jwt " + client }

// GiveSecret makes a new secret for a client, in the form that its method needs,
// and lets the present one be the former. It returns the secret, which is shown
// once and never again; "" for a client whose method has none.
func GiveSecret(ring *keys.Ring, o *catalogue.OIDC) (secret string, err error) {
	secret = keys.RandomToken()
	switch {
	case o.AuthMethod == string(wire.SecretJWT):
		o.FormerSealed = o.SealedSecret
		o.SealedSecret, err = ring.Seal(sealPurpose(o.ClientID), []byte(secret))
	case o.NeedsSecret() || o.AuthMethod == "":
		o.FormerDigest = o.SecretDigest
		o.SecretDigest = ring.Digest(secretPurpose, secret)
	default:
		return "", nil
	}
	return secret, err
}

// hasSecret tells whether the text is the client's secret, in whichever form that
// is kept.
func (p *Provider) hasSecret(o *catalogue.OIDC, secret string) bool {
	if o.SealedSecret != "" {
		known, err := p.Broker.Ring.Unseal(sealPurpose(o.ClientID), o.SealedSecret)
		return err == nil && subtle.ConstantTimeCompare(known, []byte(secret)) == 1
	}
	return p.proveSecret(o, secret) == nil
}

func (p *Provider) proveSecret(o *catalogue.OIDC, secret string) error {
	digest := p.Broker.Ring.Digest(secretPurpose, secret)
	if secret == "" || !o.KnowsSecret(digest, p.Broker.Now()) {
		return errClient
	}
	return nil
}
