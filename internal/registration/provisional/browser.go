package provisional

import (
	"net/http"

	"kapu/internal/keys"
)

const (
	cookieName  = "kapu-provisional"
	cookieLimit = 100 // bytes; ours has 43
)

// browser is the secret by which a browser is known here, or "". What it has
// typed is found and opened with it alone.
func (x *Room) browser(r *http.Request) string {
	c, err := r.Cookie(x.cookieName())
	if err != nil || len(c.Value) > cookieLimit {
		return ""
	}
	return c.Value
}

// know gives the browser its secret, if it has none, and renews its time.
func (x *Room) know(w http.ResponseWriter, r *http.Request) string {
	secret := x.browser(r)
	if secret == "" {
		secret = keys.RandomToken()
	}
	x.setCookie(w, secret, int(x.Broker.Law.LinkLife(x.Broker.Now()).Seconds()))
	return secret
}

func (x *Room) forget(w http.ResponseWriter) { x.setCookie(w, "", -1) }

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
