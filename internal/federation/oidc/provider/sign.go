package provider

import (
	"encoding/json"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"

	"kapu/internal/federation/oidc/wire"
	"kapu/internal/keys/rotation"
)

// sign makes an ID token: a compact JWS (RFC 7515, 7.1) under the active key.
func (p *Provider) sign(t wire.IDToken) (string, error) {
	payload, err := t.Payload()
	if err != nil {
		return "", err
	}
	signer, err := p.signer()
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// signer is the signer of the active key, made once for each key.
func (p *Provider) signer() (jose.Signer, error) {
	kid, key := p.Keys.Active(p.Broker.Now())
	if known, ok := p.signers.Load(kid); ok {
		return known.(jose.Signer), nil
	}
	opaque := jose.SigningKey{Algorithm: jose.ES256, Key: &jose.JSONWebKey{Key: cryptosigner.Opaque(key), KeyID: kid}}
	signer, err := jose.NewSigner(opaque, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	p.signers.Store(kid, signer)
	return signer, nil
}

// readHint reads an ID token of ours that a service gives back. It may be over,
// and signed by a key that is retired, but must be whole (Core, 3.1.2.1).
func (p *Provider) readHint(token string) (hint wire.IDToken, ok bool) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return hint, false
	}
	published := p.Keys.Published(p.Broker.Now())
	i := slices.IndexFunc(published, func(k rotation.PublicKey) bool { return k.KID == signed.Signatures[0].Header.KeyID })
	if i < 0 {
		return hint, false
	}
	payload, err := signed.Verify(published[i].Key)
	if err != nil || json.Unmarshal(payload, &hint) != nil || hint.Issuer != p.Issuer {
		return wire.IDToken{}, false
	}
	return hint, true
}
