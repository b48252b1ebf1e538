package registerhttp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// LoadTLS reads a client's side of mutual TLS from PEM files: our certificate and key, and the roots that the
// register's certificate must descend from. The system's roots are not trusted here.
func LoadTLS(certificateFile, keyFile, rootsFile string) (*tls.Config, error) {
	certificate, err := tls.LoadX509KeyPair(certificateFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("register: our certificate: %w", err)
	}
	pem, err := os.ReadFile(rootsFile)
	if err != nil {
		return nil, fmt.Errorf("register: roots: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("register: roots: no certificate in the file")
	}
	return ClientTLS(certificate, roots), nil
}

// ClientTLS shows our certificate and trusts only the given roots.
func ClientTLS(certificate tls.Certificate, roots *x509.CertPool) *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{certificate}, RootCAs: roots, MinVersion: tls.VersionTLS13,
	}
}

// ServerTLS shows the register's certificate and serves nobody without a certificate from the given roots.
func ServerTLS(certificate tls.Certificate, clients *x509.CertPool) *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{certificate}, ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert,
		MinVersion: tls.VersionTLS13,
	}
}
