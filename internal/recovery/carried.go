package recovery

import (
	"encoding/json"
	"net/http"
	"time"

	"kapu/internal/web"
)

const (
	cookieName  = "kapu-recover"
	sealPurpose = "recovery"
	cookieLimit = 4096 // bytes
)

// carried is the link's token on its way from the letter to the form, in a
// sealed cookie: in the address it would stay in the browser's history and in
// what the page calls for.
type carried struct {
	Token string    `json:"c"`
	Until time.Time `json:"u"`
}

// carry takes the token out of the address.
func (x *Room) carry(w http.ResponseWriter, r *http.Request, c carried) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	sealed, err := x.Broker.Ring.Seal(sealPurpose, raw)
	if err != nil {
		return err
	}
	x.setCookie(w, sealed, max(1, int(c.Until.Sub(x.Broker.Now()).Seconds())))
	return web.SeeOther(w, r, newPath)
}

func (x *Room) drop(w http.ResponseWriter) { x.setCookie(w, "", -1) }

func (x *Room) setCookie(w http.ResponseWriter, value string, age int) {
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

// token is what this browser carries, or "".
func (x *Room) token(r *http.Request) string {
	cookie, err := r.Cookie(x.cookieName())
	if err != nil || len(cookie.Value) > cookieLimit {
		return ""
	}
	raw, err := x.Broker.Ring.Unseal(sealPurpose, cookie.Value)
	var c carried
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return ""
	}
	return c.Token
}
