package bench

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
	"kapu/internal/law"
)

// acsURL is where responses would go; nobody listens.
const acsURL = "http://127.0.0.1:1/acs"

// partyFile holds certificate and key of the services that speak SAML, where a
// measurement has any.
const partyFile = "party.pem"

func makePartyKey(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, NotBefore: now, NotAfter: now.AddDate(1, 0, 0)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	text := append([]byte(catalogue.PEMOf(certificate)), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	return os.WriteFile(filepath.Join(dir, partyFile), text, 0o600)
}

func readParty(dir string) (certificate *x509.Certificate, key *ecdsa.PrivateKey, err error) {
	text, err := os.ReadFile(filepath.Join(dir, partyFile))
	if err != nil {
		return nil, nil, err
	}
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	if first == nil || second == nil {
		return nil, nil, errors.New("bench: " + partyFile + " is broken")
	}
	if certificate, err = x509.ParseCertificate(first.Bytes); err != nil {
		return nil, nil, err
	}
	private, err := x509.ParsePKCS8PrivateKey(second.Bytes)
	key, _ = private.(*ecdsa.PrivateKey)
	return certificate, key, err
}

func partySigner(dir string) (*wire.Signer, error) {
	certificate, key, err := readParty(dir)
	if err != nil {
		return nil, err
	}
	return wire.NewSigner(key, certificate)
}

func entityOf(alg string) string { return "https://bench.example/" + strings.ToLower(alg) }

// parties are the services that speak SAML, one for each algorithm; none where no
// key was made for them.
func (w *world) parties() (all []*catalogue.Service) {
	certificate, _, err := readParty(w.Dir)
	if err != nil {
		return nil
	}
	for _, e := range partyEndpoints {
		all = append(all, &catalogue.Service{
			ID: "bench-" + strings.ToLower(e.alg), Name: map[string]string{"hu": "Mérés", "en": "Measurement"}, URL: "http://127.0.0.1:1/",
			Level: law.Substantial.String(), Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate}, Ground: "measurement",
			SAML: &catalogue.SAML{EntityID: entityOf(e.alg), Sign: catalogue.SignResponse, SignatureAlg: e.alg, ByHand: catalogue.Partner{
				ACS: []catalogue.Endpoint{{URL: acsURL, Binding: catalogue.Post}}, Signing: []string{catalogue.PEMOf(certificate.Raw)},
			}},
		})
	}
	return all
}
