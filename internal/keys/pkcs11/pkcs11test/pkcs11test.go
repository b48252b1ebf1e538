// Package pkcs11test gives tests a security module: SoftHSM2 with an empty token
// in the test's own folder. It refuses to touch any token of the machine.
package pkcs11test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"kapu/internal/keys/pkcs11"
)

// The token of the tests.
const (
	Label = "kapu"
	PIN   = "24681357"
)

// places are where distributions put the library.
var places = []string{
	"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/lib/pkcs11/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so",
}

// Token makes a token. Without SoftHSM2 the test is skipped.
func Token(t testing.TB) pkcs11.Config {
	t.Helper()
	library := library()
	util, err := exec.LookPath("softhsm2-util")
	if library == "" || err != nil {
		t.Skip("SoftHSM2 is not installed: softhsm2-util and libsofthsm2.so are needed to try a security module")
	}
	dir := t.TempDir()
	conf := filepath.Join(dir, "softhsm2.conf")
	text := fmt.Sprintf("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", dir)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)
	if out, err := exec.Command(util, "--init-token", "--free", "--label", Label, "--pin", PIN, "--so-pin", PIN).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return pkcs11.Config{Module: library, Token: Label, PIN: PIN}
}

func library() string {
	for _, p := range places {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// Open opens the token, as one process does.
func Open(t testing.TB, c pkcs11.Config) pkcs11.Module {
	t.Helper()
	m, err := pkcs11.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}
