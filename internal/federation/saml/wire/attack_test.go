package wire_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os/exec"
	"strings"
	"testing"

	"kapu/internal/federation/saml/wire"
)

// parts takes a signed request apart: start tag, issuer, signature and the rest.
func parts(t testing.TB, text string) (start, issuer, signature, rest string) {
	t.Helper()
	a, b, c := strings.Index(text, "<saml:Issuer"), strings.Index(text, "<ds:Signature "), strings.Index(text, "</ds:Signature>")+len("</ds:Signature>")
	if a < 0 || b < 0 || c < b {
		t.Fatal("not signed")
	}
	return text[:a], text[a:b], text[b:c], strings.TrimSuffix(text[c:], "</samlp:AuthnRequest>")
}

// Signature wrapping: the signed request is moved somewhere else in the document
// and another one put where a careless reader looks. The first eight are the
// classic forms (Somorovsky and others, "On Breaking SAML", 2012), with requests
// for what were responses and assertions.
func TestSignatureWrapping(t *testing.T) {
	text := signed(t, ecdsaSigner())
	start, issuer, signature, rest := parts(t, text)
	const end = "</samlp:AuthnRequest>"
	bare := start + issuer + rest + end
	evil := func(id string) string {
		return strings.Replace(strings.Replace(start, `ID="_1"`, `ID="`+id+`"`, 1), acs, "https://evil.example/acs", 1)
	}
	moved := strings.Replace(signature, "</ds:Signature>", "<ds:Object>"+bare+"</ds:Object></ds:Signature>", 1)
	inExtensions := "<samlp:Extensions>" + text + "</samlp:Extensions>"
	for name, attack := range map[string]string{
		"1, original inside the signature":                  evil("_evil") + issuer + moved + rest + end,
		"2, signature before the original, both inside":     evil("_evil") + issuer + signature + "<samlp:Extensions>" + bare + "</samlp:Extensions>" + rest + end,
		"3, original as first child":                        evil("_evil") + text + issuer + rest + end,
		"4, evil one as first child":                        evil("_evil") + issuer + rest + text + end,
		"5, signature in the evil one, original at the end": evil("_evil") + issuer + signature + rest + bare + end,
		"6, original in the signature of the evil one":      evil("_evil") + issuer + rest + moved + end,
		"7, original in Extensions":                         evil("_evil") + issuer + inExtensions + rest + end,
		"8, original in an Object of the signature":         evil("_evil") + issuer + strings.Replace(signature, "</ds:Signature>", "<ds:Object>"+text+"</ds:Object></ds:Signature>", 1) + rest + end,
		"the same ID twice, evil one outside":               evil("_1") + issuer + signature + "<samlp:Extensions>" + bare + "</samlp:Extensions>" + rest + end,
		"the same ID twice, as Id":                          evil("_1") + issuer + signature + `<samlp:Extensions><x:y xmlns:x="urn:x" Id="_1"/></samlp:Extensions>` + rest + end,
		"evil one refers to itself by Id":                   strings.Replace(evil("_evil"), " ID=", ` Id="_1" ID=`, 1) + issuer + signature + rest + end,
		"signature last":                                    start + issuer + rest + signature + end,
		"signature before Issuer":                           start + signature + issuer + rest + end,
		"signature twice":                                   start + issuer + signature + signature + rest + end,
		"signature in Issuer":                               start + strings.Replace(issuer, "</saml:Issuer>", signature+"</saml:Issuer>", 1) + rest + end,
		"signature in another namespace's element":          start + issuer + `<x:Signature xmlns:x="urn:x">` + signature + `</x:Signature>` + rest + end,
		"two roots":               text + bare,
		"SOAP envelope in a form": string(wire.SOAP([]byte(text))),
		"ACS changed":             strings.Replace(text, acs, "https://evil.example/acs", 1),
		"Issuer changed":          strings.Replace(text, service, "https://evil.example/metadata", 1),
		"an attribute added":      strings.Replace(text, " ID=", ` ForceAuthn="true" ID=`, 1),
		"signature left out":      bare,
	} {
		if got, err := verify(attack, ecdsaSigner().Certificate()); err == nil {
			t.Errorf("%s: accepted %+v", name, got)
		}
	}
	if got, err := verify(text, ecdsaSigner().Certificate()); err != nil || got.ACSURL != acs || !got.SignedRequest {
		t.Errorf("the original: %v %+v", err, got)
	}
}

// signMetadata makes xmlsec1 sign metadata.
func signMetadata(t *testing.T, text string) string {
	at := strings.Index(text, `ID="_d">`) + len(`ID="_d">`)
	return sign(t, text[:at]+strings.Replace(template, "#_1", "#_d", 1)+text[at:], rsaKey())
}

// sign makes xmlsec1 sign a text after the template in it, so that the signature
// is good and only its form is not.
func sign(t *testing.T, template string, key crypto.Signer) string {
	t.Helper()
	xmlsec := tool(t, "xmlsec1")
	out, err := exec.Command(xmlsec, "--sign", "--id-attr:ID", inProtocol+"AuthnRequest", "--id-attr:ID", inProtocol+"NameIDPolicy",
		"--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor", "--privkey-pem", keyFile(t, key), file(t, "template.xml", template)).Output()
	if err != nil {
		t.Fatalf("xmlsec1 does not sign: %v", err)
	}
	return string(out)
}

const (
	exclusive = `<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>`
	enveloped = `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>`
	template  = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#_1"><ds:Transforms>` + enveloped + exclusive +
		`</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue></ds:Signature>`
)

// Good signatures of a form that is not allowed are refused; the same form as it
// should be is accepted, with every digest and pretty-printed.
func TestFormsOfSignatures(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		ok             bool
	}{
		{"as it should be", "", "", true},
		{"pretty-printed", "><ds:", ">\n  <ds:", true},
		{"SHA-512 throughout", "more#rsa-sha256", "more#rsa-sha512", true},
		{"digest by SHA-384", "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", true},
		{"with an Id", "<ds:Signature ", `<ds:Signature Id="_s" `, true},
		{"RSA with SHA-1", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", false},
		{"digest by SHA-1", "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1", false},
		{"empty reference", `URI="#_1"`, `URI=""`, false},
		{"no reference", ` URI="#_1"`, ``, false},
		{"XPointer", `URI="#_1"`, `URI="#xpointer(id('_1'))"`, false},
		{"reference to something else", `URI="#_1"`, `URI="#_i"`, false},
		{"two references", `</ds:Reference>`, `</ds:Reference><ds:Reference URI="#_i"><ds:Transforms>` + enveloped + exclusive + `</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue></ds:DigestValue></ds:Reference>`, false},
		{"inclusive canonical form of SignedInfo", `CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`, `CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"`, false},
		{"comments kept in SignedInfo", `CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`, `CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"`, false},
		{"comments kept", exclusive, `<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"/>`, false},
		{"inclusive canonical form", exclusive, `<ds:Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>`, false},
		{"inclusive prefixes", exclusive, `<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="saml"/></ds:Transform>`, false},
		{"no canonical form", exclusive, ``, false},
		{"canonical form twice", exclusive, exclusive + exclusive, false},
		{"XPath that takes everything out", enveloped, enveloped + `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>false()</ds:XPath></ds:Transform>`, false},
		{"XPath filter", enveloped, `<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><dsig-xpath:XPath xmlns:dsig-xpath="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/*/*[position()>1]</dsig-xpath:XPath></ds:Transform>`, false},
		{"XSLT", enveloped, enveloped + `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"><xsl:template match="/"><a/></xsl:template></xsl:stylesheet></ds:Transform>`, false},
		{"an Object", `</ds:SignatureValue>`, `</ds:SignatureValue><ds:Object>x</ds:Object>`, false},
		{"a type of reference", ` URI="#_1"`, ` URI="#_1" Type="http://www.w3.org/2000/09/xmldsig#Manifest"`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			used := strings.ReplaceAll(template, c.old, c.new)
			if c.old == "" {
				used = template
			}
			start, issuer, _, rest := parts(t, signed(t, rsaSigner()))
			if strings.Contains(used, "#_i") {
				rest = strings.Replace(rest, "<samlp:NameIDPolicy ", `<samlp:NameIDPolicy ID="_i" `, 1)
			}
			text := sign(t, start+issuer+used+rest+"</samlp:AuthnRequest>", rsaKey())
			if got, err := verify(text, certify(rsaKey())); (err == nil) != c.ok {
				t.Errorf("%v %+v", err, got)
			}
		})
	}
}

// Signatures on curves, as others make them: r and s, not DER.
func TestForeignECDSA(t *testing.T) {
	for _, c := range []struct {
		curve  elliptic.Curve
		method string
		ok     bool
	}{
		{elliptic.P256(), "ecdsa-sha256", true},
		{elliptic.P256(), "ecdsa-sha384", true},
		{elliptic.P384(), "ecdsa-sha384", true},
		{elliptic.P521(), "ecdsa-sha256", true},
		{elliptic.P224(), "ecdsa-sha256", false},
		{elliptic.P256(), "ecdsa-sha1", false},
		{elliptic.P256(), "ecdsa-sha512", false},
	} {
		key, err := ecdsa.GenerateKey(c.curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		start, issuer, _, rest := parts(t, signed(t, rsaSigner()))
		text := sign(t, start+issuer+strings.Replace(template, "rsa-sha256", c.method, 1)+rest+"</samlp:AuthnRequest>", key)
		if _, err := verify(text, certify(key)); (err == nil) != c.ok {
			t.Errorf("%s, %s: %v", c.curve.Params().Name, c.method, err)
		}
	}
}

// What is done to a signature after it was made.
func TestTamperedSignatures(t *testing.T) {
	right := []*x509.Certificate{ecdsaSigner().Certificate()}
	text := signed(t, ecdsaSigner())
	_, _, signature, _ := parts(t, text)
	value := signature[strings.Index(signature, "<ds:SignatureValue>")+len("<ds:SignatureValue>") : strings.Index(signature, "</ds:SignatureValue>")]
	keyInfo := signature[strings.Index(signature, "<ds:KeyInfo>"):strings.Index(signature, "</ds:Signature>")]
	info := signature[strings.Index(signature, "<ds:SignedInfo>"):strings.Index(signature, "<ds:SignatureValue>")]
	secret := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: right[0].Raw}))
	secret.Write([]byte(info))
	for name, attack := range map[string]string{
		"no value":                 strings.Replace(text, value, "", 1),
		"zeros":                    strings.Replace(text, value, base64.StdEncoding.EncodeToString(make([]byte, 64)), 1),
		"value cut short":          strings.Replace(text, value, base64.StdEncoding.EncodeToString(make([]byte, 63)), 1),
		"value with junk":          strings.Replace(text, value, value+"!", 1),
		"HMAC with the public key": strings.Replace(strings.Replace(text, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", 1), value, base64.StdEncoding.EncodeToString(secret.Sum(nil)), 1),
		"algorithm of another key": strings.Replace(text, "#ecdsa-sha256", "#rsa-sha256", 1),
		"algorithm weakened":       strings.Replace(text, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", 1),
		"no algorithm":             strings.Replace(text, ` Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"`, "", 1),
		"key to fetch":             strings.Replace(text, keyInfo, `<ds:KeyInfo><ds:RetrievalMethod URI="https://evil.example/key"/></ds:KeyInfo>`, 1),
		"SignedInfo twice":         strings.Replace(text, info, info+info, 1),
		"SignedInfo of another":    strings.Replace(text, info, strings.Replace(info, "#_1", "#_2", 1), 1),
		"a comment in the digest":  strings.Replace(text, "<ds:DigestValue>", "<ds:DigestValue><!--x-->", 1),
		"digest of something else": strings.Replace(text, "<ds:DigestValue>", "<ds:DigestValue>AAAA", 1),
		"namespace of ds changed":  strings.Replace(text, `xmlns:ds="http://www.w3.org/2000/09/xmldsig#"`, `xmlns:ds="http://www.w3.org/2000/09/xmldsig"`, 1),
		"another namespace inside": strings.Replace(text, "<samlp:NameIDPolicy ", `<samlp:NameIDPolicy xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol" `, 1),
	} {
		if got, err := verify(attack, right...); err == nil {
			t.Errorf("%s: accepted %+v", name, got)
		}
	}
	for name, same := range map[string]string{
		"without the key":       strings.Replace(text, keyInfo, "", 1),
		"with another's key":    strings.Replace(text, keyInfo, strings.Replace(keyInfo, base64.StdEncoding.EncodeToString(right[0].Raw), "AAAA", 1), 1),
		"attributes turned":     strings.Replace(text, ` AllowCreate="true" Format="`+wire.FormatPersistent+`"`, ` Format='`+wire.FormatPersistent+`' AllowCreate='true'`, 1),
		"empty elements closed": strings.ReplaceAll(text, "></ds:Transform>", "/>"),
		"namespace to spare":    strings.Replace(text, "<samlp:NameIDPolicy ", `<samlp:NameIDPolicy xmlns:x="urn:x" `, 1),
		"letters as numbers":    strings.Replace(text, ">https://service.example/metadata<", ">&#x68;ttps://service.example/metadata<", 1),
	} {
		if got, err := verify(same, right...); err != nil || got.Issuer != service {
			t.Errorf("%s: %v %+v", name, err, got)
		}
	}
}

// Only pinned keys count, several while a service changes its key; what the
// message brings along counts for nothing.
func TestPinnedKeys(t *testing.T) {
	text := signed(t, otherSigner())
	for name, pinned := range map[string][]*x509.Certificate{
		"none":          nil,
		"another":       {ecdsaSigner().Certificate()},
		"another, RSA":  {rsaSigner().Certificate()},
		"others, mixed": {rsaSigner().Certificate(), ecdsaSigner().Certificate()},
	} {
		if _, err := verify(text, pinned...); err == nil {
			t.Error(name)
		}
	}
	for _, s := range []*wire.Signer{ecdsaSigner(), rsaSigner(), otherSigner()} {
		if _, err := verify(signed(t, s), rsaSigner().Certificate(), ecdsaSigner().Certificate(), otherSigner().Certificate()); err != nil {
			t.Error(err)
		}
	}
	if m, err := wire.ReadPost(post(text)); err != nil {
		t.Error(err)
	} else if _, err := m.Unsigned(); err == nil {
		t.Error("a signature was overlooked")
	}
}
