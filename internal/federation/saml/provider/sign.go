package provider

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
)

// AlgorithmsOf are those under which the services are to be answered, by the
// names of package keys.
func AlgorithmsOf(services []*catalogue.Service) (algs []string) {
	for _, s := range services {
		if s.SAML != nil {
			algs = append(algs, keyOf(s.SAML))
		}
	}
	return algs
}

// keyOf is the kind of key that signs for a service.
func keyOf(m *catalogue.SAML) string {
	if m.Algorithm() == catalogue.ECDSASHA256 {
		return keys.ES256
	}
	return keys.RS256
}

// signerFor signs for a service, under the active key of its algorithm.
func (p *Provider) signerFor(s *catalogue.Service) (*wire.Signer, error) {
	return p.signer(keyOf(s.SAML))
}

func (p *Provider) signer(alg string) (*wire.Signer, error) {
	set := p.Keys.Of(alg)
	if set == nil {
		return nil, fmt.Errorf("saml: no key for %s", alg)
	}
	kid, key := set.Active(p.Broker.Now())
	if known, ok := p.signers.Load(kid); ok {
		return known.(*wire.Signer), nil
	}
	certificates, err := p.certificatesOf(set)
	if err != nil {
		return nil, err
	}
	for _, c := range certificates {
		if name, err := keys.Thumbprint(c.PublicKey); err != nil || name != kid {
			continue
		}
		signer, err := wire.NewSigner(key, c)
		if err == nil {
			p.signers.Store(kid, signer)
		}
		return signer, err
	}
	return nil, fmt.Errorf("saml: key %s is not published", kid)
}

// certificatesOf are the certificates of published keys, under the gateway's host name.
func (p *Provider) certificatesOf(set *rotation.Set) ([]*x509.Certificate, error) {
	address, err := url.Parse(p.Issuer)
	if err != nil {
		return nil, err
	}
	return set.Certificates(address.Hostname(), p.Broker.Now())
}

// shownSets are the keys that our metadata show: those that sign them, and those
// that sign for services.
func (p *Provider) shownSets() (sets []*rotation.Set) {
	for _, alg := range []string{keys.RS256, keys.ES256} {
		wanted := alg == keys.RS256 || slices.Contains(AlgorithmsOf(p.Broker.Catalogue.All()), alg)
		if set := p.Keys.Of(alg); wanted && set != nil {
			sets = append(sets, set)
		}
	}
	return sets
}

// published are the certificates of all keys that sign for services, those that
// sign today first (SAML Metadata, 2.4.1.1).
func (p *Provider) publishedKeys() (all []*x509.Certificate, err error) {
	for _, set := range p.shownSets() {
		certificates, err := p.certificatesOf(set)
		if err != nil {
			return nil, err
		}
		active, _ := set.Active(p.Broker.Now())
		slices.SortStableFunc(certificates, func(a, b *x509.Certificate) int { return order(b, active) - order(a, active) })
		all = append(all, certificates...)
	}
	return all, nil
}

func order(c *x509.Certificate, active string) int {
	if kid, err := keys.Thumbprint(c.PublicKey); err == nil && kid == active {
		return 1
	}
	return 0
}

// certificate reads a certificate of a service, once.
func (p *Provider) certificate(text string) (*x509.Certificate, error) {
	if known, ok := p.certificates.Load(text); ok {
		return known.(*x509.Certificate), nil
	}
	c, err := catalogue.ParseCertificate(text)
	if err == nil {
		p.certificates.Store(text, c)
	}
	return c, err
}

// protection is what is done to a response to the service.
func (p *Provider) protection(s *catalogue.Service, partner *catalogue.Partner, success bool) (how wire.Protection, err error) {
	signer, err := p.signerFor(s)
	if err != nil {
		return how, err
	}
	if !success || s.SAML.Signs(catalogue.SignResponse) {
		how.SignResponse = signer
	}
	if success && s.SAML.Signs(catalogue.SignAssertion) {
		how.SignAssertion = signer
	}
	if !success || !s.SAML.EncryptAssertions {
		return how, nil
	}
	c, err := p.certificate(partner.Encryption)
	if err != nil {
		return how, err
	}
	digest := wire.OAEPSHA256
	if s.SAML.Digest() == catalogue.SHA1 {
		digest = wire.OAEPSHA1
	}
	how.Encrypt, err = wire.NewRecipient(c, digest)
	return how, err
}
