package provider_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/catalogue"
)

var (
	frameOf = regexp.MustCompile(`<iframe hidden sandbox="allow-scripts allow-same-origin" title="[^"]+" src="([^"]+)"></iframe>`)
	frames  = regexp.MustCompile(`frame-src ([^;]*)`)
)

// framed are the addresses of the page's frames, and the origins that its policy lets them have.
func (p page) framed() (addresses []string, origins string) {
	for _, m := range frameOf.FindAllStringSubmatch(p.body, -1) {
		addresses = append(addresses, html.UnescapeString(m[1]))
	}
	if m := frames.FindStringSubmatch(p.header.Get("Content-Security-Policy")); m != nil {
		origins = m[1]
	}
	return addresses, origins
}

// framing registers a service that hears through the browser.
func (g *gateway) framing(id string) {
	g.t.Helper()
	g.add(&catalogue.Service{ID: id, OIDC: &catalogue.OIDC{FrontchannelLogout: "https://" + id + ".example/out?a=b", FrontchannelSession: true,
		PostLogout: []string{"https://" + id + ".example/bye"}}})
}

func TestThePageSaysWhoWasTold(t *testing.T) {
	g := newGateway(t)
	g.framing("framed")
	g.hearing("told", nil)
	b := g.browser()
	who, _ := g.come(b, "framed")
	g.come(b, "told")
	b.get(g.tax().url()) // nobody tells it
	p := b.post(g.URL+"/signout", nil)
	addresses, origins := p.framed()
	want := []string{"https://framed.example/out?a=b&iss=" + url.QueryEscape(g.URL) + "&sid=" + who.SID}
	if diff := cmp.Diff(want, addresses); diff != "" || origins != "https://framed.example" {
		t.Errorf("%s\n%q\n%s", diff, origins, p.body)
	}
	open, rest, _ := strings.Cut(p.body, "böngészője értesíti")
	asked, told, _ := strings.Cut(rest, "ott is kiléptetik")
	if !strings.Contains(open, "Adóhivatal") || !strings.Contains(asked, "framed") || !strings.Contains(told, "<li>told</li>") || strings.Contains(told, "Adóhivatal") {
		t.Errorf("who is told, and who is not:\n%s", p.body)
	}
	if p.header.Get("Refresh") != "" {
		t.Error("the page goes on by itself, with nowhere to go")
	}
	for _, after := range []page{b.get(g.URL + "/signout"), b.get(g.URL + "/")} {
		if _, origins := after.framed(); origins != "" || strings.Contains(after.body, "<iframe") {
			t.Errorf("%s has frames", after.at)
		}
	}
}

func TestTheBrowserTellsBeforeItGoesOn(t *testing.T) {
	g := newGateway(t)
	g.framing("framed")
	end := func(others ...func(b *browser)) (page, *browser) {
		b := g.browser()
		_, hint := g.come(b, "framed")
		for _, f := range others {
			f(b)
		}
		return b.get(g.URL + "/oidc/end-session?" + url.Values{"id_token_hint": {hint}, "state": {`x";y`},
			"post_logout_redirect_uri": {"https://framed.example/bye"}}.Encode()), b
	}
	const home = "https://framed.example/bye?state=x%22%3By"

	p, b := end()
	if addresses, _ := p.framed(); p.status != 200 || p.out != nil || len(addresses) != 1 || p.header.Get("Refresh") != "3;url="+home || !strings.Contains(p.body, `href="`+home+`"`) {
		t.Errorf("%d %v %q\n%s", p.status, p.out, p.header.Get("Refresh"), p.body)
	}
	p = b.get(g.URL + "/oidc/end-session?client_id=framed&post_logout_redirect_uri=https%3A%2F%2Fframed.example%2Fbye")
	if p.out == nil || p.out.String() != "https://framed.example/bye" {
		t.Errorf("nothing is left to tell: %d %v", p.status, p.out)
	}

	// Whom nobody tells, the visitor must: the page waits.
	p, _ = end(func(b *browser) { b.get(g.tax().url()) })
	if p.out != nil || p.header.Get("Refresh") != "" || !strings.Contains(p.body, "Adóhivatal") || !strings.Contains(p.body, `href="`+home+`"`) {
		t.Errorf("%d %v %q\n%s", p.status, p.out, p.header.Get("Refresh"), p.body)
	}
}

func TestAnEncryptedHintProvesNothing(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	b.signIn(g.tax().url())
	const sealed = "e30.a.b.c.d"
	p := b.get(g.URL + "/oidc/end-session?id_token_hint=" + sealed + "&client_id=tax:office&post_logout_redirect_uri=" + url.QueryEscape(taxHome))
	if p.status != 200 || p.out != nil || p.hidden().Get("after") == "" {
		t.Errorf("with the client's name the visitor is to be asked: %d %v", p.status, p.out)
	}
	for _, other := range []string{"", "&client_id=nobody", "&client_id=town&post_logout_redirect_uri=" + url.QueryEscape(taxHome)} {
		if p := b.get(g.URL + "/oidc/end-session?id_token_hint=" + sealed + other); p.status != 400 || p.out != nil {
			t.Errorf("%q: %d %v", other, p.status, p.out)
		}
	}
	if p := b.get(g.URL + "/oidc/end-session?id_token_hint=" + sealed); !strings.Contains(p.body, "encrypted") {
		t.Errorf("the developer is not told why:\n%s", p.body)
	}
	if p := b.get(g.tax().url(param("prompt", "none"))); p.out.Query().Get("error") != "" {
		t.Error("somebody was signed out")
	}
}

// TestNobodyIsSignedOutFromElsewhere tries what a foreign page can make a browser send.
func TestNobodyIsSignedOutFromElsewhere(t *testing.T) {
	g := newGateway(t)
	b := g.browser()
	b.signIn(g.tax().url())
	form := b.get(g.URL + "/oidc/end-session").hidden()
	for _, path := range []string{"/signout", "/oidc/confirm-end"} {
		r := newForm(t, g.URL+path, form)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
		if p := b.do(r); p.status != 403 {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	r := newForm(t, g.URL+"/oidc/end-session", url.Values{"client_id": {"tax:office"}})
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	if p := b.do(r); p.status != 200 || p.hidden().Get("after") == "" {
		t.Errorf("a service's form is to be asked about: %d", p.status)
	}
	for _, path := range []string{"/signout", "/oidc/end-session", "/oidc/end-session?logout_hint=kisanna&ui_locales=en", "/oidc/confirm-end"} {
		b.get(g.URL + path)
	}
	if p := b.get(g.tax().url(param("prompt", "none"))); p.out.Query().Get("error") != "" {
		t.Error("somebody was signed out")
	}
	if p := b.get(g.URL + "/oidc/end-session?ui_locales=en"); !strings.Contains(p.body, `lang="en"`) || !strings.Contains(p.body, "/oidc/confirm-end?ui_locales=en") {
		t.Errorf("not in the language that was asked for:\n%s", p.body)
	}
}

func newForm(t *testing.T, address string, form url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	check(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
