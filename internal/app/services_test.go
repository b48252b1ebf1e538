package app_test

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/catalogue"
)

func library() *catalogue.Service {
	return &catalogue.Service{ID: "library", Name: map[string]string{"hu": "Könyvtár"}, URL: "http://localhost:3000/", Level: "substantial",
		OIDC: &catalogue.OIDC{ClientID: "library", RedirectURIs: []string{"http://localhost:3000/cb"}}}
}

// two opens a gateway twice, as the operator's command and the server do.
func two(t *testing.T) (command, server *app.App, file string) {
	t.Helper()
	_, c := earnest(t)
	for _, a := range []**app.App{&command, &server} {
		parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if *a, err = app.Open(t.Context(), parts); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { (*a).Close() })
	}
	return command, server, c.Services
}

// sees is the service as the server has it, after its catalogue came round.
func sees(t *testing.T, server *app.App, id string) *catalogue.Service {
	t.Helper()
	if _, err := server.RegisteredServices(t.Context()); err != nil {
		t.Fatal(err)
	}
	return server.Catalogue.Service(id)
}

func TestARegisteredServiceCountsInARunningGateway(t *testing.T) {
	command, server, _ := two(t)
	secret, err := command.AddService(t.Context(), library(), true)
	if err != nil || secret == "" {
		t.Fatal(secret, err)
	}
	digest := func(secret string) string { return server.Ring.Digest("client-secret", secret) }
	s := sees(t, server, "library")
	if s == nil || s.OIDC.SecretDigest != digest(secret) {
		t.Fatalf("the server does not know it: %+v", s)
	}
	if _, err := command.AddService(t.Context(), library(), true); err == nil || !strings.Contains(err.Error(), "registered already") {
		t.Errorf("registered twice: %v", err)
	}
	next, err := command.RotateServiceSecret(t.Context(), "library", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s = sees(t, server, "library")
	if now := server.Now(); !s.OIDC.KnowsSecret(digest(next), now) || !s.OIDC.KnowsSecret(digest(secret), now) || s.OIDC.KnowsSecret(digest(secret), now.Add(2*time.Hour)) {
		t.Error("the new secret must count, and the former one for an hour")
	}
	changed := library()
	changed.Name["en"] = "Library"
	if err := command.ChangeService(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if s = sees(t, server, "library"); s.Name["en"] != "Library" || s.OIDC.SecretDigest != digest(next) {
		t.Errorf("changed: %+v", s)
	}
	if err := command.RemoveService(t.Context(), "library"); err != nil {
		t.Fatal(err)
	}
	if sees(t, server, "library") != nil {
		t.Error("a removed service is still there")
	}
}

func TestAFaultyServiceIsNotTaken(t *testing.T) {
	command, server, _ := two(t)
	faulty := library()
	faulty.OIDC.RedirectURIs = []string{"http://library.example/cb"}
	if _, err := command.AddService(t.Context(), faulty, true); err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("%v", err)
	}
	demo := library()
	demo.ID = "demo-library"
	if _, err := command.AddService(t.Context(), demo, true); err == nil {
		t.Error("a demo's id was taken in earnest")
	}
	if sees(t, server, "library") != nil {
		t.Error("it was registered nonetheless")
	}
	if err := command.RemoveService(t.Context(), "library"); err == nil {
		t.Error("what is not there was removed")
	}
}

func TestAChangedFileCountsAndAFaultyOneDoesNot(t *testing.T) {
	command, server, file := two(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	more := string(text) + "\n- id: pool\n  name: {hu: Uszoda}\n  url: https://pool.example/\n  level: low\n"
	if err := os.WriteFile(file, []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	if sees(t, server, "pool") == nil {
		t.Fatal("the file is not read again")
	}
	if err := os.WriteFile(file, []byte(more+"- id: X\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := server.RegisteredServices(t.Context()); err == nil {
		t.Error("a faulty file is not told of")
	}
	if server.Catalogue.Service("pool") == nil {
		t.Error("a faulty file put the good list out of force")
	}
	if _, err := command.RotateServiceSecret(t.Context(), "pool", 0); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a service of the file is changed there: %v", err)
	}
}
