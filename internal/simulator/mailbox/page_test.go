package mailbox

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/web"
)

// site is an inbox behind the shell, as the demo has it.
func site(t *testing.T) (*Box, *httptest.Server) {
	t.Helper()
	shell, err := web.New(web.Config{Issuer: "http://localhost", Now: stopped, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	b := &Box{now: stopped}
	mux := http.NewServeMux()
	b.Mount(mux, shell, "/inbox")
	gallery := shell.Gallery()
	mux.Handle("GET /gallery/", gallery)
	s := httptest.NewServer(shell.Wrap(mux))
	t.Cleanup(s.Close)
	return b, s
}

func get(t *testing.T, url, accept string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

var (
	post = Message{Medium: Mail, To: "anna@example.hu", From: "kapu@kapu.example", Subject: "Kód <b>", Text: "Kód:\n 1234 5678\nhttps://kapu.example/a?b=1&c=2.\n",
		HTML: "<script>alert(1)</script><p>Kód</p>", Links: []string{"https://kapu.example/a?b=1&c=2"}, Code: "12345678", MessageID: "1@kapu.example", Encrypted: true, DKIM: "kapu.example"}
	text = Message{Medium: SMS, To: "+36301234567", From: "Ugyfelkapu", Text: "szöveg", Links: []string{}, Encoding: "gsm-7", Segments: 1}
)

func TestJSON(t *testing.T) {
	b, s := site(t)
	answer, body := get(t, s.URL+"/inbox", "application/json")
	if strings.TrimSpace(body) != "[]" || answer.Header.Get("Content-Type") != "application/json" {
		t.Errorf("an empty inbox: %s %q", answer.Header.Get("Content-Type"), body)
	}
	b.keep(post)
	b.keep(text)
	_, body = get(t, s.URL+"/inbox", "application/json")
	var all []map[string]any
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{"id": "2", "medium": "sms", "to": "+36301234567", "from": "Ugyfelkapu", "subject": "", "text": "szöveg", "html": "", "links": []any{}, "code": "",
			"received_at": "2026-03-02T09:00:00Z", "message_id": "", "encrypted": false, "dkim": "", "encoding": "gsm-7", "segments": 1.0},
		{"id": "1", "medium": "mail", "to": "anna@example.hu", "from": "kapu@kapu.example", "subject": "Kód <b>", "text": post.Text, "html": post.HTML,
			"links": []any{post.Links[0]}, "code": "12345678", "received_at": "2026-03-02T09:00:00Z", "message_id": "1@kapu.example", "encrypted": true, "dkim": "kapu.example", "encoding": "", "segments": 0.0},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	for to, n := range map[string]int{"ANNA@example.hu": 1, "nna@example.hu": 0, "example": 1, "%2B36301234567": 1} {
		_, body := get(t, s.URL+"/inbox?to="+to, "application/json")
		if err := json.Unmarshal([]byte(body), &all); err != nil || len(all) != n {
			t.Errorf("to=%s: %d, %v", to, len(all), err)
		}
	}
}

func TestListAndMessage(t *testing.T) {
	b, s := site(t)
	b.keep(post)
	b.keep(text)
	for _, c := range []struct {
		path         string
		has, without []string
	}{
		{"/inbox", []string{`href="/inbox/1"`, `href="/inbox/2"`, "Kód &lt;b&gt;", "1234\u00a05678"}, []string{"<b>"}},
		{"/inbox?to=anna", []string{`href="/inbox/1"`, `value="anna"`}, []string{`href="/inbox/2"`}},
		{"/inbox?to=nobody", []string{"még nem érkezett"}, []string{`href="/inbox/1"`}},
		{"/inbox?page=99", []string{`href="/inbox/1"`}, nil},
		{"/inbox/1", []string{`href="https://kapu.example/a?b=1&amp;c=2"`, "hiteles: kapu.example", "titkosítva", `href="/inbox/1/html"`}, []string{"<script>alert"}},
		{"/inbox/1?lang=en", []string{"genuine: kapu.example", "Back to the inbox", "encrypted"}, []string{"hiteles"}},
		{"/inbox/2", []string{"szöveg"}, []string{"/2/html", "aláírás"}},
	} {
		answer, body := get(t, s.URL+c.path, "text/html")
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", c.path, answer.Status)
		}
		for _, want := range c.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s", c.path, want)
			}
		}
		for _, never := range c.without {
			if strings.Contains(body, never) {
				t.Errorf("%s has %s", c.path, never)
			}
		}
	}
	for _, path := range []string{"/inbox/3", "/inbox/x", "/inbox/2/html", "/inbox/9/html"} {
		if answer, _ := get(t, s.URL+path, "text/html"); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
}

// TestDrawnMailCanDoNothing: the sender's HTML is shown as it came, under a policy that lets no script run, nothing be
// fetched, and gives it no share in our origin.
func TestDrawnMailCanDoNothing(t *testing.T) {
	b, s := site(t)
	b.keep(post)
	answer, body := get(t, s.URL+"/inbox/1/html", "text/html")
	if body != post.HTML {
		t.Errorf("body %q", body)
	}
	policy := strings.Split(answer.Header.Get("Content-Security-Policy"), "; ")
	for _, want := range []string{"default-src 'none'", "style-src 'unsafe-inline'", "sandbox"} {
		if !slices.Contains(policy, want) {
			t.Errorf("policy %q lacks %s", policy, want)
		}
	}
}

func TestPaging(t *testing.T) {
	b, s := site(t)
	for range perPage + 1 {
		b.keep(post)
	}
	_, first := get(t, s.URL+"/inbox?to=anna", "text/html")
	_, second := get(t, s.URL+"/inbox?to=anna&page=2", "text/html")
	if n := strings.Count(first, `href="/inbox/`); n != perPage || !strings.Contains(first, "/inbox?page=2&amp;to=anna") {
		t.Errorf("first page: %d messages", n)
	}
	if n := strings.Count(second, `href="/inbox/`); n != 1 || !strings.Contains(second, "/inbox?page=1&amp;to=anna") {
		t.Errorf("second page: %d messages", n)
	}
}

func TestEveryPageInBothLanguages(t *testing.T) {
	_, s := site(t)
	for _, sample := range []string{"list", "list-empty", "mail", "sms"} {
		for _, lang := range web.Langs {
			if answer, body := get(t, s.URL+"/gallery/mailbox/"+sample+"?lang="+string(lang), "text/html"); answer.StatusCode != http.StatusOK || strings.Contains(body, "mailbox.") {
				t.Errorf("%s in %s: %s", sample, lang, answer.Status)
			}
		}
	}
	if err := web.CheckTexts(files); err != nil {
		t.Error(err)
	}
}
