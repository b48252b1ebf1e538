package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func devicesOf(t *testing.T, db *store.DB, person string, since time.Time) (all []store.Device) {
	t.Helper()
	view(t, db, func(tx *store.Tx) (err error) {
		all, err = tx.DevicesOf(person, since)
		return err
	})
	return all
}

func TestDevicesAreRememberedAndForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna, béla := account(t, db, "ref-1", "KisAnna", "anna@example.hu"), account(t, db, "ref-2", "NagyBela", "bela@example.hu")
		const most, day = 3, 24 * time.Hour
		memory := 90 * day
		since := func() time.Time { return clock.Now().Add(-memory) }
		remember := func(id, kind string) {
			t.Helper()
			apply(t, db, func(tx *store.Tx) error {
				return tx.RememberDevice(anna.PersonID, store.Device{ID: id, Account: anna.ID, Kind: kind}, since(), most)
			})
		}
		known := func(id, account string) (is bool) {
			t.Helper()
			view(t, db, func(tx *store.Tx) (err error) {
				is, err = tx.DeviceKnown(id, account, since())
				return err
			})
			return is
		}
		remember("one", "Firefox/Windows/computer")
		if all := devicesOf(t, db, anna.PersonID, since()); len(all) != 1 || all[0].Kind != "Firefox/Windows/computer" || all[0].First.After(clock.Now()) {
			t.Errorf("%+v", all)
		}
		if !known("one", anna.ID) || known("one", béla.ID) || known("two", anna.ID) {
			t.Error("a device is known to whom it should not be")
		}
		for i := range most {
			clock.Advance(day)
			remember(fmt.Sprint("more", i), "")
		}
		if known("one", anna.ID) || !known("more0", anna.ID) {
			t.Error("one too many does not push out the one that was used longest ago")
		}
		err := db.Update(context.Background(), func(tx *store.Tx) error { return tx.ForgetDevice(béla.PersonID, "more0") })
		if !errors.Is(err, store.ErrNotFound) || !known("more0", anna.ID) {
			t.Errorf("somebody else's: %v", err)
		}
		apply(t, db, func(tx *store.Tx) error { return tx.ForgetDevice(anna.PersonID, "more0") })
		if known("more0", anna.ID) {
			t.Error("is still known")
		}
		clock.Advance(memory)
		if known("more2", anna.ID) || len(devicesOf(t, db, anna.PersonID, since())) != 0 {
			t.Error("is known for longer than the memory")
		}
		apply(t, db, func(tx *store.Tx) error {
			n, err := tx.SweepDevices(since(), 10)
			if n != 2 {
				t.Errorf("%d were swept", n)
			}
			return err
		})
	})
}

func TestDevicesGoWithTheirAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		anna := account(t, db, "ref-1", "KisAnna", "anna@example.hu")
		apply(t, db, func(tx *store.Tx) error {
			return tx.RememberDevice(anna.PersonID, store.Device{ID: "one", Account: anna.ID, Kind: "Firefox/Windows/computer"}, time.Time{}, 3)
		})
		apply(t, db, func(tx *store.Tx) error { return tx.EndAccount(anna, "deleted", clock.Now()) })
		view(t, db, func(tx *store.Tx) error {
			known, err := tx.DeviceKnown("one", anna.ID, time.Time{})
			if known {
				t.Error("the device outlives its account")
			}
			return err
		})
	})
}
