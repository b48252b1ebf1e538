package provider_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// run is what a service and a signed-in browser need for one flow: authorize,
// code, token, and the check of the ID token's signature.
type run struct {
	g      *gateway
	cookie string
	query  string
	keys   jose.JSONWebKeySet
	send   func(r *http.Request) (header http.Header, body []byte)
}

func newRun(b *testing.B) *run {
	g := newGateway(b)
	browser := g.browser()
	tax := g.tax()
	tax.come(browser)
	home, err := url.Parse(g.URL)
	check(b, err)
	f := &run{g: g, query: strings.TrimPrefix(tax.url(), g.URL)}
	for _, c := range browser.client.Jar.Cookies(home) {
		f.cookie += c.Name + "=" + c.Value + "; "
	}
	check(b, json.Unmarshal([]byte(browser.get(g.URL+"/oidc/jwks").body), &f.keys))
	return f
}

func (f *run) flow(b *testing.B) {
	r := httptest.NewRequest(http.MethodGet, f.g.URL+f.query, nil)
	r.RequestURI = ""
	r.Header.Set("Cookie", f.cookie)
	header, _ := f.send(r)
	out, err := url.Parse(header.Get("Location"))
	if err != nil || out.Query().Get("code") == "" {
		b.Fatalf("no code: %v", header)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {out.Query().Get("code")}, "redirect_uri": {taxReturn}, "code_verifier": {verifier}}
	r = httptest.NewRequest(http.MethodPost, f.g.URL+"/oidc/token", strings.NewReader(form.Encode()))
	r.RequestURI = ""
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape("tax:office"), url.QueryEscape(taxSecret))
	_, body := f.send(r)
	var tokens struct {
		IDToken string `json:"id_token"`
	}
	if json.Unmarshal(body, &tokens) != nil || tokens.IDToken == "" {
		b.Fatalf("no token: %s", body)
	}
	signed, err := jose.ParseSignedCompact(tokens.IDToken, []jose.SignatureAlgorithm{jose.ES256})
	check(b, err)
	_, err = signed.Verify(f.keys.Key(signed.Signatures[0].Header.KeyID)[0].Key)
	check(b, err)
}

// BenchmarkSingleSignOn is one flow with a session: without the network, and
// over loopback, where the client's share is counted as well.
func BenchmarkSingleSignOn(b *testing.B) {
	b.Run("handler", func(b *testing.B) {
		f := newRun(b)
		f.send = func(r *http.Request) (http.Header, []byte) {
			w := httptest.NewRecorder()
			f.g.Config.Handler.ServeHTTP(w, r)
			return w.Header(), w.Body.Bytes()
		}
		f.measure(b)
	})
	b.Run("loopback", func(b *testing.B) {
		f := newRun(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		f.send = func(r *http.Request) (http.Header, []byte) {
			answer, err := client.Do(r)
			check(b, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			check(b, err)
			return answer.Header, body
		}
		f.measure(b)
	})
}

func (f *run) measure(b *testing.B) {
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		f.flow(b)
	}
	report(b, before)
}

// report tells flows a second, and the processor time of one flow, which stays
// the same on a busy machine.
func report(b *testing.B, before time.Duration) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "flows/s")
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	check(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkParallel is many browsers at once, on the cores that GOMAXPROCS gives.
func BenchmarkParallel(b *testing.B) {
	f := newRun(b)
	f.send = func(r *http.Request) (http.Header, []byte) {
		w := httptest.NewRecorder()
		f.g.Config.Handler.ServeHTTP(w, r)
		return w.Header(), w.Body.Bytes()
	}
	b.SetParallelism(16)
	b.ReportAllocs()
	before := processorTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			f.flow(b)
		}
	})
	report(b, before)
}
