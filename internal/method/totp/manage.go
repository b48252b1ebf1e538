package totp

import (
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/web"
)

const plusPath = "/account/plus"

type plusData struct {
	Since    time.Time
	LastUsed time.Time // zero: only when it was set up
}

// plus is the menu item "Ügyfélkapu+": it leads to requesting it, or shows it to
// those who have it.
func (x *Room) plus(w http.ResponseWriter, r *http.Request) error {
	c, err := x.Broker.Current(r)
	if err != nil {
		return err
	}
	if slices.Contains(c.Standing.Has, Kind) {
		return x.Broker.Require(law.Substantial, x.showPlus)(w, r)
	}
	return x.Broker.Open(w, r, request(law.NoLevel))
}

// replace leads to setting up another device in place of the present one.
func (x *Room) replace(w http.ResponseWriter, r *http.Request) error {
	return x.Broker.Open(w, r, request(law.Substantial))
}

func request(level law.Level) authn.Request {
	q := broker.Request(level, "/account")
	q.Enrol = authn.TOTP
	return q
}

func (x *Room) showPlus(w http.ResponseWriter, r *http.Request) error {
	c, err := x.credential(r.Context(), broker.Of(r.Context()).Session.Account(), Kind)
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "plus", web.View{Data: plusData{c.Created, c.LastUsed}})
	return nil
}
