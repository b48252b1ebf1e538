package outbound_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kapu/internal/outbound"
)

// elsewhere is a service of the tests, on loopback.
func elsewhere(t *testing.T, h http.HandlerFunc) (*httptest.Server, outbound.Config) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, outbound.Config{Private: true, Roots: roots, Timeout: 5 * time.Second, Now: time.Now}
}

func TestFetching(t *testing.T) {
	s, config := elsewhere(t, func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Cookie", "Authorization", "Accept-Encoding", "Referer"} {
			if r.Header.Get(name) != "" {
				t.Errorf("it sent %s: %s", name, r.Header.Get(name))
			}
		}
		w.Header().Set("Set-Cookie", "a=b")
		_, _ = io.WriteString(w, r.Header.Get("Accept"))
	})
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	c := outbound.New(config)
	for range 2 { // the second time there would be a cookie
		got, err := c.Get(t.Context(), s.URL+"/jwks", "application/json")
		if err != nil || string(got) != "application/json" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestPosting(t *testing.T) {
	s, config := elsewhere(t, func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("logout_token") != "a.b c" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	c := outbound.New(config)
	for token, want := range map[string]int{"a.b c": 200, "x": 400} {
		if got, err := c.Post(t.Context(), s.URL, url.Values{"logout_token": {token}}); got != want || err != nil {
			t.Errorf("%d, %v", got, err)
		}
	}
}

func TestPlainHTTPIsForLoopbackOnly(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	t.Cleanup(s.Close)
	if got, err := outbound.New(outbound.Config{Private: true}).Get(t.Context(), s.URL, "*/*"); string(got) != "ok" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := outbound.New(outbound.Config{}).Get(t.Context(), s.URL, "*/*"); !errors.Is(err, outbound.ErrAddress) {
		t.Errorf("%v", err)
	}
}

// A name that resolves to us is as bad as our address, whatever it resolved to
// when the service was registered or a moment ago.
func TestNamesAreJudgedByWhereTheyLead(t *testing.T) {
	var called atomic.Int32
	s, config := elsewhere(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"127.0.0.1", "::ffff:127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "100.64.1.1", "0.0.0.0", "fd00::1", "fe80::1"} {
		c := outbound.NewWith(outbound.Config{Roots: config.Roots}, resolving(t, to))
		if _, err := c.Get(t.Context(), "https://example.com:"+port+"/", "*/*"); !errors.Is(err, outbound.ErrAddress) {
			t.Errorf("%s: %v", to, err)
		}
	}
	if called.Load() > 0 {
		t.Error("our own network was called")
	}
	// The certificate of httptest is also for example.com.
	c := outbound.NewWith(config, resolving(t, "127.0.0.1"))
	if _, err := c.Get(t.Context(), "https://example.com:"+port+"/", "*/*"); err != nil || called.Load() != 1 {
		t.Errorf("a service in a private network that is allowed: %v", err)
	}
	c = outbound.NewWith(config, resolving(t, "169.254.169.254"))
	if _, err := c.Get(t.Context(), "https://example.com:"+port+"/", "*/*"); !errors.Is(err, outbound.ErrAddress) {
		t.Errorf("the cloud's own address was called: %v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Bool
	s, config := elsewhere(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/secret" {
			followed.Store(true)
		}
		http.Redirect(w, r, "/secret", http.StatusTemporaryRedirect)
	})
	c := outbound.New(config)
	if _, err := c.Get(t.Context(), s.URL, "*/*"); !errors.Is(err, outbound.ErrRedirect) {
		t.Errorf("%v", err)
	}
	if _, err := c.Post(t.Context(), s.URL, url.Values{"a": {"b"}}); !errors.Is(err, outbound.ErrRedirect) {
		t.Errorf("%v", err)
	}
	if followed.Load() {
		t.Error("it was followed")
	}
}

func TestAnswersAreBounded(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(make([]byte, 10<<20))
	_ = z.Close()
	answers := map[string]struct {
		want error
		h    http.HandlerFunc
	}{
		"/long":     {outbound.ErrTooLarge, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1001)) }},
		"/declared": {outbound.ErrTooLarge, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "100000000000") }},
		"/endless": {outbound.ErrTooLarge, func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		}},
		"/bomb": {outbound.ErrEncoded, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		}},
		"/missing": {outbound.ErrStatus, http.NotFound},
		"/fits":    {nil, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1000)) }},
	}
	s, config := elsewhere(t, func(w http.ResponseWriter, r *http.Request) { answers[r.URL.Path].h(w, r) })
	config.MaxBytes = 1000
	c := outbound.New(config)
	for path, a := range answers {
		if _, err := c.Get(t.Context(), s.URL+path, "*/*"); !errors.Is(err, a.want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	s, config = elsewhere(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("x", 1<<20)) })
	if _, err := outbound.New(config).Get(t.Context(), s.URL, "*/*"); err == nil {
		t.Error("a header of a megabyte was read")
	}
}

func TestSlowAnswersAreCutOff(t *testing.T) {
	done := make(chan struct{})
	s, config := elsewhere(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = w.Write([]byte("a"))
			w.(http.Flusher).Flush()
		}
		<-done
	})
	t.Cleanup(func() { close(done) }) // before the server waits for its handlers
	config.Timeout = 100 * time.Millisecond
	c := outbound.New(config)
	for _, path := range []string{"/head", "/body"} {
		if _, err := c.Get(t.Context(), s.URL+path, "*/*"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAFewAtOnceAndOneHostASmallPart(t *testing.T) {
	arrived, done := make(chan string, 8), make(chan struct{})
	slow := func(w http.ResponseWriter, r *http.Request) { arrived <- r.Host; <-done }
	a, config := elsewhere(t, slow)
	b, _ := elsewhere(t, slow)
	t.Cleanup(func() { close(done) })
	config.Parallel, config.Timeout = 4, time.Minute
	config.Roots.AddCert(b.Certificate())
	c := outbound.New(config)
	soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	go func() { _, _ = c.Get(t.Context(), a.URL, "*/*") }()
	<-arrived
	if _, err := c.Get(soon, a.URL, "*/*"); !errors.Is(err, outbound.ErrBusy) {
		t.Errorf("a quarter of four is one: %v", err)
	}
	go func() { _, _ = c.Get(t.Context(), b.URL, "*/*") }()
	if host := <-arrived; !strings.HasSuffix(b.URL, host) {
		t.Errorf("%s", host)
	}
}

func TestErrorsSayNoMoreThanTheHost(t *testing.T) {
	s, config := elsewhere(t, http.NotFound)
	_, err := outbound.New(config).Get(t.Context(), s.URL+"/path?sid=secret", "*/*")
	if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "path") {
		t.Errorf("%v", err)
	}
	_, err = outbound.New(outbound.Config{}).Get(t.Context(), "https://user:secret@a.example/", "*/*")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
