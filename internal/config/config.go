// Package config owns the operator's configuration file: its shape, its
// defaults, and the errors that say what to write instead. It refuses unknown
// keys, so that a misspelt one is found at start-up and not in an incident.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger/cosign"
)

// Config is the configuration of one gateway. Paths in the file are relative
// to the file.
type Config struct {
	Issuer   string `yaml:"issuer"`   // public address, https://…
	Listen   string `yaml:"listen"`   // host:port of the pages; default 127.0.0.1:8080
	Metrics  string `yaml:"metrics"`  // host:port of metrics and profiles; "" for none
	Database string `yaml:"database"` // sqlite:FILE or postgres://…
	Keys     string `yaml:"keys"`     // key file made by `kapu admin keys generate`; or KAPU_KEYS in the environment
	Witness  string `yaml:"witness"`  // file outside the database that collects the ledger's signed heads
	// WitnessKeys are the public keys of outside witnesses of the ledger, as `kapu witness key` prints them.
	WitnessKeys []string `yaml:"witness_keys"`
	Services    string   `yaml:"services"` // YAML file with the catalogue of services
	Proxy       bool     `yaml:"proxy"`    // a proxy of ours ends TLS and sets X-Forwarded-For
	TLS         *Pair    `yaml:"tls"`      // to end TLS here
	// ProxyCertificate names the header in which the proxy hands over the certificates of services (RFC 9440); "" for none.
	ProxyCertificate string     `yaml:"proxy_client_certificate"`
	Mutual           Mutual     `yaml:"mutual_tls"` // for services that show certificates
	PKCS11           *PKCS11    `yaml:"pkcs11"`     // a security module that keeps signing keys
	Register         Register   `yaml:"register"`
	Mail             Mail       `yaml:"mail"`
	SMS              *SMS       `yaml:"sms"`       // nil: no text messages are sent
	Telephone        *Telephone `yaml:"telephone"` // nil: nobody can call
	Law              []Law      `yaml:"law"`       // overrides of the law's table
}

// Pair is a certificate and its private key, both PEM files.
type Pair struct {
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
}

// Mutual is how services prove who they are by certificates (RFC 8705).
type Mutual struct {
	Address     string `yaml:"address"`     // https://…, where TLS asks for a certificate; "" for nowhere
	Authorities string `yaml:"authorities"` // PEM file with who vouches for them (tls_client_auth)
}

// Register is how to reach the population register, by mutual TLS.
type Register struct {
	URL         string `yaml:"url"`
	CA          string `yaml:"ca"` // PEM file with the authority that signed the register's certificate
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
}

// Mail is how mail leaves.
type Mail struct {
	Host         string `yaml:"host"`
	Port         int    `yaml:"port"` // default 587
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"password_file"`
	From         string `yaml:"from"`
	CA           string `yaml:"ca"` // PEM file, if the server's certificate is not publicly trusted
	DKIM         *DKIM  `yaml:"dkim"`
}

// SMS is how text messages leave: by HTTP to a carrier.
type SMS struct {
	URL       string `yaml:"url"`
	TokenFile string `yaml:"token_file"`
	Sender    string `yaml:"sender"` // what phones show
	CA        string `yaml:"ca"`     // PEM file, if the carrier's certificate is not publicly trusted
}

// DKIM signs mail (RFC 6376).
type DKIM struct {
	Domain   string `yaml:"domain"`
	Selector string `yaml:"selector"`
	Key      string `yaml:"key"` // PEM file, Ed25519 or RSA
}

// Law is one override of a row of the law's table.
type Law struct {
	Rule   string `yaml:"rule"`
	Value  string `yaml:"value"`
	From   string `yaml:"from"`
	Until  string `yaml:"until"`
	Source string `yaml:"source"`
}

// Load reads the configuration file at path. The error lists all faults.
func Load(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c.relativeTo(filepath.Dir(path))
	return c, nil
}

// Parse reads and checks the text of a configuration file.
func Parse(data []byte) (*Config, error) {
	c := &Config{Listen: "127.0.0.1:8080", Mail: Mail{Port: 587}}
	d := yaml.NewDecoder(strings.NewReader(string(data)))
	d.KnownFields(true)
	if err := d.Decode(c); err != nil {
		return nil, err
	}
	c.Telephone.complete()
	return c, c.check()
}

func (c *Config) check() error {
	var faults []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	u, err := url.Parse(c.Issuer)
	need(err == nil && u.Scheme == "https" && u.Host != "" && u.Path == "" && u.RawQuery == "", "issuer: write the public address, like https://kapu.example.hu, without a path")
	need(strings.HasPrefix(c.Database, "sqlite:") || strings.HasPrefix(c.Database, "postgres://") || strings.HasPrefix(c.Database, "postgresql://"),
		"database: write sqlite:FILE or postgres://…")
	need(c.Services != "", "services: name the YAML file with the catalogue of services")
	need(c.TLS != nil || c.Proxy, "tls or proxy: give a certificate, or say proxy: true if a proxy of yours ends TLS")
	if c.TLS != nil {
		need(c.TLS.Certificate != "" && c.TLS.Key != "", "tls: needs both certificate and key")
	}
	faults = append(faults, c.checkMutual()...)
	faults = append(faults, c.PKCS11.check()...)
	faults = append(faults, c.Register.check()...)
	faults = append(faults, c.Mail.check()...)
	faults = append(faults, c.Telephone.check()...)
	faults = append(faults, c.SMS.check()...)
	for i, key := range c.WitnessKeys {
		_, err := cosign.NewVerifier(key)
		need(err == nil, "witness_keys[%d]: write the public key of a witness, as `kapu witness key` prints it", i)
	}
	if _, err := c.Table(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// headerName is the shape of a header that a proxy may use for certificates:
// nothing that a browser or a service sends for another purpose.
var headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*-[Cc]ert[A-Za-z0-9-]*$`)

func (c *Config) checkMutual() (faults []error) {
	if c.ProxyCertificate != "" && (!c.Proxy || c.TLS != nil) {
		faults = append(faults, errors.New("proxy_client_certificate: only with proxy: true and without tls, or anybody could make a certificate up"))
	}
	if c.ProxyCertificate != "" && !headerName.MatchString(c.ProxyCertificate) {
		faults = append(faults, errors.New("proxy_client_certificate: write the name of a header, like Client-Cert"))
	}
	if u, err := url.Parse(c.Mutual.Address); c.Mutual.Address != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "") {
		faults = append(faults, errors.New("mutual_tls.address: write the address for services with certificates, like https://mtls.kapu.example.hu, without a path"))
	}
	if c.Mutual.Authorities != "" && c.Mutual.Address == "" && c.ProxyCertificate == "" {
		faults = append(faults, errors.New("mutual_tls.authorities: nobody is asked for a certificate; set mutual_tls.address or proxy_client_certificate"))
	}
	return faults
}

func (r Register) check() (faults []error) {
	if u, err := url.Parse(r.URL); err != nil || u.Scheme != "https" {
		faults = append(faults, errors.New("register.url: write the https:// address of the population register"))
	}
	if r.CA == "" || r.Certificate == "" || r.Key == "" {
		faults = append(faults, errors.New("register: ca, certificate and key are all needed (mutual TLS)"))
	}
	return faults
}

func (m Mail) check() (faults []error) {
	if m.Host == "" {
		faults = append(faults, errors.New("mail.host: name the SMTP server; citizens activate their account by mail"))
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		faults = append(faults, errors.New("mail.from: write the sender's address"))
	}
	if m.DKIM != nil && (m.DKIM.Domain == "" || m.DKIM.Selector == "" || m.DKIM.Key == "") {
		faults = append(faults, errors.New("mail.dkim: domain, selector and key are all needed"))
	}
	return faults
}

func (m *SMS) check() (faults []error) {
	if m == nil {
		return nil
	}
	if u, err := url.Parse(m.URL); err != nil || u.Scheme != "https" || u.Host == "" {
		faults = append(faults, errors.New("sms.url: write the https:// address to which text messages are posted"))
	}
	if m.TokenFile == "" || m.Sender == "" {
		faults = append(faults, errors.New("sms: needs token_file, and as sender what phones show (up to 11 letters and digits)"))
	}
	return faults
}

// Table is the law with the overrides of the configuration.
func (c *Config) Table() (law.Table, error) {
	rows, err := rowsOf(c.Law)
	if err != nil {
		return law.Table{}, err
	}
	return law.Default().With(rows...)
}

// LoadLaw reads a file that has nothing but a law list, as a configuration has
// one: rules that somebody wants to try.
func LoadLaw(path string) ([]law.Row, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Law []Law `yaml:"law"`
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	rows, err := rowsOf(file.Law)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

func rowsOf(overrides []Law) (rows []law.Row, err error) {
	for i, o := range overrides {
		row := law.Row{Rule: law.Rule(o.Rule), Value: o.Value, Source: o.Source}
		if row.From, err = identity.ParseDate(o.From); err != nil {
			return nil, fmt.Errorf("law[%d].from: write a day like 2026-01-01", i)
		}
		if o.Until != "" {
			if row.Until, err = identity.ParseDate(o.Until); err != nil {
				return nil, fmt.Errorf("law[%d].until: write a day like 2026-12-31", i)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// relativeTo makes the paths of files independent of the working directory.
func (c *Config) relativeTo(dir string) {
	paths := []*string{&c.Keys, &c.Witness, &c.Services, &c.Register.CA, &c.Register.Certificate, &c.Register.Key, &c.Mail.PasswordFile, &c.Mail.CA, &c.Mutual.Authorities}
	if c.TLS != nil {
		paths = append(paths, &c.TLS.Certificate, &c.TLS.Key)
	}
	if c.Telephone != nil && c.Telephone.TLS != nil {
		paths = append(paths, &c.Telephone.TLS.Certificate, &c.Telephone.TLS.Key)
	}
	if c.PKCS11 != nil {
		paths = append(paths, &c.PKCS11.Module, &c.PKCS11.PINFile)
	}
	if c.SMS != nil {
		paths = append(paths, &c.SMS.TokenFile, &c.SMS.CA)
	}
	if c.Mail.DKIM != nil {
		paths = append(paths, &c.Mail.DKIM.Key)
	}
	for _, p := range paths {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	if file, ok := strings.CutPrefix(c.Database, "sqlite:"); ok && !filepath.IsAbs(file) {
		c.Database = "sqlite:" + filepath.Join(dir, file)
	}
}
