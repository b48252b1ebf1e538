package broker

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/useragent"
)

const (
	deviceCookie = "kapu-device"
	// deviceAccounts is how many accounts one device remembers: a family's.
	deviceAccounts = 8
)

// device is what a browser remembers of earlier sign-ins. It is sealed, and names
// accounts by digests only. It counts as long as the gateway remembers it, too, so
// that its owner can take that back.
type device struct {
	Accounts []deviceAccount `json:"a"`
	Last     law.Method      `json:"m,omitempty"` // the method chosen last
}

// deviceAccount is an account that signed in. Its id is another for each, so that
// nothing in the store says whose accounts meet on one machine.
type deviceAccount struct {
	Digest string    `json:"d"`
	At     time.Time `json:"t"`
	ID     string    `json:"i,omitempty"`
}

func (b *Broker) device(r *http.Request) (d device) {
	raw, err := b.Ring.Unseal("device", b.cookie(r, deviceCookie))
	if err != nil || json.Unmarshal(raw, &d) != nil {
		return device{}
	}
	oldest := b.DeviceSince()
	d.Accounts = slices.DeleteFunc(d.Accounts, func(a deviceAccount) bool { return a.At.Before(oldest) })
	return d
}

// DeviceSince is since when a device must have been used to be remembered.
func (b *Broker) DeviceSince() time.Time { return b.Now().Add(-b.Law.DeviceMemory(b.Now())) }

// KnownDevice tells whether this browser has signed in to that very account
// before, with a method that opens services, and is remembered. It raises nothing:
// it only keeps strangers' wrong attempts apart, and spares notices.
func (b *Broker) KnownDevice(r *http.Request, account string) bool {
	return b.Remembered(r, account) != ""
}

// Remembered is the id under which this browser is remembered for an account, or "".
func (b *Broker) Remembered(r *http.Request, account string) string {
	return b.rememberedOr(r, account, "")
}

// rememberedOr is the id under which this browser is remembered for an account, or
// another where it is not. A device of which the store does not speak is unknown.
func (b *Broker) rememberedOr(r *http.Request, account, other string) string {
	id := b.deviceID(r, account)
	if id == "" {
		return other
	}
	known := false
	err := b.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		known, err = tx.DeviceKnown(id, account, b.DeviceSince())
		return err
	})
	if err != nil || !known {
		return other
	}
	return id
}

// deviceID is the id that the browser brings for an account, or "".
func (b *Broker) deviceID(r *http.Request, account string) string {
	digest := b.Ring.Digest("device", account)
	accounts := b.device(r).Accounts
	i := slices.IndexFunc(accounts, func(a deviceAccount) bool { return a.Digest == digest })
	if account == "" || i < 0 {
		return ""
	}
	return accounts[i].ID
}

// remember remembers the browser under an id, once the session is worth
// something, and returns the id; else that under which it was remembered.
func (b *Broker) remember(tx *store.Tx, r *http.Request, v *Visit, s authn.Session, id string) (string, error) {
	d, err := tx.Disposition(s.Person())
	if err != nil || s.Level(v.Rules.For(d, "")) == law.NoLevel || s.Personal() {
		return s.Device, err // what belongs to the person, not to an account, has no lane of known devices
	}
	kind := useragent.Read(r.UserAgent()).String()
	return id, tx.RememberDevice(s.Person(), store.Device{ID: id, Account: s.Account(), Kind: kind}, b.DeviceSince(), b.Law.MostDevices(tx.Now))
}

// takeDevice lets the browser remember under which id it is remembered, and by
// which method its owner came last.
func (b *Broker) takeDevice(w http.ResponseWriter, r *http.Request, account, id string, chosen law.Method) {
	d := b.device(r)
	digest := b.Ring.Digest("device", account)
	d.Accounts = slices.DeleteFunc(d.Accounts, func(a deviceAccount) bool { return a.Digest == digest })
	d.Accounts = append(d.Accounts, deviceAccount{digest, b.Now(), id})
	if extra := len(d.Accounts) - deviceAccounts; extra > 0 {
		d.Accounts = d.Accounts[extra:]
	}
	if chosen != "" {
		d.Last = chosen
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return
	}
	if sealed, err := b.Ring.Seal("device", raw); err == nil {
		b.setCookie(w, deviceCookie, sealed, b.Law.DeviceMemory(b.Now()))
	}
}
