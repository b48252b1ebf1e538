package wire_test

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/federation/saml/wire"
)

// deflated packs a message as the Redirect binding does.
func deflated(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// redirected is a request in a query, signed.
func redirected(t testing.TB, s *wire.Signer) string {
	t.Helper()
	address, err := wire.Carried{Message: []byte(must(t)(request().Write(nil))), RelayState: "a b/é"}.RedirectURL(sso, s)
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(address, "?")
	return query
}

func readRedirected(query string, s *wire.Signer) (wire.AuthnRequest, string, error) {
	m, err := wire.ReadRedirect(query)
	if err != nil {
		return wire.AuthnRequest{}, "", err
	}
	d, err := m.Verify(s.Certificate())
	if err != nil {
		return wire.AuthnRequest{}, "", err
	}
	q, err := wire.ReadAuthnRequest(d)
	return q, m.RelayState, err
}

func TestRedirect(t *testing.T) {
	for _, s := range []*wire.Signer{ecdsaSigner(), rsaSigner()} {
		q, relay, err := readRedirected(redirected(t, s), s)
		if err != nil || q.ID != "_1" || q.Issuer != service || relay != "a b/é" || !q.SignedRequest {
			t.Errorf("%v %q %+v", err, relay, q)
		}
		if _, _, err := readRedirected(redirected(t, s), otherSigner()); err == nil {
			t.Error("verified by another key")
		}
	}
	// Some services write escapes in lower case (ADFS), and sign what they have written.
	inLower := lower(t, rsaKey(), "SAMLRequest", deflated(t, must(t)(request().Write(nil))), "RelayState", "a/b?c=d", "SigAlg", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
	if q, relay, err := readRedirected(inLower, rsaSigner()); err != nil || q.ID != "_1" || relay != "a/b?c=d" || !strings.Contains(inLower, "%2f") {
		t.Errorf("escapes in lower case: %v %q", err, relay)
	}
	address, err := wire.Carried{Response: true, Message: []byte("x")}.RedirectURL("https://service.example/slo?a=b", nil)
	if err != nil || !strings.HasPrefix(address, "https://service.example/slo?a=b&SAMLResponse=") {
		t.Errorf("%q %v", address, err)
	}
}

// lower is a query of those names and values, signed with RSA, its escapes in lower case.
func lower(t testing.TB, key crypto.Signer, pairs ...string) (query string) {
	t.Helper()
	escape := func(s string) string {
		return regexp.MustCompile("%[0-9A-F]{2}").ReplaceAllStringFunc(url.QueryEscape(s), strings.ToLower)
	}
	for i := 0; i < len(pairs); i += 2 {
		query += pairs[i] + "=" + escape(pairs[i+1]) + "&"
	}
	query = strings.TrimSuffix(query, "&")
	digest := sha256.Sum256([]byte(query))
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return query + "&Signature=" + escape(base64.StdEncoding.EncodeToString(signature))
}

func TestRedirectTricks(t *testing.T) {
	s := ecdsaSigner()
	query := redirected(t, s)
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	request, relay, algorithm := url.QueryEscape(values.Get("SAMLRequest")), url.QueryEscape(values.Get("RelayState")), url.QueryEscape(values.Get("SigAlg"))
	signature := "&Signature=" + url.QueryEscape(values.Get("Signature"))
	other := url.QueryEscape(deflated(t, strings.Replace(plain, acs, "https://evil.example/acs", 1)))
	bomb := url.QueryEscape(deflated(t, strings.Replace(plain, ">abc<", ">"+strings.Repeat("a", 64<<20)+"<", 1)))
	for name, attack := range map[string]string{
		"another request":             strings.Replace(query, request, other, 1),
		"another RelayState":          strings.Replace(query, relay, "evil", 1),
		"RelayState left out":         strings.Replace(query, "RelayState="+relay+"&", "", 1),
		"RelayState added by case":    query + "&relaystate=evil",
		"RelayState encoded anew":     strings.Replace(query, relay, strings.ReplaceAll(relay, "+", "%20"), 1),
		"percent-encoding in lower":   strings.Replace(query, "%2F", "%2f", 1),
		"request twice, evil first":   "SAMLRequest=" + other + "&" + query,
		"request twice, evil last":    query + "&SAMLRequest=" + other,
		"name encoded":                query + "&SAML%52equest=" + other,
		"name encoded, alone":         strings.Replace(query, "SAMLRequest", "SAML%52equest", 1),
		"name in lower case":          query + "&samlrequest=" + other,
		"request and response":        query + "&SAMLResponse=" + other,
		"request as a response":       strings.Replace(query, "SAMLRequest", "SAMLResponse", 1),
		"Signature twice":             query + signature,
		"SigAlg twice":                query + "&SigAlg=" + algorithm,
		"SigAlg left out":             strings.Replace(query, "SigAlg="+algorithm+"&", "", 1),
		"Signature left out":          strings.Replace(query, signature, "", 1),
		"both left out":               strings.Replace(query, "&SigAlg="+algorithm+signature, "", 1),
		"Signature empty":             strings.Replace(query, signature, "&Signature=", 1),
		"SHA-1":                       strings.Replace(query, algorithm, url.QueryEscape("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), 1),
		"HMAC":                        strings.Replace(query, algorithm, url.QueryEscape("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"), 1),
		"RSA for ECDSA":               strings.Replace(query, "ecdsa-sha256", "rsa-sha256", 1),
		"another encoding":            query + "&SAMLEncoding=urn:x",
		"separated by semicolons":     strings.ReplaceAll(query, "&", ";"),
		"half an escape":              query + "&RelayState=%4",
		"too many parameters":         query + strings.Repeat("&a=b", 40),
		"too large":                   query + "&a=" + strings.Repeat("a", wire.MaxEncoded),
		"RelayState too long":         strings.Replace(query, relay, strings.Repeat("a", wire.MaxRelay+1), 1),
		"not deflated":                "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(plain))),
		"not base64":                  "SAMLRequest=*",
		"nothing":                     "",
		"deflate bomb":                "SAMLRequest=" + bomb,
		"junk behind":                 "SAMLRequest=" + url.QueryEscape(junkBehind(t)),
		"signed inside, too":          "SAMLRequest=" + url.QueryEscape(deflated(t, signed(t, s))) + "&SigAlg=" + algorithm + signature,
		"signed inside, not detached": "SAMLRequest=" + url.QueryEscape(deflated(t, signed(t, s))),
	} {
		if got, _, err := readRedirected(attack, s); err == nil {
			t.Errorf("%s: accepted %+v", name, got)
		}
	}
	turned := "RelayState=" + relay + "&utm=x&SigAlg=" + algorithm + signature + "&SAMLRequest=" + request
	if _, _, err := readRedirected(turned, s); err != nil {
		t.Errorf("another order: %v", err)
	}
}

func junkBehind(t testing.TB) string {
	b, err := base64.StdEncoding.DecodeString(deflated(t, plain))
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(append(b, "junk"...))
}

func TestPostTricks(t *testing.T) {
	ok := string(post(plain))
	for name, attack := range map[string]string{
		"twice":             ok + "&" + ok,
		"both":              ok + "&SAMLResponse=PGE-",
		"another case":      ok + "&SamlRequest=PGE-",
		"base64 of URLs":    "SAMLRequest=PGE-_w",
		"deflated":          "SAMLRequest=" + url.QueryEscape(deflated(t, plain)),
		"nothing":           "",
		"too large":         "SAMLRequest=" + strings.Repeat("A", wire.MaxForm),
		"a fault of escape": "SAMLRequest=%zz",
	} {
		if _, err := wire.ReadPost([]byte(attack)); err == nil {
			t.Error(name)
		}
	}
	m, err := wire.ReadPost([]byte("SAMLRequest=" + url.QueryEscape(lines(base64.StdEncoding.EncodeToString([]byte(plain))))))
	if err != nil || m.Issuer() != service || m.ID() != "_1" || m.Kind() != wire.KindAuthnRequest || m.Signed() {
		t.Errorf("in lines: %v", err)
	}
}

// lines breaks text as MIME does.
func lines(s string) (broken string) {
	for len(s) > 76 {
		broken, s = broken+s[:76]+"\r\n", s[76:]
	}
	return broken + s
}
