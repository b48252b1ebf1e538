package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/config"
	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/store"
)

// earnest writes a complete configuration into a folder of the test's own.
func earnest(t *testing.T) (dir string, c *config.Config) {
	t.Helper()
	dir = t.TempDir()
	certificate(t, dir)
	ring, err := keys.Generate(false)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"keys.json": string(ring),
		"services.yaml": `services:
- {id: tax, name: {hu: Adóhivatal}, url: "https://tax.example.hu/", level: substantial}
`,
		"kapu.yaml": `
issuer: https://kapu.example.hu
database: sqlite:kapu.db
keys: keys.json
services: services.yaml
tls: {certificate: gate.pem, key: gate.key}
register: {url: "https://127.0.0.1:1", ca: gate.pem, certificate: gate.pem, key: gate.key}
mail: {host: mail.example.hu, from: "Kapu <kapu@example.hu>"}
law:
- {rule: activation.period, value: 3 days, from: 2026-01-01, source: "a decree"}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if c, err = config.Load(filepath.Join(dir, "kapu.yaml")); err != nil {
		t.Fatal(err)
	}
	return dir, c
}

// certificate writes a self-signed certificate for kapu.example.hu and its key.
func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kapu.example.hu"}, DNSNames: []string{"kapu.example.hu"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"gate.pem": {Type: "CERTIFICATE", Bytes: der}, "gate.key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAGatewayInEarnestServesTLS(t *testing.T) {
	dir, c := earnest(t)
	log := slog.New(slog.DiscardHandler)
	parts, err := app.Earnest(c, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	a, err := app.New(ctx, parts)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.RefuseDemo(ctx); err != nil {
		t.Fatal(err)
	}
	certificates, err := app.Certificates(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Serve(ctx, app.NewServer(a.Handler, certificates, log), l) }()
	client := clientOf(t, filepath.Join(dir, "gate.pem"), l.Addr().String())
	for path, want := range map[string]int{"/readyz": 200, "/": 200, "/office": 303, "/demo": 404, "/gallery": 404, "/inbox": 404} {
		res, err := client.Get("https://kapu.example.hu" + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", path, res.StatusCode, want)
		}
		if res.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("GET %s: no HSTS over https", path)
		}
		for _, cookie := range res.Cookies() {
			if !cookie.Secure || !cookie.HttpOnly || !strings.HasPrefix(cookie.Name, "__Host-") {
				t.Errorf("GET %s: careless cookie %s", path, cookie.Name)
			}
		}
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// clientOf trusts only the given certificate and reaches every name at address.
func clientOf(t *testing.T, roots, address string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(roots)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			},
		},
	}
}

func TestInEarnestTheDemoIsRefused(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	t.Run("its keys", func(t *testing.T) {
		dir, c := earnest(t)
		demo, err := keys.Generate(true)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "keys.json"), demo, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := app.Earnest(c, log); err == nil || !strings.Contains(err.Error(), "demo") {
			t.Errorf("Earnest = %v", err)
		}
	})
	t.Run("its services", func(t *testing.T) {
		dir, c := earnest(t)
		text := fmt.Sprintf("services:\n- {id: %stax, name: {hu: X}, url: \"https://x.example/\", level: low}\n", app.DemoPrefix)
		if err := os.WriteFile(filepath.Join(dir, "services.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := app.Earnest(c, log); err == nil || !strings.Contains(err.Error(), "demo") {
			t.Errorf("Earnest = %v", err)
		}
	})
	t.Run("its clerks", func(t *testing.T) {
		_, c := earnest(t)
		parts, err := app.Earnest(c, log)
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.Open(t.Context(), parts)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		office := identity.Office{ID: app.DemoPrefix + "kisfalud", Kind: identity.GovernmentWindow, Name: "Kisfalud"}
		if err := a.DB.Update(t.Context(), func(tx *store.Tx) error { return tx.PutOffice(office) }); err != nil {
			t.Fatal(err)
		}
		if err := a.RefuseDemo(t.Context()); err == nil {
			t.Error("a desk of the demo was accepted")
		}
	})
}

func TestAKeyFileOthersCanReadIsRefused(t *testing.T) {
	dir, c := earnest(t)
	if err := os.Chmod(filepath.Join(dir, "keys.json"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Earnest(c, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("accepted")
	}
}
