package provider_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"
	"github.com/crewjam/saml/xmlenc"
	dsig "github.com/russellhaering/goxmldsig"

	"kapu/internal/federation/saml/wire"
)

// party is a service as its own developers would write it, with a library that is
// not ours for what it reads.
type party struct {
	g           *gateway
	url, entity string
	key         *rsa.PrivateKey
	certificate *x509.Certificate
	asked       int
	edit        *strings.Replacer // of ArtifactResolve before it is signed; nil for none
}

func newParty(g *gateway, id string) *party {
	key := keyOf(g.t, id)
	address := "https://" + id + ".example"
	return &party{g: g, url: address, entity: address + "/saml", key: key, certificate: certify(g.t, key, g.clock.Now())}
}

func (p *party) signer() *wire.Signer {
	s, err := wire.NewSigner(p.key, p.certificate)
	check(p.g.t, err)
	return s
}

// request is a request to sign on, as changed.
func (p *party) request(change ...func(*wire.AuthnRequest)) wire.AuthnRequest {
	p.asked++
	q := wire.AuthnRequest{ACSIndex: -1, AttributeSet: -1}
	q.Header = wire.Header{ID: "_" + p.entity[8:11] + strconv.Itoa(p.asked), IssueInstant: p.g.clock.Now(), Destination: p.g.URL + "/saml/sso", Issuer: p.entity}
	for _, f := range change {
		f(&q)
	}
	return q
}

// link is the request on its way by Redirect, signed.
func (p *party) link(q wire.AuthnRequest, relay string) string {
	text, err := q.Write(nil)
	check(p.g.t, err)
	return p.carry(string(text), relay)
}

// with writes what the library of the tests does not: attributes and elements.
func (p *party) with(q wire.AuthnRequest, attributes, elements string) string {
	text, err := q.Write(nil)
	check(p.g.t, err)
	edited := strings.Replace(string(text), "<samlp:AuthnRequest ", "<samlp:AuthnRequest "+attributes+" ", 1)
	return p.carry(strings.Replace(edited, "</samlp:AuthnRequest>", elements+"</samlp:AuthnRequest>", 1), "state")
}

func (p *party) carry(text, relay string) string {
	address, err := wire.Carried{Message: []byte(text), RelayState: relay}.RedirectURL(p.g.URL+"/saml/sso", p.signer())
	check(p.g.t, err)
	return address
}

// form is the request on its way by POST, signed.
func (p *party) form(q wire.AuthnRequest, relay string) url.Values {
	text, err := q.Write(p.signer())
	check(p.g.t, err)
	form := url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(text)}}
	if relay != "" {
		form.Set("RelayState", relay)
	}
	return form
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	formField  = regexp.MustCompile(`<input type="hidden" name="([^"]+)"[^>]* value="([^"]*)"`)
)

// sent is the form by which the gateway sends a browser to a service.
type sent struct {
	to     string
	fields url.Values
}

func (p page) sent() (s sent) {
	if m := formAction.FindStringSubmatch(p.body); m != nil {
		s.to = html.UnescapeString(m[1])
	}
	s.fields = url.Values{}
	for _, m := range formField.FindAllStringSubmatch(p.body, -1) {
		s.fields.Add(m[1], html.UnescapeString(m[2]))
	}
	return s
}

// message is what was sent, as XML.
func (s sent) message(p *party) []byte {
	p.g.t.Helper()
	text, err := base64.StdEncoding.DecodeString(s.fields.Get("SAMLResponse"))
	check(p.g.t, err)
	if len(text) == 0 {
		p.g.t.Fatalf("nothing was sent: %+v", s)
	}
	return text
}

// status is what a response says of itself, whoever signed it.
func (s sent) status(p *party) (code, sub string, inResponseTo string) {
	p.g.t.Helper()
	var r struct {
		InResponseTo string `xml:",attr"`
		Status       struct {
			StatusCode struct {
				Value      string `xml:",attr"`
				StatusCode struct {
					Value string `xml:",attr"`
				}
			}
		}
	}
	check(p.g.t, xml.Unmarshal(s.message(p), &r))
	return r.Status.StatusCode.Value, r.Status.StatusCode.StatusCode.Value, r.InResponseTo
}

// library is the service with another library, which knows our metadata.
func (p *party) library() *saml.ServiceProvider {
	p.g.t.Helper()
	text := p.g.browser().get(p.g.URL + "/saml/metadata").body
	idp := &saml.EntityDescriptor{}
	check(p.g.t, xml.Unmarshal([]byte(text), idp))
	at := func(path string) url.URL {
		u, err := url.Parse(p.url + path)
		check(p.g.t, err)
		return *u
	}
	saml.TimeNow = p.g.clock.Now
	return &saml.ServiceProvider{EntityID: p.entity, Key: p.key, Certificate: p.certificate, IDPMetadata: idp,
		AcsURL: at("/acs"), SloURL: at("/slo"), MetadataURL: at("/saml"), AllowIDPInitiated: false}
}

// read verifies a response with the library and returns what it says.
func (p *party) read(s sent, id string) (*saml.Assertion, error) {
	p.g.t.Helper()
	sp := p.library()
	a, err := sp.ParseXMLResponse(s.message(p), []string{id}, sp.AcsURL)
	var invalid *saml.InvalidResponseError
	if errors.As(err, &invalid) {
		err = invalid.PrivateErr
	}
	return a, err
}

// values are the attributes of an assertion, by name.
func values(a *saml.Assertion) map[string]string {
	all := map[string]string{}
	for _, s := range a.AttributeStatements {
		for _, at := range s.Attributes {
			for _, v := range at.Values {
				all[at.Name] = v.Value
			}
		}
	}
	return all
}

// gcm256 teaches the library AES-256-GCM, which it has for 128 bits only.
type gcm256 struct{}

func (gcm256) Algorithm() string { return "http://www.w3.org/2009/xmlenc11#aes256-gcm" }

func (gcm256) Decrypt(key any, data *etree.Element) ([]byte, error) {
	if within := data.FindElement("./KeyInfo/EncryptedKey"); within != nil {
		var err error
		if key, err = xmlenc.Decrypt(key, within); err != nil {
			return nil, err
		}
	}
	block, err := aes.NewCipher(key.([]byte))
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(data.FindElement("./CipherData/CipherValue").Text())
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, nil, sealed, nil)
}

func init() { xmlenc.RegisterDecrypter(gcm256{}) }

// signed is a document with an enveloped signature of the party's, by a library
// that is not ours.
func signed(p *party, text string) []byte {
	p.g.t.Helper()
	document := etree.NewDocument()
	check(p.g.t, document.ReadFromString(text))
	context := dsig.NewDefaultSigningContext(dsig.TLSCertKeyStore(tls.Certificate{Certificate: [][]byte{p.certificate.Raw}, PrivateKey: p.key}))
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	root := document.Root()
	signature, err := context.ConstructSignature(root, true)
	check(p.g.t, err)
	at := 0 // after the issuer, as the schema has it; first where there is none
	if first := root.ChildElements()[0]; first.Tag == "Issuer" {
		at = first.Index() + 1
	}
	root.InsertChildAt(at, signature)
	out, err := document.WriteToBytes()
	check(p.g.t, err)
	return out
}
