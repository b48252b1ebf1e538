package provider

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net/http"

	"github.com/go-jose/go-jose/v4"

	"kapu/internal/catalogue"
	"kapu/internal/federation/oidc/wire"
)

// Mutual is how clients show certificates (RFC 8705). Without any of it nobody's
// certificate counts.
type Mutual struct {
	// Base is the address at which TLS asks for a certificate, without a slash at
	// the end; "" for none. Browsers would bother people who own one with the
	// question, so it is better not the issuer's (RFC 8705, 5).
	Base string
	// Authorities vouch for the certificates of tls_client_auth.
	Authorities *x509.CertPool
	// Header is where the proxy that ends TLS puts the certificate (RFC 9440, 2.2);
	// "" where TLS ends here. Whoever can reach us past the proxy could make it up.
	Header string
}

// shown is the certificate that a client showed, the first of its chain, of
// whose key it has proved possession; empty for none.
type shown []*x509.Certificate

// shown finds the certificate of a request.
func (p *Provider) shown(r *http.Request) (shown, error) {
	if p.Mutual.Header == "" {
		if r.TLS == nil {
			return nil, nil
		}
		return r.TLS.PeerCertificates, nil
	}
	lines := r.Header.Values(p.Mutual.Header)
	if len(lines) == 0 || len(lines) == 1 && lines[0] == "" {
		return nil, nil
	}
	certificate, err := wire.ParseClientCert(lines)
	if err != nil {
		return nil, err
	}
	return shown{certificate}, nil
}

// thumbprint is the x5t#S256 to which tokens are bound (RFC 8705, 3.1); "" for
// no certificate.
func (s shown) thumbprint() string {
	if len(s) == 0 {
		return ""
	}
	sum := sha256.Sum256(s[0].Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// proveAuthority takes a certificate that an authority of ours vouches for, and
// that has the registered name (RFC 8705, 2.1).
func (p *Provider) proveAuthority(o *catalogue.OIDC, s shown) error {
	if len(s) == 0 || p.Mutual.Authorities == nil {
		return errClient
	}
	between := x509.NewCertPool()
	for _, c := range s[1:] {
		between.AddCert(c)
	}
	_, err := s[0].Verify(x509.VerifyOptions{
		Roots: p.Mutual.Authorities, Intermediates: between, CurrentTime: p.Broker.Now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil || !o.HasCertificate(s[0]) {
		return errClient
	}
	return nil
}

// proveKey takes any certificate with a key that the client has registered (RFC
// 8705, 2.2). Nobody vouches for it, so its names and times mean nothing.
func (p *Provider) proveKey(ctx context.Context, o *catalogue.OIDC, s shown) error {
	if len(s) == 0 {
		return errClient
	}
	for _, get := range []func(context.Context, *catalogue.OIDC) (*jose.JSONWebKeySet, error){p.clientKeys, p.clientKeysAgain} {
		keys, err := get(ctx, o)
		if err != nil {
			return p.keyless(o, err)
		}
		for _, key := range keys.Keys {
			if known, err := x509.MarshalPKIXPublicKey(key.Key); err == nil && bytes.Equal(known, s[0].RawSubjectPublicKeyInfo) {
				return nil
			}
		}
	}
	return errClient
}
