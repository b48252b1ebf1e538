package notify_test

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"kapu/internal/notify"
	"kapu/internal/simulator/mailbox"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

var (
	office = mail.Address{Name: "Ügyfélkapu", Address: "ertesites@kapu.example"}
	letter = notify.Outgoing{ID: "0198-1", To: "anna@example.hu", Lang: "hu", Subject: "Őszi űrlap", Plain: "Tűzőgép\n", HTML: "<p>Tűzőgép</p>",
		Created: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
)

func open(t *testing.T, records map[string]string) *mailbox.Box {
	t.Helper()
	box, err := mailbox.Open(mailbox.Options{Now: storetest.NewClock().Now, Records: records})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box
}

func configOf(box *mailbox.Box) notify.SMTPConfig {
	return notify.SMTPConfig{Host: box.Host(), Port: box.Port(), Roots: box.Roots(), From: office}
}

func sender(t *testing.T, c notify.SMTPConfig) *notify.SMTP {
	t.Helper()
	s, err := notify.NewSMTP(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMailArrivesEncryptedAndSigned(t *testing.T) {
	_, young, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	old, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"ed25519": young, "rsa": old} {
		t.Run(name, func(t *testing.T) {
			d := notify.DKIM{Domain: "kapu.example", Selector: "k1", Key: key}
			record, value, err := d.Record()
			if err != nil {
				t.Fatal(err)
			}
			box := open(t, map[string]string{record: value})
			c := configOf(box)
			c.DKIM = &d
			if err := sender(t, c).Send(t.Context(), letter); err != nil {
				t.Fatal(err)
			}
			got := box.Messages("anna@example.hu")
			if len(got) != 1 {
				t.Fatalf("%d mails", len(got))
			}
			m := got[0]
			if !m.Encrypted || m.DKIM != "kapu.example" || m.Subject != "Őszi űrlap" || m.Text != "Tűzőgép\n" ||
				m.HTML != "<p>Tűzőgép</p>" || m.From != office.Address || m.MessageID != "0198-1@kapu.example" {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestSignatureOfAnotherKeyIsNotGood(t *testing.T) {
	_, ours, _ := ed25519.GenerateKey(rand.Reader)
	_, theirs, _ := ed25519.GenerateKey(rand.Reader)
	name, value, _ := notify.DKIM{Domain: "kapu.example", Selector: "k1", Key: ours}.Record()
	box := open(t, map[string]string{name: value})
	c := configOf(box)
	c.DKIM = &notify.DKIM{Domain: "kapu.example", Selector: "k1", Key: theirs}
	if err := sender(t, c).Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	if m := box.Messages("")[0]; m.DKIM != "" {
		t.Errorf("a forged signature shows as %q", m.DKIM)
	}
}

func TestFaults(t *testing.T) {
	box := open(t, nil)
	untrusting := configOf(box)
	untrusting.Roots = x509.NewCertPool()
	for name, c := range map[string]struct {
		mood      mailbox.Mood
		config    notify.SMTPConfig
		to        string
		kind      string
		permanent bool
	}{
		"later":     {mailbox.RefusingNow, configOf(box), letter.To, notify.FaultLater, false},
		"never":     {mailbox.RefusingAlways, configOf(box), letter.To, notify.FaultRefused, true},
		"down":      {mailbox.Down, configOf(box), letter.To, notify.FaultUnreachable, false},
		"untrusted": {mailbox.Accepting, untrusting, letter.To, notify.FaultTLS, false},
		"injection": {mailbox.Accepting, configOf(box), "anna@example.hu>\r\nRCPT TO:<x@example.hu", notify.FaultAddress, true},
	} {
		t.Run(name, func(t *testing.T) {
			box.SetMood(c.mood)
			m := letter
			m.To = c.to
			var f *notify.Fault
			if err := sender(t, c.config).Send(t.Context(), m); !errors.As(err, &f) || f.Kind != c.kind || f.Permanent != c.permanent {
				t.Errorf("got %+v", err)
			}
		})
	}
	if got := box.Messages(""); len(got) != 0 {
		t.Errorf("%d mails arrived", len(got))
	}
}

// talk serves one connection of a mail server that is not ours: each answer in turn, then silence.
func talk(t *testing.T, answers ...string) notify.SMTPConfig {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		line := make([]byte, 1024)
		for _, a := range answers {
			conn.Write([]byte(a))
			conn.Read(line)
		}
		conn.Read(line) // until the other side hangs up
	}()
	return notify.SMTPConfig{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: office}
}

func TestNothingIsSentUnencrypted(t *testing.T) {
	var f *notify.Fault
	err := sender(t, talk(t, "220 hello\r\n", "250 no tls here\r\n")).Send(t.Context(), letter)
	if !errors.As(err, &f) || f.Kind != notify.FaultTLS || f.Permanent {
		t.Errorf("got %+v", err)
	}
}

func TestSilentServer(t *testing.T) {
	for name, answers := range map[string][]string{"at once": nil, "after hello": {"220 hello\r\n"}} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			s := sender(t, talk(t, answers...))
			go func() { ended <- s.Send(ctx, letter) }()
			stop()
			var f *notify.Fault
			if err := <-ended; !errors.As(err, &f) || f.Kind != notify.FaultTimeout || f.Permanent {
				t.Errorf("got %+v", err)
			}
		})
	}
}

func TestConfigIsRefused(t *testing.T) {
	good := notify.SMTPConfig{Host: "127.0.0.1", Port: 25, From: office}
	for name, spoil := range map[string]func(*notify.SMTPConfig){
		"no host":              func(c *notify.SMTPConfig) { c.Host = "" },
		"no port":              func(c *notify.SMTPConfig) { c.Port = 0 },
		"no sender":            func(c *notify.SMTPConfig) { c.From.Address = "ertesites" },
		"two envelope senders": func(c *notify.SMTPConfig) { c.Envelope = "a@kapu.example>\r\n<b@kapu.example" },
		"open to afar":         func(c *notify.SMTPConfig) { c.Host, c.TLS = "mail.kapu.example", notify.TLSNone },
		"perhaps open to afar": func(c *notify.SMTPConfig) { c.Host, c.TLS = "mail.kapu.example", notify.TLSOpportunistic },
		"open password":        func(c *notify.SMTPConfig) { c.Username, c.TLS = "kapu", notify.TLSNone },
		"unknown policy":       func(c *notify.SMTPConfig) { c.TLS = "maybe" },
	} {
		c := good
		if spoil(&c); refused(c) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := refused(good); err != nil {
		t.Error(err)
	}
}

func refused(c notify.SMTPConfig) error {
	_, err := notify.NewSMTP(c)
	return err
}

func TestParseDKIMKey(t *testing.T) {
	_, young, _ := ed25519.GenerateKey(rand.Reader)
	strong, _ := rsa.GenerateKey(rand.Reader, 2048)
	weak, _ := rsa.GenerateKey(rand.Reader, 1024)
	inPEM := func(key any) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	for name, c := range map[string]struct {
		text []byte
		want error
	}{"ed25519": {inPEM(young), nil}, "rsa": {inPEM(strong), nil}, "weak": {inPEM(weak), notify.ErrDKIMKey}, "words": {[]byte("key"), notify.ErrDKIMKey}} {
		if _, err := notify.ParseDKIMKey(c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFromOutboxToMailbox is the way of a code: posted, tried while the server is down, sent when it is back.
func TestFromOutboxToMailbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		box := open(t, nil)
		phones, err := notify.NewGateway(box.SMS())
		if err != nil {
			t.Fatal(err)
		}
		w := &notify.Worker{DB: db, Now: clock.Now, Senders: map[string]notify.Sender{
			notify.Mail: sender(t, configOf(box)), notify.SMS: phones}}
		to := notify.Recipient{Email: "anna@example.hu", Phone: "+36301234567"}
		link := "https://kapu.example/activate"
		err = db.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(
				notify.Post(tx, to, notify.ActivationCode{Code: "12345678", Link: link, Until: clock.Now().Add(2 * time.Hour)}),
				notify.Post(tx, to, notify.PlusRequested{At: clock.Now(), RevokeLink: link, RevokeUntil: clock.Now().Add(time.Hour)}))
		})
		if err != nil {
			t.Fatal(err)
		}
		box.SetMood(mailbox.Down)
		if n, err := w.Once(t.Context()); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		box.SetMood(mailbox.Accepting)
		clock.Advance(time.Hour)
		if n, err := w.Once(t.Context()); n != 3 || err != nil {
			t.Fatal(n, err)
		}
		codes := 0
		for _, m := range box.Messages("") {
			if len(m.Links) != 1 || m.Links[0] != link || !strings.Contains(m.Text, link) {
				t.Errorf("links %q of %s", m.Links, m.Medium)
			}
			if m.Code == "12345678" {
				codes++
			}
		}
		if codes != 1 {
			t.Errorf("the code came %d times", codes)
		}
	})
}
