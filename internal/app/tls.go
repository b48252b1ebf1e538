package app

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"

	"kapu/internal/config"
	oidc "kapu/internal/federation/oidc/provider"
)

// Certificates is the TLS of the gateway's own pages, or nil behind a proxy.
func Certificates(c *config.Config) (*tls.Config, error) {
	if c.TLS == nil {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(c.TLS.Certificate, c.TLS.Key)
	if err != nil {
		return nil, fmt.Errorf("tls: %w", err)
	}
	base := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if c.Mutual.Address == "" {
		return base, nil
	}
	return asking(base, c.Mutual.Address)
}

// asking asks whoever comes to one address for a certificate, and nobody else: a
// browser would trouble everybody who has one with the question. It is only
// asked for, not verified: what it is worth depends on the client that shows it
// (RFC 8705, 2.2).
func asking(base *tls.Config, address string) (*tls.Config, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("mutual_tls: %w", err)
	}
	asked := base.Clone()
	asked.ClientAuth = tls.RequestClientCert
	base.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if strings.EqualFold(hello.ServerName, u.Hostname()) {
			return asked, nil
		}
		return nil, nil
	}
	return base, nil
}

// mutual is how services show certificates.
func mutual(c *config.Config) (m oidc.Mutual, err error) {
	m = oidc.Mutual{Base: strings.TrimSuffix(c.Mutual.Address, "/"), Header: c.ProxyCertificate}
	if c.Mutual.Authorities != "" {
		m.Authorities, err = readPool(c.Mutual.Authorities)
	}
	return m, err
}
