package account

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kapu/internal/life"
	"kapu/internal/web"
)

// outcome is what was done, for the page that says so. It names nobody, and
// travels sealed in the address of that page: it can be loaded again and gone back
// to, and nobody can make one up.
type outcome struct {
	What string    `json:"w"`          // the kind of a link, emailChanged, or stopped and the kind of an act
	Due  time.Time `json:"d,omitzero"` // when the rest follows, or until when it waits for the rest
}

const (
	stopped        = "stop-"
	emailChanged   = "email-changed"
	outcomePurpose = "account/outcome"
)

// Stopped tells whether something was stopped that somebody else may have asked for.
func (o outcome) Stopped() bool { return strings.HasPrefix(o.What, stopped) }

// confirmed is what a link did: of an e-mail change, either the last that was
// missing, or one of two.
func confirmed(link life.Link) outcome {
	if link.Act == life.Email && link.Due.IsZero() {
		return outcome{What: emailChanged}
	}
	return outcome{link.Kind, link.Due}
}

// say leads to the page that says what was done.
func (x *Room) say(w http.ResponseWriter, r *http.Request, o outcome) error {
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	sealed, err := x.Broker.Ring.Seal(outcomePurpose, raw)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, donePath+"?"+url.Values{"d": {sealed}}.Encode())
}

// done says what was done.
func (x *Room) done(w http.ResponseWriter, r *http.Request) error {
	raw, err := x.Broker.Ring.Unseal(outcomePurpose, r.URL.Query().Get("d"))
	if err != nil {
		return x.showGone(w, r)
	}
	var o outcome
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "done", web.View{Data: o})
	return nil
}
