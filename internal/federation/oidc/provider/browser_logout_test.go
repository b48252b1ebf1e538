package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"kapu/internal/browsertest"
)

// TestFramesInABrowser has a real browser load what services want to hear by, under
// our policy, and go on by itself.
func TestFramesInABrowser(t *testing.T) {
	g := newGateway(t)
	var heard atomic.Pointer[http.Request]
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/out":
			heard.Store(r)
			// A frame must not lead the whole window away.
			fmt.Fprint(w, `<script>try { top.location = "/stolen" } catch {}</script>`)
		case "/return":
			fmt.Fprint(w, "signed in")
		default:
			fmt.Fprint(w, "at "+r.URL.Path)
		}
	}))
	t.Cleanup(service.Close)
	list := registered(g.broker.Ring)
	o := list[0].OIDC
	o.RedirectURIs, o.PostLogout, o.FrontchannelLogout = []string{service.URL + "/return"}, []string{service.URL + "/bye"}, service.URL+"/out"
	check(t, g.broker.Catalogue.Replace(list))

	p := browsertest.Start(t).Visitor(t)
	p.Visit(g.tax().url(param("redirect_uri", service.URL+"/return")))
	p.Click("Ügyfélkapu+")
	p.See("signed in")
	p.Visit(g.URL + "/oidc/end-session?client_id=" + o.ClientID + "&post_logout_redirect_uri=" + service.URL + "/bye")
	p.Click("Kilépek")
	p.See("Ezeket a szolgáltatásokat most a böngészője értesíti")
	p.See("at /bye")
	if said := p.Complaints(); len(said) != 1 || !strings.Contains(said[0], "allow-top-navigation") {
		t.Errorf("the browser complains: %q", said)
	}
	r := heard.Load()
	if r == nil || r.URL.Query().Get("iss") != g.URL || r.URL.Query().Get("sid") == "" || r.Header.Get("Referer") != "" {
		t.Errorf("the service heard %v", r)
	}
}
