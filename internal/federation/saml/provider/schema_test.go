package provider_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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

// TestWhatLeavesIsOfTheStandardsShape looks at messages as services get them, with
// real data in them.
func TestWhatLeavesIsOfTheStandardsShape(t *testing.T) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed: the schemas are left out (make setup brings it)")
	}
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
