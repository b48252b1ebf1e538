package thirdparty

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/app/demo"
	"kapu/internal/catalogue"
	oidc "kapu/internal/federation/oidc/provider"
)

// A certificate with its key, as PEM and as Go has it.
type certificate struct {
	cert, key string
	parsed    *x509.Certificate
	pair      tls.Certificate
}

// issue makes a certificate; by is who vouches for it, nil for itself.
func issue(t testing.TB, name string, by *certificate, usage x509.ExtKeyUsage) *certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{usage}, BasicConstraintsValid: true,
	}
	parent, signer := template, key
	if by == nil {
		template.IsCA, template.KeyUsage, template.ExtKeyUsage = true, x509.KeyUsageCertSign, nil
	} else {
		parent, signer = by.parsed, by.pair.PrivateKey.(*ecdsa.PrivateKey)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	check(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err)
	c := &certificate{
		cert: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		key:  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	}
	c.parsed, err = x509.ParseCertificate(der)
	check(t, err)
	c.pair, err = tls.X509KeyPair([]byte(c.cert), []byte(c.key))
	check(t, err)
	return c
}

// second starts another process' worth of the same gateway, on the same database,
// that asks for certificates; it returns where and how it describes itself.
func second(t testing.TB, authority *certificate) (*app.App, map[string]any) {
	t.Helper()
	open(t)
	l, err := net.Listen("tcp", "localhost:0")
	check(t, err)
	parts, err := demo.Parts(house.folder, slog.New(slog.DiscardHandler))
	check(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	check(t, err)
	parts.Mutual = oidc.Mutual{Base: "https://localhost:" + port, Authorities: x509.NewCertPool()}
	parts.Mutual.Authorities.AddCert(authority.parsed)
	a, err := app.New(t.Context(), parts)
	check(t, err)
	t.Cleanup(func() { check(t, a.Close()) })
	server := issue(t, "localhost", authority, x509.ExtKeyUsageServerAuth)
	settings := &tls.Config{Certificates: []tls.Certificate{server.pair}, ClientAuth: tls.RequestClientCert}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(ctx, app.NewServer(a.Handler, settings, parts.Log), l) }()
	t.Cleanup(func() { stop(); check(t, <-ended) })
	return a, describes(t, parts.Mutual.Base, authority)
}

// describes is the discovery document of the process at that address.
func describes(t testing.TB, base string, authority *certificate) (d map[string]any) {
	t.Helper()
	trusted := x509.NewCertPool()
	trusted.AddCert(authority.parsed)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	defer client.CloseIdleConnections()
	res, err := client.Get(base + "/.well-known/openid-configuration")
	check(t, err)
	defer res.Body.Close()
	check(t, json.NewDecoder(res.Body).Decode(&d))
	return d
}

// A service proves itself by a certificate, and its tokens are bound to that.
func TestCertificatesOfOpenIDClient(t *testing.T) {
	n := startNode(t)
	b, c := in(t)
	authority := issue(t, "Authority", nil, 0)
	own := issue(t, "service.example", authority, x509.ExtKeyUsageClientAuth)
	a, description := second(t, authority)
	s := service("node-certificate", func(o *catalogue.OIDC) {
		o.AuthMethod, o.TLSName, o.TLSBound = "tls_client_auth", "service.example", true
		o.GrantTypes = []string{"authorization_code", "client_credentials"}
	})
	register(t, s)
	check(t, a.CheckService(t.Context(), s))
	connect := with{
		"server": description, "metadata": with{"use_mtls_endpoint_aliases": true},
		"tls": with{"cert": own.cert, "key": own.key, "ca": authority.cert},
	}
	trial := connected(t, n, b, s, "", connect)
	trial.signsIn(with{"scope": "openid profile"}, with{"par": true})
	trial.knows(c)
	said := trial.does("introspect", nil)
	if bound, _ := said["cnf"].(map[string]any); text(bound, "x5t#S256") == "" {
		t.Errorf("introspection says %v", said)
	}
	trial.does("machine", nil)

	stranger := issue(t, "other.example", authority, x509.ExtKeyUsageClientAuth)
	connect["tls"] = with{"cert": stranger.cert, "key": stranger.key, "ca": authority.cert}
	connected(t, n, b, s, "", connect).fails("basic", "machine", nil) // the challenge of a 401
}
