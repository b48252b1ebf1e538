package mailbox

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/notify"
)

func stopped() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

func open(t *testing.T) *Box {
	t.Helper()
	b, err := Open(Options{Now: stopped})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func TestFilter(t *testing.T) {
	for _, c := range []struct {
		to, filter string
		want       bool
	}{
		{"anna@example.hu", "", true},
		{"anna@example.hu", "Anna@Example.hu", true},
		{"joanna@example.hu", "anna@example.hu", false},
		{"joanna@example.hu", "anna", true},
		{"anna@example.hu", "@example.hu", true},
		{"anna@example.hu", "bela", false},
		{"+36301234567", "+36301234567", true},
		{"+36301234567", "+3630", false},
		{"+36301234567", " 3630", true}, // a plus in a query is a blank
	} {
		if got := (Message{To: c.to}).wentTo(c.filter); got != c.want {
			t.Errorf("%s, filter %q: %v", c.to, c.filter, got)
		}
	}
}

func TestNewestFirstOldestForgotten(t *testing.T) {
	b := &Box{now: stopped}
	const more = 5
	for i := range capacity + more {
		b.keep(Message{To: fmt.Sprint(i + 1)})
	}
	all := b.Messages("")
	if len(all) != capacity || all[0].To != fmt.Sprint(capacity+more) || all[capacity-1].To != fmt.Sprint(more+1) {
		t.Errorf("%d kept, from %s to %s", len(all), all[0].To, all[len(all)-1].To)
	}
	for id, kept := range map[string]bool{"0": false, "5": false, "6": true, "10005": true, "10006": false, "x": false, "-1": false} {
		if m, ok := b.Message(id); ok != kept || ok && (m.ID != id || m.To != id) {
			t.Errorf("id %s: %v, %+v", id, ok, m)
		}
	}
}

func TestCodesAndLinks(t *testing.T) {
	mail := "A 2026. évi kód:\n\n    1234 5678\n\nhttps://a.example/x?y=1, és (https://b.example/987654).\nhttps://a.example/x?y=1\n"
	if got := codeInMail(mail); got != "12345678" {
		t.Errorf("code %q", got)
	}
	if got := codeInMail("Hívja a 12345678 számot 2026. március 2-án."); got != "" {
		t.Errorf("a number within a sentence is taken for the code: %q", got)
	}
	if diff := cmp.Diff([]string{"https://a.example/x?y=1", "https://b.example/987654"}, linksIn(mail)); diff != "" {
		t.Error(diff)
	}
	if got := codeInSMS("A kód 123456, lásd https://a.example/987654"); got != "123456" {
		t.Errorf("code %q", got)
	}
	if got := codeInSMS("Ha nem Ön volt: https://a.example/987654"); got != "" {
		t.Errorf("a part of a link is taken for the code: %q", got)
	}
	if diff := cmp.Diff([]piece{{Words: "Lásd ("}, {Link: "https://b.example/1"}, {Words: ").\n"}}, pieces("Lásd (https://b.example/1).\n")); diff != "" {
		t.Error(diff)
	}
}

func phones(t *testing.T, b *Box) notify.Sender {
	t.Helper()
	g, err := notify.NewGateway(b.SMS())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A text comes as a phone shows it, and once, however often the gateway tries.
func TestTextMessages(t *testing.T) {
	b := open(t)
	for range 2 {
		if err := phones(t, b).Send(t.Context(), notify.Outgoing{ID: "7", To: "+36301234567", Plain: "123 456 – a kódja."}); err != nil {
			t.Fatal(err)
		}
	}
	got := b.Messages("+36301234567")
	if len(got) != 1 {
		t.Fatalf("%d kept", len(got))
	}
	want := Message{ID: "1", Medium: SMS, To: "+36301234567", From: "Ugyfelkapu", Text: "123 456 – a kódja.", Links: []string{}, Code: "123456", Received: got[0].Received, MessageID: "7", Encoding: notify.UCS2, Segments: 1}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	stranger := b.SMS()
	stranger.Token = "guessed"
	g, err := notify.NewGateway(stranger)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Send(t.Context(), notify.Outgoing{ID: "8", To: "+36301234567", Plain: "a"}); err == nil || len(b.Messages("")) != 1 {
		t.Errorf("a stranger was served: %v", err)
	}
}

func TestPhonesHaveMoods(t *testing.T) {
	b := open(t)
	for mood, want := range map[Mood]string{RefusingNow: notify.FaultLater, RefusingAlways: notify.FaultAddress, Down: notify.FaultUnreachable} {
		b.SetMood(mood)
		err := phones(t, b).Send(context.Background(), notify.Outgoing{ID: "1", To: "+36301234567", Plain: "a"})
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("mood %d: %v", mood, err)
		}
	}
	if len(b.Messages("")) != 0 {
		t.Error("a refused message was kept")
	}
}

const letter = "From: Kapu <kapu@kapu.example>\r\nTo: a@example.hu\r\nSubject: =?utf-8?q?=C5=91sz?=\r\nMessage-ID: <1@kapu.example>\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C5=91\r\n 123 456\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>x</p>\r\n--b--\r\n"

func TestRead(t *testing.T) {
	m, err := read([]byte(letter), (&Box{}).lookUp)
	if err != nil {
		t.Fatal(err)
	}
	want := Message{Medium: Mail, From: "kapu@kapu.example", Subject: "ősz", Text: "ő\n 123 456", HTML: "<p>x</p>",
		Links: []string{}, Code: "123456", MessageID: "1@kapu.example"}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

// FuzzRead: no mail, however broken, takes the mailbox down or shows a signature nobody made.
func FuzzRead(f *testing.F) {
	f.Add(letter)
	f.Add("")
	f.Add("From: a@example.hu\r\n\r\n12345678\r\n")
	f.Add("DKIM-Signature: v=1; a=rsa-sha256; d=kapu.example; s=k; h=from; bh=AA==; b=AA==\r\nFrom: a@example.hu\r\n\r\nx")
	f.Add(strings.Replace(letter, "--b--", "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b", 1))
	f.Fuzz(func(t *testing.T, raw string) {
		m, err := read([]byte(raw), (&Box{}).lookUp)
		if err != nil {
			return
		}
		if m.DKIM != "" || m.From == "" || m.Links == nil {
			t.Errorf("%+v", m)
		}
	})
}
