package app_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// A service registers by itself in one process, with a token that the operator
// made in another.
func TestAServiceRegistersByItself(t *testing.T) {
	_, c := earnest(t)
	parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.New(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	command, err := app.Open(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Close() })
	token, err := command.MakeServiceToken(t.Context(), 1, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, path, token, body string) (int, map[string]any) {
		r := httptest.NewRequest(method, c.Issuer+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		server.Handler.ServeHTTP(w, r)
		var told map[string]any
		_ = json.Unmarshal(w.Body.Bytes(), &told) // nothing for 204
		return w.Code, told
	}
	status, made := send(http.MethodPost, "/oidc/register", token, `{"client_name":"Könyvtár","redirect_uris":["https://rp.example/cb"]}`)
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, made)
	}
	id, own := made["client_id"].(string), made["registration_access_token"].(string)
	if server.Catalogue.Client(id) == nil {
		t.Error("it does not count at once")
	}
	if s := sees(t, command, id); s == nil || s.OIDC.RegistrationDigest == "" {
		t.Error("it does not count elsewhere")
	}
	if status, told := send(http.MethodPut, "/oidc/register/"+id, own, `{"client_id":"`+id+`","redirect_uris":["https://rp.example/cb2"]}`); status != http.StatusOK {
		t.Errorf("%d %v", status, told)
	}
	if s := sees(t, command, id); s == nil || s.OIDC.RedirectURIs[0] != "https://rp.example/cb2" {
		t.Errorf("the change does not count elsewhere: %+v", s)
	}
	grown := *sees(t, command, id)
	grown.Claims, grown.Ground = []catalogue.Claim{catalogue.Name}, "2017. évi CL. törvény"
	if err := command.ChangeService(t.Context(), &grown); err == nil || !strings.Contains(err.Error(), "registration_token_digest") {
		t.Errorf("data for a service that may change where answers go: %v", err)
	}
	if status, _ := send(http.MethodDelete, "/oidc/register/"+id, own, ""); status != http.StatusNoContent || sees(t, command, id) != nil {
		t.Errorf("%d", status)
	}
	if status, _ := send(http.MethodGet, "/oidc/register/"+id, own, ""); status != http.StatusUnauthorized {
		t.Errorf("%d", status)
	}
	kinds := map[string]int{}
	err = server.DB.View(t.Context(), func(tx *store.Tx) error {
		entries, err := tx.UnsequencedLedger(1000)
		for _, e := range entries {
			kinds[e.Kind]++
			if strings.Contains(e.Body, token) || strings.Contains(e.Body, own) {
				t.Error("a token is in the ledger")
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"service.token-made", "service.registered", "service.changed", "service.removed"} {
		if kinds[kind] != 1 {
			t.Errorf("%s: %d entries", kind, kinds[kind])
		}
	}
}

func TestSecretsOfEachMethod(t *testing.T) {
	command, server, _ := two(t)
	for method, secret := range map[string]bool{"": true, "client_secret_post": true, "client_secret_jwt": true, "tls_client_auth": false} {
		s := library()
		s.ID = "m" + strings.ReplaceAll(method, "_", "-")
		if s.ID == "m" {
			s.ID = "library"
		}
		s.OIDC.ClientID, s.OIDC.AuthMethod = s.ID, method
		if method == "tls_client_auth" {
			s.OIDC.TLSSubject = "CN=library"
		}
		got, err := command.AddService(t.Context(), s, true)
		if err != nil || (got != "") != secret {
			t.Fatalf("%s: %q, %v", method, got, err)
		}
		before := sees(t, server, s.ID)
		if strings.Contains(before.OIDC.SealedSecret+before.OIDC.SecretDigest, got) && secret {
			t.Errorf("%s: the secret is kept in clear", method)
		}
		next, err := command.RotateServiceSecret(t.Context(), s.ID, time.Hour)
		if (err == nil) != secret || secret && next == got {
			t.Errorf("%s: rotated to %q, %v", method, next, err)
		}
		if now := sees(t, server, s.ID); secret && now.OIDC.FormerDigest+now.OIDC.FormerSealed != before.OIDC.SecretDigest+before.OIDC.SealedSecret {
			t.Errorf("%s: the former secret is gone", method)
		}
		same := library()
		same.ID, same.OIDC.ClientID, same.OIDC.AuthMethod, same.OIDC.TLSSubject = s.ID, s.ID, method, s.OIDC.TLSSubject
		kept := sees(t, server, s.ID).OIDC
		if err := command.ChangeService(t.Context(), same); err != nil {
			t.Errorf("%s: %v", method, err)
		}
		if now := sees(t, server, s.ID).OIDC; now.SecretDigest != kept.SecretDigest || now.SealedSecret != kept.SealedSecret || now.FormerSealed != kept.FormerSealed {
			t.Errorf("%s: a change lost the secret", method)
		}
	}
}
