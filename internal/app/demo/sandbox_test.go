package demo_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// The demo's first page leads to what its services said last, also when a
// developer has just made a mistake.
func TestTheDemoLeadsToTheSandboxOfAService(t *testing.T) {
	d := start(t, t.TempDir(), false)
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	read := func(answer *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	s := d.Services[0]
	read(client.Get(d.Issuer + "/oidc/authorize?client_id=" + s.ClientID + "&redirect_uri=http%3A%2F%2Flocalhost%2Felsewhere"))
	open := func(service string) string {
		r, err := http.NewRequest(http.MethodPost, d.Issuer+"/demo/sandbox", strings.NewReader(url.Values{"service": {service}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return read(client.Do(r))
	}
	if page := open(s.ID); !strings.Contains(page, "RFC 9700, 4.1.3") || strings.Contains(page, "elsewhere") {
		t.Error("the sandbox does not say what was wrong, or says too much")
	}
	if page := open("nobody"); strings.Contains(page, "Homokozó") {
		t.Error("there is a sandbox of nobody")
	}
}
