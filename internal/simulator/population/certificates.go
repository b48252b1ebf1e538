package population

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"time"

	registerhttp "kapu/internal/register/http"
)

// Certificates are both ends of mutual TLS on loopback, below a root whose key is forgotten at once.
type Certificates struct {
	Server *tls.Config // for Server
	Client *tls.Config // for registerhttp.Config
}

// certificateLife is short: the certificates live in memory, as long as a demo or a test.
const certificateLife = 90 * 24 * time.Hour

// NewCertificates makes the two ends anew.
func NewCertificates(now time.Time) (Certificates, error) {
	root := template(now, "kapu simulator root")
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	signed, err := sign(root, nil)
	if err != nil {
		return Certificates{}, err
	}
	server := template(now, "kapu population simulator")
	server.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server.DNSNames, server.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	serverEnd, err := sign(server, &signed)
	if err != nil {
		return Certificates{}, err
	}
	client := template(now, "kapu gateway")
	client.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	clientEnd, err := sign(client, &signed)
	if err != nil {
		return Certificates{}, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(signed.Leaf)
	return Certificates{registerhttp.ServerTLS(serverEnd, roots), registerhttp.ClientTLS(clientEnd, roots)}, nil
}

func template(now time.Time, name string) *x509.Certificate {
	return &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
	}
}

// sign makes a key for the certificate and has it signed by the issuer, or by itself.
func sign(certificate *x509.Certificate, issuer *tls.Certificate) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("population: key: %w", err)
	}
	parent, signer := certificate, key
	if issuer != nil {
		parent, signer = issuer.Leaf, issuer.PrivateKey.(*ecdsa.PrivateKey)
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, parent, key.Public(), signer)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("population: certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("population: certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
