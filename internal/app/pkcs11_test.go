//go:build pkcs11 && cgo

package app_test

import (
	"log/slog"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/config"
	"kapu/internal/keys/pkcs11/pkcs11test"
)

// A gateway whose configuration names a security module has its keys made there,
// but for those of the ledger's heads; another process of it signs with the same.
func TestASecurityModuleKeepsTheKeysOfAGateway(t *testing.T) {
	token := pkcs11test.Token(t)
	_, c := earnest(t)
	c.PKCS11 = &config.PKCS11{Module: token.Module, Token: token.Token}
	t.Setenv(config.PINEnv, token.PIN)
	kids := map[string]bool{}
	for range 2 {
		parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.Open(t.Context(), parts)
		if err != nil {
			t.Fatal(err)
		}
		states, err := a.SigningKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range states {
			if s.Held != (s.Use == "oidc") || s.Active.After(time.Now()) {
				t.Errorf("%s is held: %v", s.Name, s.Held)
			}
			kids[s.KID] = true
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(kids) != 2 {
		t.Errorf("%d keys, of which one should be the ledger's", len(kids))
	}
}
