package activation

import (
	"encoding/json"
	"net/http"
	"time"

	"kapu/internal/web"
)

const (
	cookieName  = "kapu-activate"
	sealPurpose = "activation"
	cookieLimit = 4096 // bytes
)

// proven is what a browser has shown on the first page. It travels in a sealed
// cookie, so that it is bound to the browser and nothing is written for it.
type proven struct {
	Account string    `json:"a"`
	Code    string    `json:"c"` // id, not the digits
	At      time.Time `json:"t"`
}

func (x *Room) remember(w http.ResponseWriter, p proven) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	sealed, err := x.Broker.Ring.Seal(sealPurpose, raw)
	x.setCookie(w, sealed, x.Broker.Law.TransactionLife(p.At))
	return err
}

func (x *Room) forget(w http.ResponseWriter) { x.setCookie(w, "", -1) }

func (x *Room) setCookie(w http.ResponseWriter, value string, life time.Duration) {
	age := -1
	if life > 0 {
		age = int(life.Seconds())
	}
	http.SetCookie(w, &http.Cookie{Name: x.cookieName(), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: x.Broker.Secure, SameSite: http.SameSiteLaxMode})
}

// cookieName has the prefix that forbids others to set it, where browsers take
// it: over https (RFC 6265bis, 4.1.3.2).
func (x *Room) cookieName() string {
	if x.Broker.Secure {
		return "__Host-" + cookieName
	}
	return cookieName
}

// recall is what this browser has shown a moment ago.
func (x *Room) recall(r *http.Request) (p proven, ok bool) {
	c, err := r.Cookie(x.cookieName())
	if err != nil || len(c.Value) > cookieLimit {
		return p, false
	}
	raw, err := x.Broker.Ring.Unseal(sealPurpose, c.Value)
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return p, false
	}
	now := x.Broker.Now()
	return p, now.Before(p.At.Add(x.Broker.Law.TransactionLife(now)))
}

// again leads back to the code, when the step is over or was never reached.
func (x *Room) again(w http.ResponseWriter, r *http.Request) error {
	x.forget(w)
	return web.SeeOther(w, r, codePath)
}
