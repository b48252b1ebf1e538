package phone

import (
	"embed"
	"errors"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Addresses of the owner's pages, the side room where an identifier is unlocked, and
// the room where a password that others may know is replaced.
const (
	managePath  = "/account/phone"
	unlockRoom  = "phone/unlock"
	replaceRoom = "replace/" + string(authn.Phone)
)

// Config is what the rooms work with.
type Config struct {
	Broker   *broker.Broker
	Register *phone.Register
}

// Room serves the pages of Telefonos Azonosítás. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New makes the rooms.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("phone", files)}
	x.samples()
	return x
}

// Mount adds the rooms and pages.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Room(mux, string(authn.Phone), x.signIn)
	b.Room(mux, unlockRoom, x.unlock)
	b.Room(mux, replaceRoom, x.replace)
	b.Room(mux, replaceRoom+"/end", x.endInstead)
	for pattern, h := range map[string]web.HandlerFunc{
		"GET " + managePath:                 x.manage,
		"GET " + managePath + "/password":   x.askPassword,
		"POST " + managePath + "/password":  x.setPassword,
		"GET " + managePath + "/questions":  x.askQuestions,
		"POST " + managePath + "/questions": x.setQuestions,
		"GET " + managePath + "/end":        x.askEnd,
		"POST " + managePath + "/end":       x.end,
	} {
		b.Shell.Handle(mux, pattern, b.Require(law.Low, h))
	}
}

// showWait says on the form how long to wait, beside the field.
func showWait(w http.ResponseWriter, form *web.Form, field string, wait time.Duration) int {
	web.RetryAfter(w, wait)
	form.Fail(field, "phone.wait", "Wait", wait)
	return http.StatusTooManyRequests
}

// failInvalid says on the form what is wrong with what was typed, and whether that
// is what went wrong.
func failInvalid(form *web.Form, field string, err error) bool {
	var invalid *identity.Invalid
	if !errors.As(err, &invalid) {
		return false
	}
	form.FailInvalid(field, invalid)
	return true
}
