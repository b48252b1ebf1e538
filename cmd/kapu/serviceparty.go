package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"kapu/internal/app"
	"kapu/internal/catalogue"
)

// partyFlags say how a service speaks SAML. What they leave out a file can say.
type partyFlags struct {
	Metadata         string `name:"saml-metadata" placeholder:"FILE|URL" help:"Its SAML metadata: it is registered for SAML, not OpenID Connect. What is at an address is fetched this once, unless a certificate is given as well."`
	Certificate      string `name:"saml-metadata-certificate" type:"existingfile" placeholder:"FILE" help:"Certificate of the key that signs its metadata: they are fetched again and again, and take effect as they change."`
	UnsignedRequests bool   `help:"Take its SAML requests without a signature."`
	Sign             string `name:"saml-sign" help:"What we sign for it: both (default), response or assertion."`
	SignatureAlg     string `name:"saml-signature-alg" help:"RSA-SHA256 (default) or ECDSA-SHA256."`
	Encrypt          bool   `name:"saml-encrypt" help:"Encrypt assertions to the key in its metadata."`
	Attributes       string `name:"saml-attributes" help:"How data are named: eidas (default) or plain."`
}

// party makes a registration out of the service's metadata.
func (f partyFlags) party(ctx context.Context, a *app.App, private bool) (*catalogue.Service, error) {
	s, err := a.ServiceFromMetadata(ctx, f.Metadata, private)
	if err != nil {
		return nil, err
	}
	m := s.SAML
	m.UnsignedRequests, m.Sign, m.SignatureAlg, m.EncryptAssertions, m.Attributes = f.UnsignedRequests, f.Sign, f.SignatureAlg, f.Encrypt, f.Attributes
	m.PrivateNetwork = private
	if f.Certificate == "" {
		return s, nil
	}
	if !strings.Contains(f.Metadata, "://") {
		return nil, errors.New("--saml-metadata-certificate is for metadata at an address")
	}
	text, err := os.ReadFile(f.Certificate)
	if err != nil {
		return nil, err
	}
	m.Metadata, m.MetadataURL, m.MetadataCertificate = "", f.Metadata, string(text)
	return s, nil
}

// spoken are the protocols of a service.
func spoken(s *catalogue.Service) string {
	var names []string
	if s.OIDC != nil {
		names = append(names, "oidc")
	}
	if s.SAML != nil {
		names = append(names, "saml")
	}
	return strings.Join(names, ",")
}
