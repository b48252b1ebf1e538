package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"strings"
	"time"

	"kapu/internal/config"
	"kapu/internal/keys"
	"kapu/internal/keys/pkcs11"
	"kapu/internal/notify"
	registerhttp "kapu/internal/register/http"
	"kapu/internal/revocation"
	"kapu/internal/store"
)

// DemoPrefix begins the ids of the demo's office and services. A gateway in
// earnest refuses them.
const DemoPrefix = "demo-"

// KeysEnv names the environment variable that may hold the contents of the key file.
const KeysEnv = "KAPU_KEYS"

// Earnest makes the parts of a gateway in earnest from its configuration.
func Earnest(c *config.Config, log *slog.Logger) (p Parts, err error) {
	p = Parts{Issuer: c.Issuer, Database: c.Database, Origin: strings.TrimPrefix(c.Issuer, "https://") + "/ledger", Witness: c.Witness, WitnessKeys: c.WitnessKeys, Proxied: c.Proxy, Now: time.Now, Log: log}
	if p.Ring, err = Ring(c); err != nil {
		return p, err
	}
	if p.Law, err = c.Table(); err != nil {
		return p, err
	}
	if p.Holder, err = holder(c.PKCS11); err != nil {
		return p, err
	}
	p.ServicesFile = c.Services
	if _, err = readServices(c.Services); err != nil {
		return p, err
	}
	if p.Mutual, err = mutual(c); err != nil {
		return p, err
	}
	if p.Telephone, err = TelephoneLine(c.Telephone); err != nil {
		return p, err
	}
	if p.Population, err = dialRegister(c.Register); err != nil {
		return p, err
	}
	p.Senders, err = senders(c)
	return p, err
}

// senders are those who carry messages, by medium.
func senders(c *config.Config) (map[string]notify.Sender, error) {
	post, err := mailSender(c.Mail)
	if err != nil {
		return nil, err
	}
	all := map[string]notify.Sender{notify.Mail: post}
	if c.SMS == nil {
		return all, nil
	}
	if len(c.Issuer+revocation.Path)+linkToken > notify.LongestSMSLink {
		return nil, fmt.Errorf("sms: links to %s are too long for text messages; leave sms out, or choose a shorter issuer", c.Issuer)
	}
	all[notify.SMS], err = smsSender(*c.SMS)
	return all, err
}

// linkToken is how many bytes the token of a link in a message has, with the name before it.
const linkToken = 43 + len("?c=")

func smsSender(m config.SMS) (*notify.Gateway, error) {
	token, err := os.ReadFile(m.TokenFile)
	if err != nil {
		return nil, err
	}
	c := notify.GatewayConfig{URL: m.URL, Token: strings.TrimSpace(string(token)), Sender: m.Sender}
	if m.CA != "" {
		if c.Roots, err = readPool(m.CA); err != nil {
			return nil, err
		}
	}
	return notify.NewGateway(c)
}

// Ring opens the keys of a gateway in earnest, from the environment or the file.
func Ring(c *config.Config) (ring *keys.Ring, err error) {
	switch text := os.Getenv(KeysEnv); {
	case text != "":
		ring, err = keys.Parse([]byte(text))
	case c.Keys != "":
		ring, err = keys.Open(c.Keys)
	default:
		return nil, errors.New("keys: name the key file in the configuration, or put its contents into " + KeysEnv + "; `kapu admin keys generate` makes one")
	}
	if err == nil && ring.Demo() {
		return nil, errors.New("keys: this key file was made by the demo; `kapu admin keys generate` makes one for earnest")
	}
	return ring, err
}

// holder opens the security module, nil for none.
func holder(c *config.PKCS11) (pkcs11.Module, error) {
	if c == nil {
		return nil, nil
	}
	pin, err := c.PIN()
	if err != nil {
		return nil, err
	}
	return pkcs11.Open(pkcs11.Config{Module: c.Module, Token: c.Token, PIN: pin})
}

func dialRegister(r config.Register) (*registerhttp.Client, error) {
	certificates, err := registerhttp.LoadTLS(r.Certificate, r.Key, r.CA)
	if err != nil {
		return nil, err
	}
	return registerhttp.New(registerhttp.Config{BaseURL: r.URL, TLS: certificates, Now: time.Now})
}

func mailSender(m config.Mail) (*notify.SMTP, error) {
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return nil, err
	}
	c := notify.SMTPConfig{Host: m.Host, Port: m.Port, Username: m.Username, From: *from}
	if m.PasswordFile != "" {
		password, err := os.ReadFile(m.PasswordFile)
		if err != nil {
			return nil, err
		}
		c.Password = strings.TrimSpace(string(password))
	}
	if m.CA != "" {
		if c.Roots, err = readPool(m.CA); err != nil {
			return nil, err
		}
	}
	if m.DKIM != nil {
		if c.DKIM, err = readDKIM(*m.DKIM); err != nil {
			return nil, err
		}
	}
	return notify.NewSMTP(c)
}

func readDKIM(d config.DKIM) (*notify.DKIM, error) {
	text, err := os.ReadFile(d.Key)
	if err != nil {
		return nil, err
	}
	key, err := notify.ParseDKIMKey(text)
	return &notify.DKIM{Domain: d.Domain, Selector: d.Selector, Key: key}, err
}

func readPool(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: holds no certificate", path)
	}
	return pool, nil
}

// RefuseDemo errs if the database has a desk of the demo.
func (a *App) RefuseDemo(ctx context.Context) error {
	return a.DB.View(ctx, func(tx *store.Tx) error {
		offices, err := tx.Offices()
		for _, o := range offices {
			if strings.HasPrefix(o.ID, DemoPrefix) {
				return errors.New("this database belongs to a demo: its clerks have a known password")
			}
		}
		return err
	})
}
