package provider_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"kapu/internal/catalogue"
	"kapu/internal/federation/saml/wire"
)

const schemas = "../wire/testdata/schemas"

// lints holds a message to the schemas of OASIS.
func lints(t *testing.T, name, text string) {
	t.Helper()
	catalog, err := filepath.Abs(filepath.Join(schemas, "catalog.xml"))
	check(t, err)
	lint := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join(schemas, "all.xsd"), "-")
	lint.Env = append(os.Environ(), "XML_CATALOG_FILES="+catalog)
	lint.Stdin = strings.NewReader(text)
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("%s: %s\n%s", name, out, text)
	}
}

func needSchemas(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed: the schemas are left out (make setup brings it)")
	}
}

// TestWhatLeavesIsOfTheStandardsShape looks at messages as services get them, with
// real data in them.
func TestWhatLeavesIsOfTheStandardsShape(t *testing.T) {
	needSchemas(t)
	for _, names := range []string{catalogue.EIDAS, catalogue.Plain} {
		g := newGateway(t, func(tax, town *catalogue.Service) {
			tax.SAML.Attributes, town.SAML.Attributes = names, names
			tax.Claims, town.Claims = catalogue.Claims(), catalogue.Claims()
			town.SAML.EncryptAssertions, town.SAML.SignatureAlg = true, catalogue.ECDSASHA256
			town.SAML.ByHand.Logout[0].Binding = catalogue.Post
		})
		tax, town, b := g.services["tax"], g.services["town"], g.browser()
		lints(t, "metadata", b.get(g.URL+"/saml/metadata").body)
		lints(t, "response, "+names, string(b.through(b.get(tax.link(tax.request(), ""))).sent().message(tax)))
		lints(t, "encrypted, "+names, string(b.get(town.link(town.request(), "")).sent().message(town)))
		lints(t, "refusal", string(g.browser().get(tax.link(tax.request(func(q *wire.AuthnRequest) { q.IsPassive = true }), "")).sent().message(tax)))
		asked := b.through(b.get(tax.with(tax.request(), `AssertionConsumerServiceIndex="1"`, "")))
		lints(t, "artifact response", tax.resolves(asked.out.Query().Get("SAMLart")))
		lints(t, "no such artifact", tax.resolves(asked.out.Query().Get("SAMLart")))
	}
}

// TestLogoutMessagesAreOfTheStandardsShape takes them as they leave, by each binding.
func TestLogoutMessagesAreOfTheStandardsShape(t *testing.T) {
	needSchemas(t)
	server, told := soapService(t, func(string) string { return "" })
	g := newGateway(t, func(_, town *catalogue.Service) {
		town.SAML.PrivateNetwork = true
		town.SAML.ByHand.Logout = []catalogue.Endpoint{{URL: server.URL, Binding: catalogue.SOAP}, {URL: "https://town.example/slo", Binding: catalogue.Post}}
	})
	tax, town := g.services["tax"], g.services["town"]
	v := g.visitor("tax", "town")
	asked := v.get(town.leaveLink(town.leaving(v), "bye")).out
	lints(t, "request by Redirect", string(messageIn(t, asked)))
	back := v.get(tax.answers(tax.hears(asked), wire.Success)).sent()
	lints(t, "answer by POST", string(back.message(town)))

	v = g.visitor("tax", "town")
	_, err := g.door.TellServices(t.Context()) // of the end that nobody awaits
	check(t, err)
	v.post(g.URL+"/signout", "same-origin", nil)
	_, err = g.door.TellServices(t.Context())
	check(t, err)
	if len(*told) == 0 {
		t.Fatal("the service was not told by SOAP")
	}
	lints(t, "request by SOAP", unwrapped(t, (*told)[0]))

	v = g.visitor("tax")
	done := v.get(tax.leaveLink(tax.leaving(v), "")).out
	lints(t, "answer by Redirect", string(messageIn(t, done)))
	refused := v.get(tax.leaveLink(tax.leaving(v, func(q *wire.LogoutRequest) { q.NotOnOrAfter = g.clock.Now().AddDate(0, 0, -1) }), "")).out
	lints(t, "refusal", string(messageIn(t, refused)))
}

// unwrapped is the message in an envelope.
func unwrapped(t *testing.T, envelope string) string {
	t.Helper()
	document := etree.NewDocument()
	check(t, document.ReadFromString(envelope))
	body := document.FindElement("/Envelope/Body/*")
	if body == nil {
		t.Fatalf("no message in %s", envelope)
	}
	inside := etree.NewDocument()
	inside.SetRoot(body.Copy())
	text, err := inside.WriteToString()
	check(t, err)
	return text
}
