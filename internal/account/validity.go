package account

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/web"
)

// span is a length that can be chosen, with what comes of it.
type span struct {
	Years int
	Until time.Time
}

// validityData is the dot of the page of an account's validity.
type validityData struct {
	Until       time.Time
	Provisional bool
	Spans       []span    // those that make the account's life longer; none: it is as long as can be
	Longest     int       // years
	Furthest    time.Time // the last day that can be had now
	Reminders   int       // days before the end, of the first reminder
}

// validity says how long the account is valid and how much longer it can be.
func (x *Room) validity(a identity.Account) validityData {
	now, rules := x.Broker.Now(), x.Broker.Law
	d := validityData{Until: a.ValidUntil, Provisional: a.Provisional, Longest: rules.LongestLife(now)}
	d.Furthest = endOf(now, d.Longest)
	if days := rules.ReminderDays(now); len(days) > 0 {
		d.Reminders = days[0]
	}
	for years := 1; years <= d.Longest && !a.Provisional; years++ {
		if s := (span{years, endOf(now, years)}); s.Until.After(a.ValidUntil) {
			d.Spans = append(d.Spans, s)
		}
	}
	return d
}

// endOf is the end of an account that is extended now for so many years.
func endOf(now time.Time, years int) time.Time {
	return law.Day(now).AddYears(years).In(law.Budapest)
}

// askYears shows how long the account is valid, and lets choose how much longer
// it shall be (R6).
func (x *Room) askYears(w http.ResponseWriter, r *http.Request) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	x.showYears(w, r, http.StatusOK, o.Account, x.longestFirst())
	return nil
}

// longestFirst is the form with what nearly everybody wants.
func (x *Room) longestFirst() *web.Form {
	return web.NewForm(map[string]string{"years": strconv.Itoa(x.Broker.Law.LongestLife(x.Broker.Now()))})
}

func (x *Room) showYears(w http.ResponseWriter, r *http.Request, status int, a identity.Account, form *web.Form) {
	x.pages.Show(w, r, status, "validity", web.View{Form: form, Data: x.validity(a)})
}

// extend needs no password: a longer life can be had by its owner's presence
// alone, and harms nobody. A second click finds nothing to lengthen and leads
// where the first one did.
func (x *Room) extend(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "years"})
	if err != nil {
		return err
	}
	years, _ := strconv.Atoi(form.Value("years")) // what is no number is no choice either
	err = x.change(r.Context(), func(tx *store.Tx, a identity.Account) error {
		_, err := x.Life.Extend(tx, a, years, life.Actor{})
		return err
	})
	var invalid *identity.Invalid
	switch {
	case err == nil:
		return web.SeeOther(w, r, extendedPath)
	case errors.Is(err, life.ErrNotLonger):
		return x.notLonger(w, r, years, form)
	case errors.As(err, &invalid):
		return x.refuseYears(w, r, form, "account.validity.choose")
	case errors.Is(err, life.ErrProvisional):
		return web.SeeOther(w, r, validityPath) // which says why not
	}
	return expired(err)
}

// notLonger tells a choice that changes nothing from one that was carried out a
// moment ago.
func (x *Room) notLonger(w http.ResponseWriter, r *http.Request, years int, form *web.Form) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	if o.ValidUntil.Equal(endOf(x.Broker.Now(), years)) {
		return web.SeeOther(w, r, extendedPath)
	}
	return x.refuseYears(w, r, form, "account.validity.shorter")
}

func (x *Room) refuseYears(w http.ResponseWriter, r *http.Request, form *web.Form, key string) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	form.Fail("years", key)
	x.showYears(w, r, http.StatusUnprocessableEntity, o.Account, form)
	return nil
}

// extended says that it is done, and until when the account is valid now.
func (x *Room) extended(w http.ResponseWriter, r *http.Request) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "extended", web.View{Data: x.validity(o.Account)})
	return nil
}
