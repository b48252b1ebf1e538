package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

const mostKeys = 3

func passkey(account, id string) store.Passkey {
	return store.Passkey{Account: account, Credential: []byte(id), PublicKey: []byte("cose " + id), Model: make([]byte, 16), Synced: true, Name: "a telefonom"}
}

func has(t *testing.T, db *store.DB, account string) bool {
	t.Helper()
	var kinds []string
	view(t, db, func(tx *store.Tx) error {
		s, err := tx.Standing(account)
		kinds = s.Has
		return err
	})
	return slices.Contains(kinds, store.PasskeyKind)
}

func passkeysOf(t *testing.T, db *store.DB, account string) (all []store.Passkey) {
	t.Helper()
	view(t, db, func(tx *store.Tx) (err error) {
		all, err = tx.Passkeys(account)
		return err
	})
	return all
}

func TestPasskeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu").ID
		bela := account(t, db, "ref-2", "NagyBela", "bela@example.hu").ID
		add := func(k store.Passkey) error {
			return db.Update(context.Background(), func(tx *store.Tx) error { return tx.AddPasskey(k, mostKeys) })
		}
		for _, id := range []string{"one", "two", "three"} {
			if err := add(passkey(anna, id)); err != nil {
				t.Fatal(err)
			}
		}
		if err := add(passkey(anna, "four")); !errors.Is(err, store.ErrStale) {
			t.Errorf("a fourth: %v", err)
		}
		if err := add(passkey(bela, "one")); !errors.Is(err, store.ErrTaken) {
			t.Errorf("a key of two accounts: %v", err)
		}
		if !has(t, db, anna) || has(t, db, bela) {
			t.Error("the account's standing does not say who has passkeys")
		}
		all := passkeysOf(t, db, anna)
		if len(all) != 3 || string(all[1].PublicKey) != "cose two" || all[1].Name != "a telefonom" || !all[1].Synced || all[1].BackedUp {
			t.Errorf("%+v", all)
		}
		update(t, db, func(tx *store.Tx) error { return tx.RenamePasskey(anna, all[0].ID, "kulcs") })
		for _, err := range []error{
			db.Update(context.Background(), func(tx *store.Tx) error { return tx.RenamePasskey(bela, all[0].ID, "enyém") }),
			db.Update(context.Background(), func(tx *store.Tx) error { return tx.RemovePasskey(bela, all[0].ID) }),
		} {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("somebody else's key: %v", err)
			}
		}
		view(t, db, func(tx *store.Tx) error {
			k, err := tx.PasskeyByCredential([]byte("one"))
			if err != nil || k.Account != anna || k.Name != "kulcs" {
				t.Errorf("%+v, %v", k, err)
			}
			_, err = tx.PasskeyByCredential([]byte("on"))
			if !errors.Is(err, store.ErrNotFound) {
				t.Error(err)
			}
			return nil
		})
		for i, k := range all {
			if !has(t, db, anna) {
				t.Errorf("no passkey before number %d is removed", i)
			}
			update(t, db, func(tx *store.Tx) error { return tx.RemovePasskey(anna, k.ID) })
		}
		if has(t, db, anna) {
			t.Error("the mark outlives the keys")
		}
	})
}

func TestACounterOnlyGrows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu").ID
		counts, silent := passkey(anna, "counts"), passkey(anna, "silent")
		counts.Counter = 5
		update(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.AddPasskey(counts, mostKeys), tx.AddPasskey(silent, mostKeys))
		})
		all := passkeysOf(t, db, anna)
		use := func(k store.Passkey, counter uint32) error {
			return db.Update(context.Background(), func(tx *store.Tx) error { return tx.UsePasskey(k.ID, counter, true) })
		}
		for _, c := range []struct {
			key     store.Passkey
			counter uint32
			want    error
		}{
			{all[0], 5, store.ErrStale}, {all[0], 0, store.ErrStale}, {all[0], 6, nil}, {all[0], 6, store.ErrStale}, {all[0], 1 << 31, nil},
			{all[1], 0, nil}, {all[1], 0, nil}, {all[1], 1, nil}, {all[1], 0, store.ErrStale},
		} {
			if err := use(c.key, c.counter); !errors.Is(err, c.want) {
				t.Errorf("%s at %d: %v, want %v", c.key.Credential, c.counter, err, c.want)
			}
		}
		clock.Advance(time.Minute)
		update(t, db, func(tx *store.Tx) error { return tx.SuspectPasskey(anna, all[0].ID) })
		if err := use(all[0], 1<<31+1); !errors.Is(err, store.ErrStale) {
			t.Errorf("a suspected key signs in: %v", err)
		}
		if !has(t, db, anna) {
			t.Error("the other key is forgotten")
		}
		view(t, db, func(tx *store.Tx) error {
			s, err := tx.Standing(anna)
			if !s.SessionsFrom.Equal(tx.Now) {
				t.Errorf("sessions count from %v", s.SessionsFrom)
			}
			return err
		})
		update(t, db, func(tx *store.Tx) error { return tx.SuspectPasskey(anna, all[1].ID) })
		if has(t, db, anna) {
			t.Error("suspected keys count")
		}
	})
}

// However an account ends or begins anew, its keys go with what else opened it.
func TestPasskeysGoWithTheRest(t *testing.T) {
	for name, end := range map[string]func(tx *store.Tx, a identity.Account) error{
		"all at once":       func(tx *store.Tx, a identity.Account) error { return tx.RemoveCredential(a.ID, store.PasskeyKind) },
		"awaits activation": func(tx *store.Tx, a identity.Account) error { return tx.AwaitActivation(a.ID) },
		"deleted":           func(tx *store.Tx, a identity.Account) error { return tx.DeleteAccount(a.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
				a := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
				update(t, db, func(tx *store.Tx) error { return tx.AddPasskey(passkey(a.ID, "one"), mostKeys) })
				update(t, db, func(tx *store.Tx) error { return end(tx, a) })
				if all := passkeysOf(t, db, a.ID); len(all) > 0 {
					t.Errorf("%+v", all)
				}
			})
		})
	}
}

// Whoever has the database, but not the key file, puts no key of theirs in place
// of another's.
func TestAPlantedPasskeyDoesNotOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu").ID
		thief := account(t, db, "ref-2", "NagyBela", "bela@example.hu").ID
		update(t, db, func(tx *store.Tx) error { return tx.AddPasskey(passkey(thief, "his"), mostKeys) })
		update(t, db, func(tx *store.Tx) error { return store.MovePasskeys(tx, thief, anna) })
		view(t, db, func(tx *store.Tx) error {
			if k, err := tx.PasskeyByCredential([]byte("his")); err == nil {
				t.Errorf("a key moved to another account opens there: %+v", k)
			}
			return nil
		})
	})
}
