package password

import (
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Kind is the kind of the credential that holds a password's record.
const Kind = "password"

// RoomConfig is what the room works with.
type RoomConfig struct {
	Broker *broker.Broker
	Hasher *Hasher
	Gate   *throttle.Gate // of the purpose "password"
	Home   string         // absolute address of the page where the account is looked after, for letters
	Log    *slog.Logger   // nil is silent
	// Shortcut lets the browser offer another method in the username's field; nil, and
	// a nil answer, offer none.
	Shortcut func(v *broker.Visit) (*broker.Shortcut, error)
}

// Room serves the password's pages. It is safe for concurrent use.
type Room struct {
	RoomConfig
	pages *web.Pages
	notes *broker.Notes
}

// New makes the room.
func New(c RoomConfig) *Room {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	x := &Room{RoomConfig: c, pages: c.Broker.Shell.Pages("password", files), notes: &broker.Notes{Broker: c.Broker, Log: c.Log}}
	x.samples()
	return x
}

// Mount adds the room's pages.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Room(mux, string(authn.Password), x.signIn)
	b.Shell.Handle(mux, "GET "+changePath, b.Require(law.Substantial, x.askChange))
	b.Shell.Handle(mux, "POST "+changePath, b.Require(law.Substantial, x.change))
	b.Shell.Handle(mux, "GET "+changedPath, x.changed)
}

// longestName is how much of a name is read; a longer one belongs to nobody.
const longestName = 200

type signInData struct {
	ChooserURL string
	Shortcut   *broker.Shortcut // nil for none
}

func (x *Room) signIn(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if len(v.Transaction.State) > 0 {
		return x.changeFirst(w, r, v)
	}
	if r.Method == http.MethodPost {
		return x.submit(w, r, v)
	}
	return x.show(w, r, v, http.StatusOK, web.NewForm(map[string]string{"username": v.Transaction.Request.Hint}))
}

func (x *Room) show(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	chooser, err := x.Broker.BackToChooser(v)
	if err != nil {
		return err
	}
	data := signInData{ChooserURL: chooser}
	if x.Shortcut != nil {
		if data.Shortcut, err = x.Shortcut(v); err != nil {
			return err
		}
	}
	return x.Broker.Show(w, r, v, x.pages, status, "signin", web.View{Form: form, Data: data})
}

func (x *Room) submit(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "username", Max: longestName}, web.Field{Name: "password", Max: MaxBytes, Secret: true})
	if err != nil {
		return err
	}
	wanted(form, "username", "password.signin.no-username")
	wanted(form, "password", "password.signin.no-password")
	if !form.OK() {
		return x.show(w, r, v, http.StatusUnprocessableEntity, form)
	}
	h, err := x.holder(r.Context(), form.Value("username"))
	if err != nil {
		return err
	}
	tried, err := x.try(r, form.Value("username"), h, form.Value("password"))
	if err != nil {
		return err
	}
	if status := tried.refuse(w, form, "", "password.signin.wrong"); status != 0 {
		return x.show(w, r, v, status, form)
	}
	if x.first(h) {
		return x.beginFirst(w, r, v, h)
	}
	return x.succeed(w, r, v, h, form)
}

// wanted fails a field that was left empty. What was typed has no say in who exists.
func wanted(form *web.Form, field, key string) {
	if form.Value(field) == "" {
		form.Fail(field, key)
	}
}

// succeed completes the step, and renews a record that was made at other costs.
func (x *Room) succeed(w http.ResponseWriter, r *http.Request, v *broker.Visit, h holder, form *web.Form) error {
	var renewed string
	if x.Hasher.NeedsRehash(h.credential.Secret) {
		if record, err := x.Hasher.Hash(r.Context(), form.Value("password")); err == nil {
			renewed = record // else at the next sign-in
		}
	}
	e := authn.Event{Factor: authn.Password, At: x.Broker.Now(), Account: h.account.ID, Person: h.account.PersonID}
	err := x.Broker.Complete(w, r, v, e, func(tx *store.Tx) error { return h.settle(tx, renewed) })
	if errors.Is(err, store.ErrStale) { // changed while we were hashing
		form.Fail("", "password.signin.wrong")
		return x.show(w, r, v, http.StatusUnprocessableEntity, form)
	}
	return err
}

// busyRetry is what we ask for when too many sign in at once.
const busyRetry = 5 * time.Second

// refuse says on the form why the attempt did not go through, and returns the
// status to show it with; 0 if it did.
func (t tried) refuse(w http.ResponseWriter, form *web.Form, field, wrong string) int {
	switch {
	case t.wait > 0:
		retryAfter(w, t.wait)
		form.Fail(field, "password.wait", "Wait", t.wait)
		return http.StatusTooManyRequests
	case t.busy:
		retryAfter(w, busyRetry)
		form.Fail(field, "password.busy")
		return http.StatusServiceUnavailable
	case !t.ok:
		form.Fail(field, wrong)
		return http.StatusUnprocessableEntity
	}
	return 0
}

func retryAfter(w http.ResponseWriter, wait time.Duration) {
	web.RetryAfter(w, wait)
}
