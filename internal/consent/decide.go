package consent

import (
	"crypto/subtle"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/web"
)

// decideData is the dot of the page on which the citizen decides.
type decideData struct {
	Service  string
	Asked    []datum
	Law      []catalogue.Claim // what the service gets anyway
	Ground   string            // by which law
	For      string            // to whom the page was shown
	Before   bool              // they have decided about some of it before
	LeaveURL string
}

// consent asks what the service may have that no law gives it.
func (x *Room) consent(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	switch {
	case v.Step.Room != authn.Consent:
		return x.onward(w, r, v)
	case v.Service == nil: // no longer registered
		return web.Expired("")
	case r.Method == http.MethodPost:
		return x.decide(w, r, v)
	}
	form := web.NewForm(nil)
	for _, name := range v.Standing.Allows { // nothing else is ever ticked beforehand
		form.Set(fieldPrefix+name, "yes")
	}
	return x.showConsent(w, r, v, http.StatusOK, form)
}

func (x *Room) showConsent(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	data := decideData{Service: catalogue.In(v.Service.Name, string(web.Language(r))), Law: v.Service.Claims, Ground: v.Service.Ground, For: x.shownTo(v)}
	data.Before = slices.ContainsFunc(v.Transaction.Request.Asks, func(name string) bool {
		return slices.Contains(v.Standing.Allows, name) || slices.Contains(v.Standing.Refuses, name)
	})
	var err error
	if data.Asked, err = x.asked(r.Context(), v); err != nil {
		return err
	}
	if data.LeaveURL, err = x.Broker.TurnBack(v); err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "decide", web.View{Form: form, Data: data})
}

// shownTo marks a page with whom it was shown to, so that nobody who signs in at
// the same browser meanwhile decides with the form of somebody else.
func (x *Room) shownTo(v *broker.Visit) string {
	return x.Broker.Ring.Digest("consent", v.Transaction.ID+" "+v.Session.Person())
}

// decide keeps what was decided.
func (x *Room) decide(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	form, err := web.ReadForm(w, r, fields()...)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(form.Value("for")), []byte(x.shownTo(v))) != 1 {
		return x.onward(w, r, v) // back to the page, which shows the data of who is here now
	}
	ticked, ok := ticked(form, v.Transaction.Request.Asks)
	if !ok {
		return web.Refused("")
	}
	switch form.Value("decide") {
	case "none":
		return x.Broker.Decide(w, r, v, nil, v.Transaction.Request.Asks)
	case "ticked":
	default:
		return web.Refused("")
	}
	if len(ticked) == 0 {
		form.Fail("", "consent.decide.nothing")
		return x.showConsent(w, r, v, http.StatusUnprocessableEntity, form)
	}
	left := slices.DeleteFunc(slices.Clone(v.Transaction.Request.Asks), func(name string) bool { return slices.Contains(ticked, name) })
	return x.Broker.Decide(w, r, v, ticked, left)
}

// fields are what the form may hold: a box for each datum there is, so that one
// that was not asked for is seen and refused.
func fields() []web.Field {
	list := []web.Field{{Name: "decide"}, {Name: "for"}}
	for _, c := range catalogue.Claims() {
		list = append(list, web.Field{Name: fieldPrefix + string(c)})
	}
	return list
}

// ticked are the data whose boxes are ticked; ok is false if one of them was not
// asked for.
func ticked(form *web.Form, asks []string) (names []string, ok bool) {
	for _, c := range catalogue.Claims() {
		if !form.Checked(fieldPrefix + string(c)) {
			continue
		}
		if !slices.Contains(asks, string(c)) {
			return nil, false
		}
		names = append(names, string(c))
	}
	return names, true
}
