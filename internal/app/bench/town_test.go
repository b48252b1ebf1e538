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

// opened is a world of few accounts, and the gateway on it.
func opened(t *testing.T, o LifecycleOptions) (*world, *app.App) {
	t.Helper()
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
	t.Cleanup(func() { a.Close() })
	if err := w.people(t.Context(), a, o); err != nil {
		t.Fatal(err)
	}
	return w, a
}

// The figures would say nothing of real accounts if those built here could not sign in, or were not due as they are told to be.
func TestTheTownIsAsItIsMeasured(t *testing.T) {
	o := LifecycleOptions{Accounts: 130, Due: 30, Visitors: 3, Out: io.Discard}
	w, a := opened(t, o)
	err := a.DB.View(t.Context(), func(tx *store.Tx) error {
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
}

func TestAKeptWorldGoesOn(t *testing.T) {
	w, a := opened(t, LifecycleOptions{Accounts: 130, Due: 30, Visitors: 3, Out: io.Discard})
	if len(w.Samples) != 99 || w.Residents != 130 { // the second account of a person is no sample
		t.Errorf("%d samples of %d residents", len(w.Samples), w.Residents)
	}
	again, err := openWorld(w.Dir, "")
	if err != nil || len(again.Citizens) != 3 || again.Citizens[1].secret.Text() != w.Citizens[1].Key {
		t.Fatalf("it has forgotten its citizens: %v", err)
	}
	if err := again.people(t.Context(), a, LifecycleOptions{Accounts: 130, Due: 20, Out: io.Discard}); err != nil {
		t.Fatal(err)
	}
	err = a.DB.View(t.Context(), func(tx *store.Tx) error {
		if due, err := tx.DueAccounts(1000); err != nil || len(due) != 50 {
			t.Errorf("%d are due, %v", len(due), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
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
