package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestThePINIsReadFromWhereNobodyElseCan(t *testing.T) {
	t.Setenv(PINEnv, "")
	file := filepath.Join(t.TempDir(), "pin")
	if err := os.WriteFile(file, []byte("24681357\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil { // whatever the umask
		t.Fatal(err)
	}
	p := &PKCS11{Module: "/lib/module.so", Token: "kapu", PINFile: file}
	if _, err := p.PIN(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a PIN that others can read: %v", err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	if pin, err := p.PIN(); err != nil || pin != "24681357" {
		t.Errorf("%q, %v", pin, err)
	}
	t.Setenv(PINEnv, "13572468")
	if pin, err := p.PIN(); err != nil || pin != "13572468" {
		t.Errorf("from the environment: %q, %v", pin, err)
	}
	t.Setenv(PINEnv, "")
	if _, err := (&PKCS11{}).PIN(); err == nil || !strings.Contains(err.Error(), "pin_file") {
		t.Errorf("no PIN at all: %v", err)
	}
	if n := len((&PKCS11{}).check()); n != 2 {
		t.Errorf("%d faults of an empty one", n)
	}
}
