package devices_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kapu/internal/method/roomtest"
	"kapu/internal/store"
)

// strangersSlow has strangers guess until the account is slow for them.
func (w *world) strangersSlow(c roomtest.Citizen) {
	w.t.Helper()
	stranger := w.Browser(w.t).Visit("/service").Submit("method", "totp")
	for range 5 {
		stranger.Submit("username", string(c.Username), "password", "nem ez a jelszava").See(http.StatusUnprocessableEntity)
	}
	stranger.Submit("username", string(c.Username), "password", c.Password).See(http.StatusTooManyRequests)
}

// A remembered device alone opens nothing, and asks for no less.
func TestARememberedDeviceRaisesNothing(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	b := w.signedIn(anna, firefox)
	b.Post("/signout")
	b.Visit("/account").At("/signin/choose")
	b.SignIn(anna).At("/signin/totp") // the code is asked for as anywhere
	b.Visit("/account").See(http.StatusOK, "level none")
	w.Clock.Advance(step)
	b.Visit("/service").At("/signin/totp").Submit("code", w.Code(anna.Secret)).See(http.StatusOK, `method "totp"`)
}

func TestARevokedDeviceLosesItsLane(t *testing.T) {
	each(t, func(w *world) {
		anna := w.Plus(w.t, w.Citizen(w.t, "KisAnna"))
		kept, lost := w.signedIn(anna, firefox), w.signedIn(anna, iphone)
		kept.Visit(page).See(http.StatusOK, "Megjegyzett eszközök", "90 nap")
		if all := ids(kept, "forget"); len(all) != 2 {
			w.t.Fatalf("%d devices are remembered", len(all))
		}
		here := w.remembered(anna, "iOS")
		lost.Post("/signout")
		kept.Post(page, "forget", here).See(http.StatusOK, "töröltük")
		kept.Post("/signout")
		w.strangersSlow(anna)
		kept.SignIn(anna).At("/signin/totp")
		lost.Visit("/service").Submit("method", "totp").Submit("username", "KisAnna", "password", anna.Password).See(http.StatusTooManyRequests)
		if events := w.Events(w.t, anna.PersonID); !slices.Contains(events, "device.forgotten") {
			w.t.Errorf("the history says %v", events)
		}
	})
}

// remembered is the id of the device of a system.
func (w *world) remembered(c roomtest.Citizen, system string) (id string) {
	w.t.Helper()
	err := w.DB.View(context.Background(), func(tx *store.Tx) error {
		all, err := tx.DevicesOf(c.PersonID, w.Broker.DeviceSince())
		for _, d := range all {
			if strings.Contains(d.Kind, system) {
				id = d.ID
			}
		}
		return err
	})
	if err != nil || id == "" {
		w.t.Fatalf("no device with %s: %v", system, err)
	}
	return id
}

func TestAllAreForgotten(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	a := w.signedIn(anna, firefox)
	w.signedIn(anna, iphone)
	a.Visit(page).Post(page, "act", "forget-all").See(http.StatusOK, "Minden eszközét töröltük", "Egyetlen eszközére sem")
	a.Visit("/account").See(http.StatusOK, "substantial") // the session goes on
	w.strangersSlow(anna)
	a.Post("/signout")
	a.Visit("/service").Submit("method", "totp").Submit("username", "KisAnna", "password", anna.Password).See(http.StatusTooManyRequests)
}

func TestADeviceIsForgottenByItself(t *testing.T) {
	w := open(t)
	anna := w.Plus(t, w.Citizen(t, "KisAnna"))
	w.signedIn(anna, firefox)
	w.Clock.Advance(w.Broker.Law.DeviceMemory(w.Clock.Now()))
	other := w.signedIn(anna, iphone)
	if all := ids(other.Visit(page), "forget"); len(all) != 1 {
		t.Errorf("%d devices are remembered", len(all))
	}
}
