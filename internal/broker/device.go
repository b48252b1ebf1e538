package broker

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"kapu/internal/law"
)

const (
	deviceCookie = "kapu-device"
	// deviceAccounts is how many accounts one device remembers: a family's.
	deviceAccounts = 8
)

// device is what a browser remembers of earlier sign-ins. It is sealed, and
// names accounts by digests only.
type device struct {
	Accounts []deviceAccount `json:"a"`
	Last     law.Method      `json:"m,omitempty"` // the method chosen last
}

type deviceAccount struct {
	Digest string    `json:"d"`
	At     time.Time `json:"t"`
}

func (b *Broker) device(r *http.Request) (d device) {
	raw, err := b.Ring.Unseal("device", b.cookie(r, deviceCookie))
	if err != nil || json.Unmarshal(raw, &d) != nil {
		return device{}
	}
	oldest := b.Now().Add(-b.Law.DeviceMemory(b.Now()))
	d.Accounts = slices.DeleteFunc(d.Accounts, func(a deviceAccount) bool { return a.At.Before(oldest) })
	return d
}

// KnownDevice tells whether this browser has signed in to that very account
// before, with a method that opens services.
func (b *Broker) KnownDevice(r *http.Request, account string) bool {
	digest := b.Ring.Digest("device", account)
	return account != "" && slices.ContainsFunc(b.device(r).Accounts, func(a deviceAccount) bool { return a.Digest == digest })
}

func (b *Broker) rememberDevice(w http.ResponseWriter, r *http.Request, account string, chosen law.Method) {
	d := b.device(r)
	digest := b.Ring.Digest("device", account)
	d.Accounts = slices.DeleteFunc(d.Accounts, func(a deviceAccount) bool { return a.Digest == digest })
	d.Accounts = append(d.Accounts, deviceAccount{digest, b.Now()})
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
