package behalf

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/mandate"
	"kapu/internal/papercode"
	"kapu/internal/store"
	"kapu/internal/web"
)

// lengths are for how many months a mandate can be given.
var lengths = []int{1, 3, 6, 12}

// newData is the dot of the form of a new mandate.
type newData struct {
	Services    []service
	Ends        []length
	Full, Short string // the citizen's name as it can be shown
}

// service is a service that takes mandates.
type service struct {
	ID, Name, About string
	Ticked          bool
}

// length is for how long a mandate can be given.
type length struct {
	Months int
	Until  time.Time
}

func (x *Room) lengths(now time.Time) (list []length) {
	longest := x.Broker.Law.LongestMandate(now)
	for _, n := range lengths {
		if until := now.AddDate(0, n, 0); until.Sub(now) <= longest {
			list = append(list, length{n, until})
		}
	}
	return list
}

func (x *Room) askNew(w http.ResponseWriter, r *http.Request) error {
	return x.showNew(w, r, http.StatusOK, web.NewForm(map[string]string{"reveal": mandate.FullName}))
}

func (x *Room) showNew(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	now := x.Broker.Now()
	d := newData{Ends: x.lengths(now)}
	lang := string(web.Language(r))
	for _, s := range x.taking() {
		d.Services = append(d.Services, service{s.ID, catalogue.In(s.Name, lang), catalogue.In(s.About, lang), form.Value(ticked+s.ID) != ""})
	}
	err := x.view(r.Context(), func(tx *store.Tx) error {
		p, err := tx.Person(person(r.Context()))
		d.Full, d.Short = mandate.Shown(p.CurrentName, mandate.FullName), mandate.Shown(p.CurrentName, mandate.ShortName)
		return err
	})
	if err != nil {
		return err
	}
	x.pages.Show(w, r, status, "new", web.View{Form: form, Data: d})
	return nil
}

// ticked begins the names of the boxes of services.
const ticked = "service-"

func (x *Room) readWish(w http.ResponseWriter, r *http.Request) (form *web.Form, wish mandate.Wish, err error) {
	fields := []web.Field{{Name: "months", Max: 3}, {Name: "reveal", Max: 8}}
	for _, s := range x.taking() {
		fields = append(fields, web.Field{Name: ticked + s.ID, Max: 8})
	}
	if form, err = web.ReadForm(w, r, fields...); err != nil {
		return form, wish, err
	}
	for _, s := range x.taking() {
		if form.Checked(ticked + s.ID) {
			wish.Services = append(wish.Services, s.ID)
		}
	}
	if len(wish.Services) == 0 {
		form.Fail("services", "behalf.new.services.missing")
	}
	months, err := strconv.Atoi(form.Value("months"))
	for _, l := range x.lengths(x.Broker.Now()) {
		if err == nil && l.Months == months {
			wish.Until = l.Until
		}
	}
	if wish.Until.IsZero() {
		form.Fail("months", "behalf.new.months.missing")
	}
	if wish.Reveal = form.Value("reveal"); wish.Reveal != mandate.FullName && wish.Reveal != mandate.ShortName {
		form.Fail("reveal", "behalf.new.reveal.missing")
	}
	return form, wish, nil
}

// give records an offer and shows its code, this once.
func (x *Room) give(w http.ResponseWriter, r *http.Request) error {
	form, wish, err := x.readWish(w, r)
	if err != nil {
		return err
	}
	var m store.Mandate
	var code papercode.Code
	if form.OK() {
		err = x.update(r.Context(), func(tx *store.Tx) error {
			a, err := tx.Account(broker.Of(r.Context()).Session.Account())
			if err != nil {
				return err
			}
			m, code, err = x.Mandates.Offer(tx, a, wish, mandate.Clerk{})
			return err
		})
	}
	switch {
	case errors.Is(err, mandate.ErrMany):
		form.Fail("", "behalf.new.many")
	case errors.Is(err, mandate.ErrServices):
		form.Fail("services", "behalf.new.services.missing")
	case err != nil:
		return err
	}
	if !form.OK() {
		return x.showNew(w, r, http.StatusUnprocessableEntity, form)
	}
	return x.showOnce(w, r, given{person(r.Context()), code, m.Services, m.Until, m.Due})
}

// given is an offer with its code, which nothing else keeps. It travels sealed in
// the address of the page that shows it, and opens for its giver alone.
type given struct {
	Person   string         `json:"p"`
	Code     papercode.Code `json:"c"`
	Services []string       `json:"s"`
	Until    time.Time      `json:"u"`
	Due      time.Time      `json:"d"`
}

const givenPurpose, offeredPurpose = "mandate/given", "mandate/offered"

func (x *Room) showOnce(w http.ResponseWriter, r *http.Request, g given) error {
	return x.leadTo(w, r, codePath, givenPurpose, g)
}

// leadTo leads to a page with what it is about, sealed.
func (x *Room) leadTo(w http.ResponseWriter, r *http.Request, path, purpose string, what any) error {
	raw, err := json.Marshal(what)
	if err != nil {
		return err
	}
	sealed, err := x.Broker.Ring.Seal(purpose, raw)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, path+"?"+url.Values{"d": {sealed}}.Encode())
}

// opened reads what leadTo sealed.
func (x *Room) opened(sealed, purpose string, into any) bool {
	raw, err := x.Broker.Ring.Unseal(purpose, sealed)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// codeData is the dot of the page with the code.
type codeData struct {
	Code     string // in groups
	Services []string
	Until    time.Time
	Due      time.Time
}

func (x *Room) showCode(w http.ResponseWriter, r *http.Request) error {
	var g given
	if !x.opened(r.URL.Query().Get("d"), givenPurpose, &g) || g.Person != person(r.Context()) || !x.Broker.Now().Before(g.Due) {
		return web.SeeOther(w, r, listPath)
	}
	x.pages.Show(w, r, http.StatusOK, "code", web.View{Data: codeData{g.Code.Groups(), x.namesOf(r, g.Services), g.Until, g.Due}})
	return nil
}
