package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// site is a wrapped mux with a page for each way to fail.
func site(t *testing.T, c Config) (http.Handler, *Shell) {
	t.Helper()
	shell, pages := showroom(t, c)
	mux := http.NewServeMux()
	shell.Mount(mux)
	fails := map[string]error{"not-found": NotFound(), "forbidden": Forbidden(""), "expired": Expired(""), "busy": Busy(90 * time.Second),
		"too-many": fmt.Errorf("wrapped: %w", TooMany(5*time.Minute)), "broken": errors.New("table users is gone"),
		"slow": fmt.Errorf("query: %w", context.DeadlineExceeded)}
	for name, err := range fails {
		shell.Handle(mux, "GET /fail/"+name, func(http.ResponseWriter, *http.Request) error { return err })
	}
	shell.Handle(mux, "GET /panic/{secret}", func(http.ResponseWriter, *http.Request) error { panic("Kiss Anna") })
	shell.Handle(mux, "POST /send", func(w http.ResponseWriter, r *http.Request) error { return SeeOther(w, r, "/done") })
	shell.Handle(mux, "POST /oidc/token", func(w http.ResponseWriter, r *http.Request) error { return nil })
	shell.Handle(mux, "GET /portal", func(w http.ResponseWriter, r *http.Request) error {
		r = r.WithContext(WithVisitor(r.Context(), Visitor{Name: "<b>Anna"}))
		pages.Show(w, r, http.StatusOK, "portal", View{Data: showroomData{}, Refresh: &Refresh{After: 1500 * time.Millisecond, To: "/next"}})
		return nil
	})
	return shell.Wrap(mux), shell
}

func TestErrorsBecomePages(t *testing.T) {
	h, _ := site(t, Config{})
	for _, c := range []struct {
		path, says, retry string
		status            int
	}{
		{"/fail/not-found", "Ez az oldal nem található", "", 404},
		{"/nowhere", "Ez az oldal nem található", "", 404},
		{"/fail/forbidden", "Ehhez nincs jogosultsága", "", 403},
		{"/fail/expired", "Ez az oldal lejárt", "", 410},
		{"/fail/busy", "Most nagyon sokan vannak itt", "90", 503},
		{"/fail/slow", "Most nagyon sokan vannak itt", "10", 503},
		{"/fail/too-many", "5 perc múlva újra próbálhatja", "300", 429},
		{"/fail/broken", "Hiba történt nálunk", "", 500},
		{"/panic/x", "Hiba történt nálunk", "", 500},
		{"/send", "Ezt itt nem lehet megtenni", "", 405},
	} {
		w := visit(h, "GET", c.path)
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.says) || w.Header().Get("Retry-After") != c.retry {
			t.Errorf("%s: %d, Retry-After %q", c.path, w.Code, w.Header().Get("Retry-After"))
		}
		if !strings.Contains(body, "kapu-support__code") {
			t.Errorf("%s: no support code", c.path)
		}
		if strings.Contains(body, "users") || strings.Contains(body, "Kiss Anna") {
			t.Errorf("%s: the page tells what went wrong inside", c.path)
		}
	}
	if allow := visit(h, "GET", "/send").Header().Get("Allow"); allow != "POST" {
		t.Errorf("Allow: %q", allow)
	}
}

func TestLogHoldsNoAddressOfAPersonAndThePagesCode(t *testing.T) {
	shell, _ := showroom(t, Config{})
	var log bytes.Buffer
	shell.log = slog.New(slog.NewTextHandler(&log, nil))
	mux := http.NewServeMux()
	shell.Handle(mux, "GET /panic/{secret}", func(http.ResponseWriter, *http.Request) error { panic("Kiss Anna") })
	w := visit(shell.Wrap(mux), "GET", "/panic/sealed-token?code=123456", func(r *http.Request) { r.RemoteAddr = "192.0.2.77:1" })
	for _, private := range []string{"sealed-token", "123456", "Kiss Anna", "192.0.2.77"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, &log)
		}
	}
	_, after, _ := strings.Cut(w.Body.String(), "A hiba kódja: <strong>")
	code, _, _ := strings.Cut(after, "<")
	if len(code) != 9 || !strings.Contains(log.String(), "request="+code) || !strings.Contains(log.String(), `route="GET /panic/{secret}"`) {
		t.Errorf("code %q is not in the log:\n%s", code, &log)
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct{ issuer, hsts string }{{"https://kapu.example", transportPolicy}, {"http://127.0.0.1:8080", ""}} {
		h, _ := site(t, Config{Issuer: c.issuer})
		for _, path := range []string{"/portal", "/nowhere", "/fail/broken"} {
			got := visit(h, "GET", path).Header()
			for name, want := range map[string]string{"Content-Security-Policy": contentPolicy, "Referrer-Policy": "same-origin",
				"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Strict-Transport-Security": c.hsts, "Permissions-Policy": permissionsPolicy} {
				if got.Get(name) != want {
					t.Errorf("%s %s: %s is %q", c.issuer, path, name, got.Get(name))
				}
			}
		}
	}
	for _, issuer := range []string{"", "kapu.example", "ftp://kapu.example", "https://"} {
		if _, err := New(Config{Issuer: issuer}); err == nil {
			t.Errorf("issuer %q was taken", issuer)
		}
	}
}

func TestAllowFormAction(t *testing.T) {
	for _, c := range []struct {
		url, want string
		ok        bool
	}{
		{"https://service.example/callback?x=1", "form-action 'self' https://service.example;", true},
		{"http://127.0.0.1:9000/cb", "form-action 'self' http://127.0.0.1:9000;", true},
		{"http://127.0.0.1/cb", "form-action 'self' http://127.0.0.1:*;", true},
		{"com.example.app:/cb", "form-action 'self' com.example.app:;", true},
		{"javascript:alert(1)", "form-action 'self';", false},
		{"https://a.example;script-src *", "form-action 'self';", false},
		{"https://*.example", "form-action 'self';", false},
		{"/path", "form-action 'self';", false},
		{"https:///x", "form-action 'self';", false},
	} {
		w := httptestHeader(contentPolicy)
		if ok := AllowFormAction(w, c.url); ok != c.ok || !strings.Contains(w.Header().Get("Content-Security-Policy"), c.want) {
			t.Errorf("%s: %v, %s", c.url, ok, w.Header().Get("Content-Security-Policy"))
		}
		if strings.Count(w.Header().Get("Content-Security-Policy"), "script-src") != 1 {
			t.Errorf("%s smuggled a directive", c.url)
		}
	}
}

func httptestHeader(policy string) http.ResponseWriter {
	return &bareAnswer{header: http.Header{"Content-Security-Policy": {policy}}}
}

func TestCrossOriginFormsAreRefused(t *testing.T) {
	h, _ := site(t, Config{MachinePaths: []string{"/oidc/token"}})
	header := func(pairs ...string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			for i := 0; i < len(pairs); i += 2 {
				r.Header.Set(pairs[i], pairs[i+1])
			}
		}
	}
	for _, c := range []struct {
		name, path string
		headers    func(*http.Request)
		status     int
	}{
		{"our own page", "/send", header("Sec-Fetch-Site", "same-origin", "Cookie", "s=1"), 303},
		{"our own page, older browser", "/send", header("Origin", "http://example.com", "Cookie", "s=1"), 303},
		{"another site", "/send", header("Sec-Fetch-Site", "cross-site", "Cookie", "s=1"), 403},
		{"a sister site", "/send", header("Sec-Fetch-Site", "same-site", "Cookie", "s=1"), 403},
		{"another site, older browser", "/send", header("Origin", "https://evil.example", "Cookie", "s=1"), 403},
		{"an opaque origin", "/send", header("Origin", "null", "Cookie", "s=1"), 403},
		{"cookies and no sign of where from", "/send", header("Cookie", "s=1"), 403},
		{"a machine without cookies", "/send", header(), 303},
		{"a machine's door", "/oidc/token", header("Origin", "https://app.example"), 200},
		{"a door that only begins like it", "/oidc/tokenx", header("Origin", "https://app.example"), 403},
	} {
		if w := visit(h, "POST", c.path, c.headers); w.Code != c.status {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
	}
}

func TestVisitorIsGreetedAndEscaped(t *testing.T) {
	h, _ := site(t, Config{CitizenMenu: []Link{{"/services", "showroom.portal.services"}}})
	w := visit(h, "GET", "/portal")
	if body := w.Body.String(); !strings.Contains(body, "Kilépés") || !strings.Contains(body, `href="/services"`) || strings.Contains(body, "<b>Anna") {
		t.Error(body)
	}
	if got := w.Header().Get("Refresh"); got != "2; url=/next" {
		t.Errorf("Refresh: %q", got)
	}
}

func TestStaticFiles(t *testing.T) {
	h, shell := site(t, Config{})
	at, err := shell.static.asset("kapu.css")
	if err != nil {
		t.Fatal(err)
	}
	w := visit(h, "GET", at, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip, br") })
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Cache-Control") != immutable {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	css := visit(h, "GET", at).Body.String()
	font, _ := shell.static.asset("source-sans-3-latin-ext.woff2")
	if !strings.Contains(css, font) || strings.Contains(css, "url(http") || strings.Contains(css, `url("http`) {
		t.Error("the style sheet does not name the hashed font, or names another host")
	}
	for _, path := range []string{"/static/kapu.css", "/static/../shell.go", "/static/"} {
		if w := visit(h, "GET", path); w.Code == 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
