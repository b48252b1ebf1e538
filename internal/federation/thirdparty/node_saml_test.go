package thirdparty

import (
	"os"
	"path/filepath"
	"testing"

	"kapu/internal/browsertest"
)

// TestNodeSAML does with SAML and Node what docs/integration.md tells a developer to do.
func TestNodeSAML(t *testing.T) {
	needNode(t)
	if _, err := os.Stat("node/node_modules/@node-saml/node-saml"); err != nil {
		t.Skip("the packages of node/ are not installed: node-saml is left out (make setup brings them)")
	}
	chromium := browsertest.Start(t) // first: without it nothing need be built
	w := newWorkshop(t)
	packages, err := filepath.Abs("node/node_modules")
	check(t, err)
	check(t, os.Symlink(packages, filepath.Join(w.folder, "node_modules")))
	w.run(w.command("sh", w.copied("mellon/register.sh")))
	w.starts(w.command("node", w.copied("node-saml/service.mjs")))
	w.run(w.command("sh", w.copied("node-saml/add.sh")))
	catalogue := open(t).App.Catalogue
	until(t, "the running demo to know the service", func() bool { return catalogue.Service("my-node") != nil })
	v := newVisitor(t, chromium)
	w.walk(v)
	w.hears(v)
}
