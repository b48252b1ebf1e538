package app_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/config"
)

// writePair writes a certificate for the hosts, signed by itself, and its key.
func writePair(t *testing.T, hosts ...string) (c, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: hosts, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("c.pem", "CERTIFICATE", der), write("k.pem", "PRIVATE KEY", pkcs8)
}

// Browsers come to the issuer's host and are never asked for a certificate.
func TestCertificatesAreAskedForAtOneHost(t *testing.T) {
	certificate, key := writePair(t, "kapu.example", "mtls.kapu.example")
	settings, err := app.Certificates(&config.Config{TLS: &config.Pair{Certificate: certificate, Key: key}, Mutual: config.Mutual{Address: "https://mtls.kapu.example"}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := app.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) > 0 {
			w.WriteHeader(http.StatusAccepted)
		}
	}), settings, slog.New(slog.DiscardHandler))
	go func() { _ = server.ServeTLS(l, "", "") }()
	t.Cleanup(func() { server.Close() })
	own, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"kapu.example": http.StatusOK, "mtls.kapu.example": http.StatusAccepted} {
		asked := false
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
			ServerName: host, InsecureSkipVerify: true, // the test is about what the server asks
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { asked = true; return &own, nil },
		}}}
		answer, err := client.Get("https://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want || asked != (want == http.StatusAccepted) {
			t.Errorf("%s: asked %t, %d", host, asked, answer.StatusCode)
		}
	}
}
