package thirdparty

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is a browser without a window: it keeps cookies, follows redirects and
// sends forms. It stops where it would leave the gateway. Chromium does what is
// about a browser; this one what is about the protocol, in no time.
type browser struct {
	t      testing.TB
	client *http.Client
	host   string // of the gateway
}

func newBrowser(t testing.TB) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	check(t, err)
	gateway, err := url.Parse(open(t).Issuer)
	check(t, err)
	b := &browser{t: t, host: gateway.Host}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host != b.host {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return b
}

// on lets a subtest of the test whose browser it is use it.
func (b *browser) on(t testing.TB) *browser { return &browser{t, b.client, b.host} }

// page is where a browser ended: a page of the gateway, or on its way out.
type page struct {
	status int
	at     *url.URL
	body   string
	out    string // address outside that it is sent to; "" for none
}

func (b *browser) do(r *http.Request) page {
	b.t.Helper()
	answer, err := b.client.Do(r)
	check(b.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	check(b.t, err)
	return page{status: answer.StatusCode, at: answer.Request.URL, body: string(body), out: answer.Header.Get("Location")}
}

func (b *browser) get(address string) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, nil)
	check(b.t, err)
	return b.do(r)
}

func (b *browser) post(address string, form url.Values) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	check(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// signIn goes to an address, which leads to the chooser, and signs in there.
func (b *browser) signIn(address string, c *citizen) page {
	b.t.Helper()
	p := b.get(address)
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/signin/choose", url.Values{"method": {"totp"}}},
		{"/signin/password", url.Values{"username": {c.Username}, "password": {c.Password}}},
		{"/signin/totp", nil},
	} {
		if p.at.Path != step.path || p.out != "" {
			b.t.Fatalf("%d at %v, on the way to %q; expected %s:\n%s", p.status, p.at, p.out, step.path, words(p.body))
		}
		if step.form == nil {
			step.form = url.Values{"code": {c.code(b.t)}}
		}
		p = b.post(p.at.String(), step.form)
	}
	return p
}

// goes goes to an address with the session that the browser has, and returns
// where it is sent: out of the gateway.
func (b *browser) goes(address string) string {
	b.t.Helper()
	return b.get(address).leaves(b.t)
}

func (p page) leaves(t testing.TB) string {
	t.Helper()
	if p.out == "" {
		t.Fatalf("%d at %v, and not on the way out:\n%s", p.status, p.at, words(p.body))
	}
	return p.out
}

var (
	field  = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	action = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
	tags   = regexp.MustCompile(`(?s)<(style|script|svg|head).*?</(style|script|svg|head)>|<[^>]*>|\s+`)
)

// form is the form of a page whose fields are all hidden.
func (p page) form(t testing.TB) (to string, fields url.Values) {
	t.Helper()
	found := action.FindStringSubmatch(p.body)
	if found == nil {
		t.Fatalf("no form at %v:\n%s", p.at, words(p.body))
	}
	fields = url.Values{}
	for _, f := range field.FindAllStringSubmatch(p.body, -1) {
		fields.Set(f[1], html.UnescapeString(f[2]))
	}
	return html.UnescapeString(found[1]), fields
}

// words is a page as text, for somebody who reads why a test failed.
func words(body string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
}
