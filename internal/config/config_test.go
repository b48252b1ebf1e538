package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/config"
)

const good = `
issuer: https://kapu.example.hu
database: sqlite:kapu.db
keys: keys.json
services: services.yaml
proxy: true
register: {url: "https://register.example.hu", ca: ca.pem, certificate: gate.pem, key: gate.key}
mail: {host: mail.example.hu, from: "Kapu <kapu@example.hu>"}
law:
- {rule: activation.period, value: 3 days, from: 2026-01-01, source: "a town's decree"}
`

func TestLoadMakesPathsRelativeToTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "kapu.yaml")
	if err := os.WriteFile(path, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != "sqlite:"+filepath.Join(dir, "kapu.db") || c.Register.Key != filepath.Join(dir, "gate.key") || c.Mail.Port != 587 {
		t.Errorf("%+v", c)
	}
	if table, err := c.Table(); err != nil || len(table.Overrides()) != 1 {
		t.Errorf("Table: %v", err)
	}
}

func TestAFaultSaysWhatToWrite(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"https://kapu.example.hu", "http://kapu.example.hu", "issuer:"},
		{"sqlite:kapu.db", "mysql://x", "database:"},
		{"proxy: true", "proxy: false", "tls or proxy"},
		{"mail.example.hu", `""`, "mail.host"},
		{"ca: ca.pem", `ca: ""`, "mutual TLS"},
		{"activation.period", "activation.perod", "activation.perod"},
		{"from: 2026-01-01", "from: tomorrow", "law[0].from"},
		{"keys:", "kyes:", "kyes"},
		{"proxy: true", "tls: {certificate: a, key: b}\nproxy_client_certificate: Client-Cert", "anybody could make a certificate up"},
		{"proxy: true", "proxy: true\nproxy_client_certificate: Authorization", "name of a header"},
		{"proxy: true", "proxy: true\nmutual_tls: {address: mtls.kapu.example.hu}", "mutual_tls.address"},
		{"proxy: true", "proxy: true\nwitness_keys: [witness.example/w1]", "witness_keys[0]"},
		{"proxy: true", "proxy: true\nmutual_tls: {authorities: ca.pem}", "nobody is asked"},
	} {
		if _, err := config.Parse([]byte(strings.Replace(good, c.old, c.new, 1))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
}

func TestAFileOfRulesToTry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "draft.yaml")
	for text, want := range map[string]string{
		"law:\n- {rule: account.longest-life, value: 3 years, from: 2027-01-01, source: draft}": "",
		"law:\n- {rule: account.longest-life, value: 3 years, from: soon}":                      "law[0].from",
		"laws: []": "laws",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		rows, err := config.LoadLaw(path)
		if want == "" && (err != nil || len(rows) != 1 || rows[0].From.String() != "2027-01-01") {
			t.Errorf("%+v, %v", rows, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = config.Parse(data) })
}
