package card

import (
	"encoding/json"
	"net/http"
	"time"

	"kapu/internal/keys"
)

const (
	cookieName  = "kapu-card"
	sealPurpose = "card-registration"
	cookieLimit = 4096 // bytes
)

// kept is what a browser keeps of a registration, in a sealed cookie: for whom a
// code is reserved, and what was typed, so that nothing is typed twice.
type kept struct {
	ID    string            `json:"i,omitempty"` // of the code
	Token string            `json:"b"`           // of the browser; the store has its digest
	At    time.Time         `json:"t"`
	Typed map[string]string `json:"f,omitempty"` // into the form
	Until time.Time         `json:"u,omitzero"`  // the account must be activated by then; zero: there is none yet
}

// ready has a token.
func (k kept) ready() kept {
	if k.Token == "" {
		k.Token = keys.RandomToken()
	}
	return k
}

// digest is the name under which codes are reserved for the browser.
func (x *Room) digest(k kept) string { return x.Broker.Ring.Digest(sealPurpose, k.Token) }

func (x *Room) remember(w http.ResponseWriter, k kept) error {
	k.At = x.Broker.Now()
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	sealed, err := x.Broker.Ring.Seal(sealPurpose, raw)
	http.SetCookie(w, &http.Cookie{Name: x.cookieName(), Value: sealed, Path: "/", MaxAge: int(x.life().Seconds()),
		HttpOnly: true, Secure: x.Broker.Secure, SameSite: http.SameSiteLaxMode})
	return err
}

// life is for how long a browser keeps it: for typing, and for typing again once
// the reservation has run out.
func (x *Room) life() time.Duration {
	now := x.Broker.Now()
	return x.Broker.Law.CardCodeReservation(now) + x.Broker.Law.TransactionLife(now)
}

// cookieName has the prefix that forbids others to set it, where browsers take
// it: over https (RFC 6265bis, 4.1.3.2).
func (x *Room) cookieName() string {
	if x.Broker.Secure {
		return "__Host-" + cookieName
	}
	return cookieName
}

// recall is what this browser kept; nothing, if that was too long ago.
func (x *Room) recall(r *http.Request) (k kept) {
	c, err := r.Cookie(x.cookieName())
	if err != nil || len(c.Value) > cookieLimit {
		return kept{}
	}
	raw, err := x.Broker.Ring.Unseal(sealPurpose, c.Value)
	if err != nil || json.Unmarshal(raw, &k) != nil || !x.Broker.Now().Before(k.At.Add(x.life())) {
		return kept{}
	}
	return k
}
