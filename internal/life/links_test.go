package life_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

var clerk = life.Actor{Clerk: "account-of-clerk", Office: "office-1"}

// asks runs one of the ways to ask for something, on the account as it is.
func (w *world) asks(id string, f func(tx *store.Tx, a identity.Account) (time.Time, error)) (at time.Time) {
	w.t.Helper()
	a := w.account(id)
	w.update(func(tx *store.Tx) (err error) {
		at, err = f(tx, a)
		return err
	})
	return at
}

func (w *world) asksDeletion(id string) { w.t.Helper(); w.asks(id, w.AskDeletion) }

func (w *world) asksEmail(id string, to identity.Email) {
	w.t.Helper()
	w.asks(id, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.AskEmail(tx, a, to) })
}

func (w *world) look(token string) (life.Link, error) { return w.Look(context.Background(), token) }

func (w *world) confirm(token string) life.Link {
	w.t.Helper()
	link, err := w.Confirm(context.Background(), token)
	w.must(err)
	return link
}

// refuses ends the test unless the link does nothing, whichever button is pressed.
func (w *world) refuses(token string) {
	w.t.Helper()
	_, look := w.look(token)
	_, confirm := w.Confirm(context.Background(), token)
	_, stop := w.Stop(context.Background(), token)
	for what, err := range map[string]error{"look": look, "confirm": confirm, "stop": stop} {
		if !errors.Is(err, life.ErrGone) {
			w.t.Errorf("%s: %v", what, err)
		}
	}
}

func (w *world) pending(id string) (all []life.Pending) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) {
		all, err = w.Pending(tx, id)
		return err
	})
	return all
}

func TestDeletionByPortal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.further(anna, "MasikAnna")
		w.asksDeletion(anna.ID)
		ask := w.letters()
		if diff := cmp.Diff([]string{"deletion-confirm kisanna@posta.example"}, kinds(ask)); diff != "" {
			t.Fatal(diff)
		}
		token := ask[0].token()
		due := w.clock.Now().Add(72 * time.Hour)
		for range 3 { // looking changes nothing
			if link, err := w.look(token); err != nil || link != (life.Link{Kind: life.DeletionLink, Act: life.Delete, Due: due}) {
				t.Fatal(link, err)
			}
		}
		if len(w.pending(anna.ID)) > 0 {
			t.Fatal("announced before it was confirmed")
		}
		for range 2 { // the second click says the same
			if link := w.confirm(token); !link.Due.Equal(due) {
				t.Error(link)
			}
		}
		announced := w.letters()
		if diff := cmp.Diff([]string{"deletion-announced kisanna@posta.example", "deletion-announced masikanna@posta.example"}, kinds(announced)); diff != "" {
			t.Fatal(diff)
		}
		w.passes(72*time.Hour - time.Second)
		if !w.open(anna.ID) {
			t.Fatal("closed while it can be stopped")
		}
		secrets := storetest.Column(t, w.dsn, "SELECT email FROM accounts WHERE id = $1", anna.ID)
		w.passes(time.Second)
		w.sweep()
		if w.lives(anna.ID) {
			t.Fatal("still there")
		}
		w.refuses(announced[0].token())
		w.refuses(token)
		if diff := cmp.Diff([]string{"account-deleted kisanna@posta.example", "account-deleted masikanna@posta.example"}, kinds(w.letters())); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"deletion.requested", "account.ended"}, w.events(anna.PersonID)); diff != "" {
			t.Error(diff)
		}
		w.gone(append(secrets, "kisanna@posta.example")) // the person lives on with the other account
		w.verifies()
	})
}

func TestDeletionIsStopped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		stop := map[string]func(token string) error{
			"by link": func(token string) error {
				link, err := w.Stop(context.Background(), token)
				if err == nil && (link.Kind != life.StopLink || link.Act != life.Delete) {
					t.Errorf("%+v", link)
				}
				return err
			},
			"by its owner": func(string) error {
				return w.DB.Update(context.Background(), func(tx *store.Tx) error { return w.StopOwn(tx, anna, life.Delete) })
			},
		}
		for name, stop := range stop {
			w.asks(anna.ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestDeletion(tx, a, clerk) })
			due := w.asks(anna.ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestDeletion(tx, a, clerk) })
			letters := w.letters()
			if len(letters) != 1 {
				t.Fatalf("announced %d times", len(letters))
			}
			if _, err := w.Confirm(context.Background(), letters[0].token()); !errors.Is(err, life.ErrGone) {
				t.Errorf("the link that stops confirms: %v", err)
			}
			w.passes(due.Sub(w.clock.Now()) - time.Millisecond)
			if err := stop(letters[0].token()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			w.refuses(letters[0].token())
			if err := stop(letters[0].token()); !errors.Is(err, life.ErrGone) {
				t.Errorf("%s, a second time: %v", name, err)
			}
			w.passes(10 * day)
			if !w.open(anna.ID) || len(w.pending(anna.ID)) > 0 {
				t.Fatalf("%s: in vain", name)
			}
			if got := kinds(w.letters()); !slices.Equal(got, []string{"deletion-stopped kisanna@posta.example"}) {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
}

func TestStoppedTooLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.asks(anna.ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestDeletion(tx, a, clerk) })
		token := w.letters()[0].token()
		w.clock.Advance(72 * time.Hour) // due, and the job has not come yet
		w.refuses(token)
		err := w.DB.Update(context.Background(), func(tx *store.Tx) error { return w.StopOwn(tx, anna, life.Delete) })
		if !errors.Is(err, life.ErrGone) {
			t.Error(err)
		}
	})
}

func TestALinkThatNobodyUsedInTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.asksDeletion(anna.ID)
		token := w.letters()[0].token()
		w.clock.Advance(24 * time.Hour)
		w.refuses(token)
		w.sweep()
		if n := storetest.Column(t, w.dsn, "SELECT id FROM codes"); len(n) > 0 {
			t.Error("the code is kept")
		}
		if !w.open(anna.ID) {
			t.Error("the account is not open")
		}
	})
}

func TestFactorRemoval(t *testing.T) {
	has := func(w *world, id string) (kinds []string) {
		w.update(func(tx *store.Tx) error {
			s, err := tx.Standing(id)
			kinds = s.Has
			return err
		})
		return kinds
	}
	request := func(w *world, id string) time.Time {
		return w.asks(id, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestFactorRemoval(tx, a, clerk) })
	}
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		due := request(w, anna.ID)
		if again := request(w, anna.ID); !again.Equal(due) || !due.Equal(w.clock.Now().Add(24*time.Hour)) {
			t.Errorf("due %s, then %s", due, again)
		}
		w.passes(24*time.Hour - time.Second)
		if got := has(w, anna.ID); len(got) != 3 {
			t.Fatalf("taken off while it can be stopped: %v", got)
		}
		w.passes(time.Second)
		if got := has(w, anna.ID); !slices.Equal(got, []string{"password"}) {
			t.Errorf("left: %v", got)
		}
		if a := w.account(anna.ID); !a.SessionsFrom.Equal(w.clock.Now()) {
			t.Error("sessions go on")
		}
		if diff := cmp.Diff([]string{"factor-removed kisanna@posta.example", "removal-announced kisanna@posta.example"}, kinds(w.letters())); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"factor.removal-requested", "factor.removed"}, w.events(anna.PersonID)); diff != "" {
			t.Error(diff)
		}
		err := w.DB.Update(context.Background(), func(tx *store.Tx) error { _, err := w.RequestFactorRemoval(tx, anna, clerk); return err })
		if !errors.Is(err, life.ErrNoFactor) {
			t.Error(err)
		}

		bela := w.citizen("NagyBence", 5)
		request(w, bela.ID)
		w.update(func(tx *store.Tx) error {
			return tx.PutCredential(store.Credential{Account: bela.ID, Kind: "totp", Secret: "of the new device"})
		})
		w.passes(24 * time.Hour)
		if got := has(w, bela.ID); len(got) != 3 {
			t.Errorf("the new device is taken off for the lost one: %v", got)
		}
	})
}

// Passkeys go with the device they were on: left alone, they would keep whoever
// lost it from adding another.
func TestPasskeysGoWithTheLostDevice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, appGone := range map[string]bool{"KisAnna": false, "NagyBence": true} {
			a := w.citizen(name, 5)
			w.update(func(tx *store.Tx) error {
				k := store.Passkey{Account: a.ID, Credential: []byte(name), PublicKey: []byte("key"), Name: "telefonom"}
				if err := tx.AddPasskey(k, 1); err != nil || !appGone {
					return err
				}
				return errors.Join(tx.RemoveCredential(a.ID, "totp"), tx.RemoveCredential(a.ID, "removal"))
			})
			w.asks(a.ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestFactorRemoval(tx, a, clerk) })
			w.passes(24 * time.Hour)
			w.update(func(tx *store.Tx) error {
				s, err := tx.Standing(a.ID)
				if keys, failed := tx.Passkeys(a.ID); failed != nil || len(keys) > 0 || !slices.Equal(s.Has, []string{"password"}) {
					t.Errorf("%s: left: %v and %d keys, %v", name, s.Has, len(keys), failed)
				}
				return err
			})
		}
	})
}

func TestAConfirmationAfterTheEndOfTheAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, closed := w.citizen("KisAnna", 1), w.citizen("ZarAnna", 5)
		w.clock.Advance(until(w.clock.Now(), 1).Sub(w.clock.Now()) - time.Hour)
		w.asksDeletion(anna.ID)
		w.asksEmail(anna.ID, "uj@posta.example")
		w.asksEmail(closed.ID, "zarva@posta.example")
		letters := w.letters()
		w.update(func(tx *store.Tx) error { return tx.CloseAccount(closed.ID) })
		w.clock.Advance(time.Hour)
		for range 2 { // over, and then swept
			for _, l := range letters {
				if l.To == string(closed.Email) { // stopping never needs an open account
					continue
				}
				w.refuses(l.token())
			}
			w.sweep()
		}
	})
}

func TestTokensThatAreNone(t *testing.T) {
	w := open(t, storetest.SQLiteDSN(t))
	for _, token := range []string{"", "x", keys.RandomToken(), keys.RandomToken() + "="} {
		w.refuses(token)
	}
}

func TestOnlyDigestsOfTokensAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.citizen("KisAnna", 5)
		w.asksDeletion(anna.ID)
		w.asksEmail(anna.ID, "uj@posta.example")
		w.asks(anna.ID, func(tx *store.Tx, a identity.Account) (time.Time, error) { return w.RequestFactorRemoval(tx, a, clerk) })
		var tokens []string
		for _, l := range w.letters() {
			tokens = append(tokens, l.token())
		}
		if len(tokens) != 4 {
			t.Fatalf("%d letters", len(tokens))
		}
		w.gone(tokens)
	})
}
