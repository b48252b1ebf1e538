package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kapu/internal/browsertest"
)

// TestAxeFindsNothing walks the showroom, phone and desktop, light and dark. What the
// program itself shows is walked in the gallery of the whole house (internal/e2e).
func TestAxeFindsNothing(t *testing.T) {
	browser := browsertest.Start(t)
	shell, _ := showroom(t, Config{Issuer: "http://127.0.0.1", CitizenMenu: []Link{{"/services", "showroom.portal.services"}}})
	server := browserSite(t, shell)
	page := browser.Visitor(t)
	for _, look := range []struct {
		width int
		dark  bool
	}{{375, false}, {1280, true}} {
		page.Resize(look.width, 900)
		page.Dark(look.dark)
		for i, sample := range shell.Samples() {
			if sample.Room != "showroom" {
				continue
			}
			page.Visit(server.URL + sample.Path() + "?lang=" + string(Langs[i%len(Langs)]))
			for _, violation := range page.Axe() {
				t.Errorf("%s at %d, dark %v: %s", sample.Path(), look.width, look.dark, violation)
			}
			page.Until("document.documentElement.scrollWidth <= innerWidth", "the page is wider than the window")
		}
	}
}

func TestScriptServesTheForm(t *testing.T) {
	browser := browsertest.Start(t)
	shell, _ := showroom(t, Config{Issuer: "http://127.0.0.1"})
	page := browser.Visitor(t)
	page.Visit(browserSite(t, shell).URL + "/gallery/showroom/form-wrong?lang=hu")
	page.Until("document.activeElement.matches('.govuk-error-summary')", "the error summary did not take the focus")
	page.Fill("Jelszó", "titkos")
	page.Click("Mutat")
	page.Until("document.getElementById('password').type === 'text'", "the password is not shown")
	if !strings.HasPrefix(page.Title(), "Hiba:") {
		t.Errorf("title %q", page.Title())
	}
}

func browserSite(t *testing.T, shell *Shell) *httptest.Server {
	mux := http.NewServeMux()
	shell.Mount(mux)
	mux.Handle("GET /gallery", shell.Gallery())
	mux.Handle("GET /gallery/", shell.Gallery())
	server := httptest.NewServer(shell.Wrap(mux))
	t.Cleanup(server.Close)
	return server
}
