package notify

import (
	"bytes"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"testing"

	message "github.com/emersion/go-message/mail"
)

var office = mail.Address{Name: "Ügyfélkapu őrző", Address: "ertesites@kapu.example"}

// headers of each mail of ours, in any order; there must never be another.
var headers = []string{"Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "List-Id", "Message-Id",
	"Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}

func outgoing(to, subject, plain string) Outgoing {
	return Outgoing{ID: "0198-1", To: to, Lang: "hu", Subject: subject, Plain: plain, HTML: "<p>ő</p>", Created: at}
}

func TestFormatIsReadAsWritten(t *testing.T) {
	raw, err := format(office, outgoing("anna@example.hu", "Őrült jó ügyfélkapu: űrlap és őszi hír, amely hosszabb egy sornál is", "Tűzőgép, ő.\n.\n-- \nvége"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range raw {
		if b > 126 {
			t.Fatal("the mail is not plain ASCII on its way")
		}
	}
	r, err := message.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := r.Header.Subject(); got != "Őrült jó ügyfélkapu: űrlap és őszi hír, amely hosszabb egy sornál is" {
		t.Errorf("subject %q", got)
	}
	if got, _ := r.Header.AddressList("From"); len(got) != 1 || got[0].Name != office.Name || got[0].Address != office.Address {
		t.Errorf("from %v", got)
	}
	if got, _ := r.Header.MessageID(); got != "0198-1@kapu.example" {
		t.Errorf("message id %q", got)
	}
	if got := r.Header.Get("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("auto-submitted %q", got)
	}
	part, err := r.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	body.ReadFrom(part.Body)
	if got := strings.ReplaceAll(body.String(), "\r\n", "\n"); got != "Tűzőgép, ő.\n.\n-- \nvége" {
		t.Errorf("body %q", got)
	}
}

func TestFormatIsTheSameEveryTime(t *testing.T) {
	m := outgoing("anna@example.hu", "Aktiváló kód", "szöveg")
	first, err := format(office, m)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if again, err := format(office, m); err != nil || !bytes.Equal(first, again) {
			t.Fatal("a second try is not a copy of the first")
		}
	}
}

// FuzzNoHeaderCanBeSmuggledIn: whatever stands in a field, the mail has our headers and one recipient, or is refused.
func FuzzNoHeaderCanBeSmuggledIn(f *testing.F) {
	f.Add("anna@example.hu", "Aktiváló kód", "szöveg")
	f.Add("anna@example.hu\r\nBcc: x@example.hu", "a", "b")
	f.Add("anna@example.hu", "a\r\nBcc: x@example.hu", "b")
	f.Add("anna@example.hu", "a\n\n<html>", "\r\n.\r\nRCPT TO:<x@example.hu>")
	f.Add("\"a b\"@example.hu, x@example.hu", "\u2028Bcc: x", "=0D=0A")
	f.Add("anna@example.hu> NOTIFY=NEVER", "=?utf-8?q?=0D=0ABcc:?=", "--kapu-0198-1--")
	f.Fuzz(func(t *testing.T, to, subject, plain string) {
		raw, err := format(office, outgoing(to, subject, plain))
		if err != nil {
			var fault *Fault
			if !errors.As(err, &fault) || !fault.Permanent {
				t.Fatalf("refused for now: %v", err)
			}
			return
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for name, values := range m.Header {
			names = append(names, name)
			if len(values) != 1 {
				t.Fatalf("%d headers %s", len(values), name)
			}
		}
		if slices.Sort(names); !slices.Equal(names, headers) {
			t.Fatalf("headers %q", names)
		}
		if all, err := m.Header.AddressList("To"); err != nil || len(all) != 1 || !strings.EqualFold(all[0].Address, strings.Trim(to, " \t")) {
			t.Fatalf("recipients %v, %v", all, err)
		}
	})
}
