package bench

import (
	"io"
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
)

// The figures would say nothing of real accounts if those built here could not sign in, or were not due as they are told to be.
func TestTheTownIsAsItIsMeasured(t *testing.T) {
	w, err := openWorld(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := w.parts()
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	o := LifecycleOptions{Accounts: 130, Due: 30, Visitors: 3, Out: io.Discard}
	if err := w.people(t.Context(), a, o); err != nil {
		t.Fatal(err)
	}
	err = a.DB.View(t.Context(), func(tx *store.Tx) error {
		if accounts, persons, err := tx.CountAccounts(); err != nil || accounts != 133 || persons >= accounts {
			t.Errorf("%d accounts of %d persons, %v", accounts, persons, err)
		}
		due, err := tx.DueAccounts(1000)
		if err != nil {
			return err
		}
		over := 0
		for _, d := range due {
			if !time.Now().Before(d.ValidUntil) {
				over++
			}
		}
		if len(due) != o.Due || over != o.Due/2 {
			t.Errorf("%d are due and %d over", len(due), over)
		}
		return signsIn(t, tx, a, w.Citizens[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Samples) != 99 || w.Residents != 130 { // the second accounts are of persons who are counted already
		t.Errorf("%d samples of %d residents", len(w.Samples), w.Residents)
	}
	again, err := openWorld(w.Dir, "")
	if err != nil || len(again.Citizens) != 3 || again.Citizens[1].secret.Text() != w.Citizens[1].Key {
		t.Errorf("a kept world has forgotten its citizens: %v", err)
	}
}

func signsIn(t *testing.T, tx *store.Tx, a *app.App, c citizen) error {
	account, err := tx.AccountByUsername(identity.Username(c.Username))
	if err != nil {
		return err
	}
	hash, err := tx.Credential(account.ID, string(law.Password))
	if err != nil {
		return err
	}
	if fits, err := a.Passwords.Verify(t.Context(), password, hash.Secret); !fits || err != nil {
		t.Errorf("the password does not open: %v", err)
	}
	key, err := tx.Credential(account.ID, string(law.TOTP))
	if key.Secret != c.Key || !strings.HasPrefix(c.Username, "Meres") {
		t.Errorf("%s has another key", c.Username)
	}
	return err
}
