package catalogue_test

import (
	"testing"

	"kapu/internal/catalogue"
)

func TestAnswersGoWhereTheyAreRegisteredToGo(t *testing.T) {
	app := &catalogue.OIDC{RedirectURIs: []string{"https://app.example/cb", "http://127.0.0.1/cb", "http://127.0.0.1:7000/fixed"}}
	for address, want := range map[string]bool{
		"https://app.example/cb":              true,
		"http://127.0.0.1/cb":                 true,
		"http://127.0.0.1:51004/cb":           true, // the app learns its port when it starts
		"http://127.0.0.1:7000/fixed":         true,
		"http://127.0.0.1:7001/fixed":         false, // registered with a port, it stays with it
		"http://127.0.0.1:51004/CB":           false,
		"http://127.0.0.1:51004/cb?x=1":       false,
		"http://127.0.0.1:51004/cb#x":         false,
		"http://127.0.0.1:51004":              false,
		"http://127.0.0.1:0/cb":               false,
		"http://127.0.0.1:65536/cb":           false,
		"http://127.0.0.1:+80/cb":             false,
		"http://127.0.0.1:80@evil.example/cb": false,
		"http://127.0.0.1:/cb":                false,
		"http://127.0.0.1.evil.example/cb":    false,
		"http://127.0.0.2:51004/cb":           false,
		"http://localhost:51004/cb":           false, // a name may lead elsewhere
		"https://127.0.0.1:51004/cb":          false,
		"https://app.example:8443/cb":         false,
	} {
		if got := app.Answers(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	confidential := &catalogue.OIDC{RedirectURIs: app.RedirectURIs, SecretDigest: "x"}
	if confidential.Answers("http://127.0.0.1:51004/cb") {
		t.Error("a service with a secret is no app on a citizen's machine")
	}
}
