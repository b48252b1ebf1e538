package app

import (
	"net/http"
	"slices"
	"strings"

	"kapu/internal/account"
	"kapu/internal/behalf"
	"kapu/internal/broker"
	"kapu/internal/consent"
	"kapu/internal/devices"
	oidc "kapu/internal/federation/oidc/provider"
	saml "kapu/internal/federation/saml/provider"
	"kapu/internal/method/mailcode"
	"kapu/internal/method/passkey"
	"kapu/internal/method/password"
	phoneroom "kapu/internal/method/phone"
	"kapu/internal/method/totp"
	"kapu/internal/notify"
	"kapu/internal/office"
	"kapu/internal/phone"
	"kapu/internal/portal"
	"kapu/internal/recovery"
	"kapu/internal/registration/activation"
	"kapu/internal/registration/card"
	"kapu/internal/registration/paperproof"
	"kapu/internal/registration/provisional"
	"kapu/internal/revocation"
	"kapu/internal/sandbox"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

// room is a part of the house with pages of its own.
type room interface{ Mount(mux *http.ServeMux) }

// mount makes the rooms and adds them in the order in which a citizen meets them.
func (a *App) mount(mux *http.ServeMux) (err error) {
	a.Shell, err = web.New(web.Config{
		Issuer: a.Issuer, Now: a.Now, Log: a.Log, CitizenMenu: portal.Menu(), ClerkMenu: office.Menu(), MachinePaths: append(oidc.MachinePaths(), saml.MachinePaths()...),
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

// texts tells whether somebody carries text messages.
func (a *App) texts() bool { return a.Senders[notify.SMS] != nil }

// gate delays wrong attempts at one kind of secret.
func (a *App) gate(purpose string) (*throttle.Gate, error) {
	rules := throttle.RulesOf(a.Law)
	switch {
	case slices.Contains(watched, purpose):
		rules = throttle.WatchedRulesOf(a.Law)
	case purpose == phoneDigits, purpose == phoneReminders:
		rules = phone.Delays(a.Law)
	}
	return throttle.New(throttle.Config{
		Store: a.Volatile, Key: []byte(a.Ring.Digest("throttle", purpose)), Purpose: purpose, Rules: rules, Now: a.Now, Raised: a.attacked,
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

// gates delay wrong attempts, each at one kind of secret.
func (a *App) gates(purposes ...string) (map[string]*throttle.Gate, error) {
	gates := map[string]*throttle.Gate{}
	for _, purpose := range purposes {
		gate, err := a.gate(purpose)
		if err != nil {
			return nil, err
		}
		gates[purpose] = gate
	}
	a.attempts = gates
	return gates, nil
}

// rooms are all of them. Rooms never know each other: what one needs of
// another is handed over here.
func (a *App) rooms() ([]room, error) {
	gates, err := a.gates("password", "totp", "mailcode", "passkey", "activation", "recover", "provisional", "card", "identify", "mandate", "phone-proof", phoneDigits, phoneReminders)
	if err != nil {
		return nil, err
	}
	a.phones = a.phoneRegister(gates)
	passwords := password.New(password.RoomConfig{Broker: a.Broker, Hasher: a.Passwords, Gate: gates["password"], Home: a.Issuer + "/account", Log: a.Log})
	activations := activation.New(activation.Config{Broker: a.Broker, Gate: gates["activation"], Passwords: passwords, RestCodes: mailcode.Rest(a.Law)})
	lost := recovery.New(recovery.Config{Broker: a.Broker, Gate: gates["recover"], SignIn: gates["password"], Passwords: passwords, RestCodes: mailcode.Rest(a.Law), Issuer: a.Issuer, Log: a.Log})
	a.oidc = oidc.New(oidc.Config{Issuer: a.Issuer, Broker: a.Broker, Keys: a.signing, Mutual: a.Mutual, Registry: registry{a}, Seen: a.seen, Sandbox: a.sandbox, Log: a.Log})
	a.Broker.AddDoor(a.oidc)
	shut := revocation.New(revocation.Config{Broker: a.Broker, Issuer: a.Issuer, Reopen: a.activation().Reopen, Distrust: a.heralds.Distrust, Dispositions: a.dispositions()})
	a.heralds.Link, a.heralds.Holder, a.phones.Announce = shut.Report, a.phones.Holder, a.heralds.Identified
	a.Broker.Announcer, a.Broker.Heard = a.heralds, a.phones.Heard
	passkeys := passkey.New(passkey.Config{Broker: a.Broker, Log: a.Log, Gate: gates["passkey"], Issuer: a.Issuer, Confirm: passwords.Confirm, Revocation: shut.Link})
	passwords.Shortcut = passkeys.Shortcut
	a.saml = saml.New(saml.Config{Issuer: a.Issuer, Broker: a.Broker, Keys: a.signing, Seen: a.seen, Log: a.Log})
	a.Broker.AddDoor(a.saml)
	a.sandboxRoom = sandbox.NewRoom(sandbox.RoomConfig{
		Keeper: a.sandbox, Catalogue: a.Catalogue, Ring: a.Ring, Shell: a.Shell, Now: a.Now, Secure: strings.HasPrefix(a.Issuer, "https://"),
	})
	desk, prover := a.desk(), paperproof.Prover{Ring: a.Ring, Issuer: a.Issuer}
	a.lapse, a.draw, a.rest = activations.Lapse, desk.Draw, func() { passwords.Rest(); passkeys.Rest(); lost.Rest() }
	return []room{
		a.Broker,
		portal.New(portal.Config{Heard: a.phones.Heard, DB: a.DB, Ledger: a.Ledger, Law: a.Law, Catalogue: a.Catalogue, Broker: a.Broker, Shell: a.Shell, Now: a.Now}),
		account.New(account.Config{Broker: a.Broker, Life: a.life, Herald: a.heralds, Texts: a.texts(), Phones: gates["phone-proof"], Dispositions: a.dispositions(), Confirm: passwords.Confirm}),
		devices.New(devices.Config{Broker: a.Broker}),
		provisional.New(provisional.Config{Broker: a.Broker, Gate: gates["provisional"], Passwords: passwords, Link: a.Issuer + provisional.CodePath}),
		card.New(card.RoomConfig{Broker: a.Broker, Cards: a.cards(gates["card"])}),
		activations,
		passwords,
		totp.New(totp.Config{Broker: a.Broker, Gate: gates["totp"], Confirm: passwords.Confirm, Revocation: shut.Link}),
		mailcode.New(mailcode.Config{Broker: a.Broker, Gate: gates["mailcode"], Home: a.Issuer + "/account", Confirm: passwords.Confirm, Revocation: shut.Link}),
		passkeys,
		phoneroom.New(phoneroom.Config{Broker: a.Broker, Register: a.phones}),
		shut,
		lost,
		consent.New(consent.Config{Broker: a.Broker, Population: a.Population, Gate: gates["identify"], Log: a.Log}),
		behalf.New(behalf.Config{Broker: a.Broker, Mandates: a.Mandates(), Gate: gates["mandate"]}),
		a.oidc,
		a.saml,
		a.sandboxRoom,
		office.New(office.Config{Gate: a.Broker, Shell: a.Shell, Desk: desk, Prover: prover, Catalogue: a.Catalogue, CardLink: a.Issuer + "/register/card", Texts: a.texts()}),
		paperproof.New(paperproof.Config{Broker: a.Broker, Prover: prover}),
	}, nil
}
