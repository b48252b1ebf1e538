package web

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// carrying is a site whose pages carry what their requests name.
func carrying(t *testing.T) http.Handler {
	t.Helper()
	shell, err := New(Config{Issuer: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	shell.Handle(mux, "GET /carry", func(w http.ResponseWriter, r *http.Request) error {
		r = r.WithContext(WithVisitor(r.Context(), Visitor{Name: "Kiss Anna"}))
		return shell.Carry(w, r, ToService, r.FormValue("to"), Carried{"SAMLResponse", r.FormValue("message")}, Carried{`a"b`, ""})
	})
	return shell.Wrap(mux)
}

func carry(h http.Handler, to, message, locale string) *httptest.ResponseRecorder {
	return visit(h, "GET", "/carry?"+url.Values{"to": {to}, "message": {message}, "ui_locales": {locale}}.Encode())
}

var (
	formTag  = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	inputTag = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// formOf reads a page: where its form goes, and names and values in turn.
func formOf(page string) (action string, fields []string) {
	for _, m := range formTag.FindAllStringSubmatch(page, -1) {
		action += html.UnescapeString(m[1])
	}
	for _, m := range inputTag.FindAllStringSubmatch(page, -1) {
		fields = append(fields, html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return action, fields
}

func TestWhatIsCarriedArrivesAsItIs(t *testing.T) {
	h := carrying(t)
	const to, message = `https://tax.example/acs?a=1&b="><script>`, `PHNh+/=<&amp;"'>` + "\u00e1"
	w := carry(h, to, message, "hu")
	action, fields := formOf(w.Body.String())
	if w.Code != http.StatusOK || action != to || !slices.Equal(fields, []string{"SAMLResponse", message, `a"b`, ""}) {
		t.Errorf("%d: %q, %q", w.Code, action, fields)
	}
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "form-action 'self' https://tax.example;") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%v", w.Header())
	}
	if page := w.Body.String(); strings.Contains(page, "Kiss Anna") || strings.Contains(page, "lang=") && strings.Contains(page, `href="?`) {
		t.Error("the page is another for everybody, or links to itself, where its form is lost")
	}
}

func TestACarryingPageSpeaksTheVisitorsLanguage(t *testing.T) {
	h := carrying(t)
	for locale, says := range map[string]string{"hu": "Tovább a szolgáltatáshoz", "en": "Go on to the service"} {
		if page := carry(h, "https://tax.example/acs", "x", locale).Body.String(); !strings.Contains(page, says) || !strings.Contains(page, `lang="`+locale+`"`) {
			t.Errorf("%s: %s", locale, page)
		}
	}
}

func TestNothingIsCarriedOutOfTheWeb(t *testing.T) {
	h := carrying(t)
	for _, to := range []string{"", "/here", "javascript:alert(1)", "javascript://x/%0aalert(1)", "data:text/html,x", "app.example:/back", "app://back", "https://"} {
		if w := carry(h, to, "secret-message", ""); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "data-autosubmit") {
			t.Errorf("%s: %d", to, w.Code)
		}
	}
}
