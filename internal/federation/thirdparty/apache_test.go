package thirdparty

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	apacheProgram = "/usr/sbin/apache2"
	apacheModules = "/usr/lib/apache2/modules"
)

// apacheAround is what Debian's own configuration brings around a site: here with
// a root of its own, next to nothing of a system's.
const apacheAround = `ServerRoot %[1]s
PidFile apache.pid
ErrorLog /dev/stderr
LogLevel warn
DefaultRuntimeDir .
Mutex file:.
User www-data
Group www-data
DocumentRoot %[1]s/site
TypesConfig /dev/null
DirectoryIndex index.html
AddType text/html .html
AddDefaultCharset utf-8
`

// apache is Apache with mod_auth_openidc, for the example's site.
func (w *workshop) apache() *exec.Cmd {
	w.t.Helper()
	if _, err := os.Stat(filepath.Join(apacheModules, "mod_auth_openidc.so")); err != nil {
		w.t.Skip("Apache with mod_auth_openidc is not installed: it is left out (make setup brings it)")
	}
	root, err := os.MkdirTemp("", "kapu-apache-") // not the test's own folder, which is closed to Apache's user
	check(w.t, err)
	w.t.Cleanup(func() { _ = os.RemoveAll(root) })
	check(w.t, os.Chmod(root, 0o755))
	put := func(name, content string) {
		path := filepath.Join(root, name)
		check(w.t, os.MkdirAll(filepath.Dir(path), 0o755))
		check(w.t, os.WriteFile(path, []byte(content), 0o644))
	}
	put("site/index.html", `<!doctype html><a href="/members/">Sign in</a>`)
	put("site/members/index.html", read(w, "apache/members.html"))
	put("site.conf", read(w, "apache/site.conf"))
	around := fmt.Sprintf(apacheAround, root)
	for _, name := range []string{"mpm_event", "authn_core", "authz_core", "authz_user", "dir", "mime", "include", "socache_shmcb", "auth_openidc"} {
		around = fmt.Sprintf("LoadModule %s_module %s/mod_%s.so\n", name, apacheModules, name) + around
	}
	put("apache.conf", strings.TrimPrefix(around, "\n")+"Include site.conf\n")
	return w.command(apacheProgram, "-f", filepath.Join(root, "apache.conf"), "-DFOREGROUND")
}

// read is an example with the addresses of this test.
func read(w *workshop, example string) string {
	content, err := os.ReadFile(w.copied(example))
	check(w.t, err)
	return string(content)
}
