package behalf

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/mandate"
	"kapu/internal/store"
	"kapu/internal/web"
)

// chooseData is the dot of the page that asks for whom somebody acts.
type chooseData struct {
	Service  string
	Me       string // the visitor's own name
	Others   []principal
	For      string // to whom the page was shown
	Gone     bool   // the mandate that was chosen has ended meanwhile
	LeaveURL string
}

// principal is somebody for whom the visitor may act.
type principal struct {
	ID, Name string
	Until    time.Time
}

// choose asks for whom the visitor acts at the service. The answer belongs to this
// one way: the next service, and the next visit, ask again.
func (x *Room) choose(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	switch {
	case v.Step.Room != authn.Behalf:
		return x.Broker.Go(w, r, v, func(*authn.Transaction) {})
	case v.Service == nil: // no longer registered
		return web.Expired("")
	case r.Method == http.MethodPost:
		return x.chosen(w, r, v)
	}
	return x.ask(w, r, v, http.StatusOK, nil)
}

func (x *Room) ask(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	d := chooseData{Service: catalogue.In(v.Service.Name, string(web.Language(r))), For: x.shownTo(v), Gone: v.Transaction.Behalf != ""}
	err := x.view(r.Context(), func(tx *store.Tx) error {
		me, err := tx.Person(v.Session.Person())
		if err != nil {
			return err
		}
		d.Me = me.CurrentName.String()
		for _, m := range v.Mandates {
			name, err := mandate.PrincipalName(tx, m)
			if err != nil {
				return err
			}
			d.Others = append(d.Others, principal{m.ID, name, m.Until})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.LeaveURL, err = x.Broker.TurnBack(v); err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "choose", web.View{Form: form, Data: d})
}

// shownTo marks a page with whom it was shown to, so that nobody who signs in at
// the same browser meanwhile chooses with the page of somebody else.
func (x *Room) shownTo(v *broker.Visit) string {
	return x.Broker.Ring.Digest("behalf", v.Transaction.ID+" "+v.Session.Person())
}

func (x *Room) chosen(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "behalf"}, web.Field{Name: "for"})
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(form.Value("for")), []byte(x.shownTo(v))) != 1 {
		return x.Broker.Go(w, r, v, func(*authn.Transaction) {}) // back to the page, for who is here now
	}
	choice := form.Value("behalf")
	if choice != authn.Own && !slices.Contains(v.Standing.Mandates, choice) {
		form.Fail("behalf", "behalf.choose.missing")
		return x.ask(w, r, v, http.StatusUnprocessableEntity, form)
	}
	return x.Broker.Go(w, r, v, func(t *authn.Transaction) { t.Behalf = choice })
}
