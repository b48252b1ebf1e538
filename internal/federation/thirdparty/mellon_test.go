package thirdparty

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/browsertest"
)

// mellon is Apache with mod_auth_mellon, for the example's site; its folder is
// where the examples' scripts have put the key and our metadata.
func (w *workshop) mellon() *exec.Cmd {
	w.t.Helper()
	root, err := os.MkdirTemp("", "kapu-mellon-") // not the test's own folder, which is closed to Apache's user
	check(w.t, err)
	w.t.Cleanup(func() { _ = os.RemoveAll(root) })
	check(w.t, os.Chmod(root, 0o755))
	put := func(name, content string) {
		path := filepath.Join(root, name)
		check(w.t, os.MkdirAll(filepath.Dir(path), 0o755))
		check(w.t, os.WriteFile(path, []byte(content), 0o644))
	}
	put("site/index.html", `<!doctype html><a href="/members/">Sign in</a>`)
	members := read(w, "mellon/members.html")
	put("site/members/index.html", members)
	put("site/members/safe/index.html", members+"<p>Safe</p>")
	put("site.conf", read(w, "mellon/site.conf"))
	for _, name := range []string{"service.key", "service.pem", "gateway.xml"} {
		content, err := os.ReadFile(filepath.Join(w.folder, name))
		check(w.t, err)
		put(name, string(content))
	}
	around := fmt.Sprintf(apacheAround, root)
	for _, name := range []string{"mpm_event", "authn_core", "authz_core", "authz_user", "dir", "mime", "include", "setenvif", "auth_mellon"} {
		around = fmt.Sprintf("LoadModule %s_module %s/mod_%s.so\n", name, apacheModules, name) + around
	}
	put("apache.conf", around+"Include site.conf\n")
	return w.command(apacheProgram, "-f", filepath.Join(root, "apache.conf"), "-DFOREGROUND")
}

func needMellon(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(apacheModules, "mod_auth_mellon.so")); err != nil {
		t.Skip("Apache with mod_auth_mellon is not installed: it is left out (make setup brings it)")
	}
}

// joins starts Apache and registers it, under that name in the catalogue.
func (w *workshop) joins(id string) {
	w.t.Helper()
	w.run(w.command("sh", w.copied("mellon/register.sh")))
	w.starts(w.mellon())
	w.run(w.command("sh", w.copied("mellon/add.sh")))
	catalogue := open(w.t).App.Catalogue
	until(w.t, "the running demo to know the service", func() bool { return catalogue.Service(id+"-safe") != nil })
}

// TestMellon does with SAML what docs/integration.md tells a developer to do.
func TestMellon(t *testing.T) {
	needMellon(t)
	chromium := browsertest.Start(t) // first: without it nothing need be built
	w := newWorkshop(t)
	w.joins("my-apache")
	v := newVisitor(t, chromium)
	w.walk(v)
	v.Visit(w.here + "/members/safe/")
	v.See("Safe")
	w.hears(v)
}

// TestMellonAsksForMore: to a service that takes a lower level a password will do;
// for pages that want more, the gateway asks for what is missing and nothing else.
func TestMellonAsksForMore(t *testing.T) {
	needMellon(t)
	chromium := browsertest.Start(t)
	w := newWorkshop(t)
	w.words = strings.NewReplacer("http://localhost:8080", open(t).Issuer, "localhost:9000", strings.TrimPrefix(w.here, "http://"),
		"localhost%3A9000", strings.Replace(strings.TrimPrefix(w.here, "http://"), ":", "%3A", 1), "my-apache", "my-low", "--private-network", "--private-network --level low")
	w.joins("my-low")

	v := newVisitor(t, chromium)
	v.Visit(w.here + "/members/")
	v.signsInLow()
	v.See("Hello, " + v.c.Name)
	v.Visit(w.here + "/members/safe/")
	v.typesCode() // the password was typed already
	v.See("Safe")
}
