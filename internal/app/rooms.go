package app

import (
	"net/http"
	"strings"

	"kapu/internal/broker"
	oidc "kapu/internal/federation/oidc/provider"
	"kapu/internal/method/password"
	"kapu/internal/method/totp"
	"kapu/internal/office"
	"kapu/internal/portal"
	"kapu/internal/registration/activation"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

// room is a part of the house with pages of its own.
type room interface{ Mount(mux *http.ServeMux) }

// mount makes the rooms and adds them in the order in which a citizen meets them.
func (a *App) mount(mux *http.ServeMux) (err error) {
	a.Shell, err = web.New(web.Config{
		Issuer: a.Issuer, Now: a.Now, Log: a.Log, CitizenMenu: portal.Menu(), ClerkMenu: office.Menu(), MachinePaths: oidc.MachinePaths(),
	})
	if err != nil {
		return err
	}
	a.Broker = broker.New(broker.Config{
		DB: a.DB, Volatile: a.Volatile, Ring: a.Ring, Ledger: a.Ledger, Law: a.Law, Catalogue: a.Catalogue,
		Shell: a.Shell, Now: a.Now, Secure: strings.HasPrefix(a.Issuer, "https://"), Proxied: a.Proxied,
	})
	rooms, err := a.rooms()
	if err != nil {
		return err
	}
	a.Shell.Mount(mux)
	for _, r := range rooms {
		r.Mount(mux)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", a.ready)
	if a.Extra != nil {
		a.Extra(mux, a.Shell)
	}
	return nil
}

// gate delays wrong attempts at one kind of secret.
func (a *App) gate(purpose string) (*throttle.Gate, error) {
	return throttle.New(throttle.Config{
		Store: a.Volatile, Key: []byte(a.Ring.Digest("throttle", purpose)), Purpose: purpose, Rules: throttle.RulesOf(a.Law), Now: a.Now,
	})
}

// ready tells whether the gateway can serve: it can as long as its database answers.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	if err := a.DB.Ping(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// rooms are all of them. Rooms never know each other: what one needs of
// another is handed over here.
func (a *App) rooms() ([]room, error) {
	gates := map[string]*throttle.Gate{}
	for _, purpose := range []string{"password", "totp", "activation"} {
		gate, err := a.gate(purpose)
		if err != nil {
			return nil, err
		}
		gates[purpose] = gate
	}
	passwords := password.New(password.RoomConfig{Broker: a.Broker, Hasher: a.Passwords, Gate: gates["password"], Home: a.Issuer + "/account", Log: a.Log})
	activations := activation.New(activation.Config{Broker: a.Broker, Gate: gates["activation"], Passwords: passwords})
	a.lapse, a.rest = activations.Lapse, passwords.Rest
	provider := oidc.New(oidc.Config{Issuer: a.Issuer, Broker: a.Broker, Keys: a.signing, Log: a.Log})
	a.Broker.AddDoor(provider)
	return []room{
		a.Broker,
		portal.New(portal.Config{DB: a.DB, Ledger: a.Ledger, Law: a.Law, Catalogue: a.Catalogue, Broker: a.Broker, Shell: a.Shell, Now: a.Now}),
		activations,
		passwords,
		totp.New(totp.Config{Broker: a.Broker, Gate: gates["totp"], Issuer: a.Issuer, Confirm: passwords.Confirm, Reopen: a.activation().Reopen}),
		provider,
		office.New(office.Config{Gate: a.Broker, Shell: a.Shell, Desk: a.desk()}),
	}, nil
}
