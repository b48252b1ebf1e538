package behalf

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/mandate"
	"kapu/internal/store"
	"kapu/internal/web"
)

// listData is the dot of the list of somebody's mandates.
type listData struct {
	Waiting []shown // for an answer of either
	Given   []shown // in force: they act for the citizen
	Held    []shown // in force: the citizen acts for them
	Over    []shown
	Taken   bool   // some service takes mandates
	Done    string // what was just done
}

// shown is a mandate as a page shows it to one of the two.
type shown struct {
	ID       string
	Role     mandate.Role
	State    store.MandateState
	By       string // who ended it
	Name     string // of the other; "" while nobody has accepted it
	Services []string
	Until    time.Time
	Due      time.Time
	Changed  time.Time
}

// Mine tells whether the reader gave it.
func (s shown) Mine() bool { return s.Role == mandate.Principal }

// Answer tells whether the reader's answer is waited for.
func (s shown) Answer() bool { return s.Mine() && s.State == store.MandateAccepted }

// Key is the key of the sentence that says where it stands.
func (s shown) Key() string { return "behalf.state." + string(s.State) + "." + string(s.Role) }

// dones are what the list says was done, by the word in its address.
var dones = map[string]bool{"accepted": true, "refused": true, "given": true, "ended": true, "withdrawn": true}

func (x *Room) list(w http.ResponseWriter, r *http.Request) error {
	d := listData{Taken: len(x.taking()) > 0}
	if done := r.URL.Query().Get("done"); dones[done] {
		d.Done = done
	}
	me := person(r.Context())
	err := x.view(r.Context(), func(tx *store.Tx) error {
		all, err := tx.MandatesOf(me)
		for _, m := range all {
			one, err := x.shownOf(tx, r, m, mandate.RoleOf(m, me))
			if err != nil {
				return err
			}
			d.add(one, tx.Now)
		}
		return err
	})
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "list", web.View{Data: d})
	return nil
}

// add puts a mandate where it belongs. What is over by time is shown as that, be
// it carried out or not.
func (d *listData) add(s shown, now time.Time) {
	late := !now.Before(s.Due)
	switch {
	case (s.State == store.MandateOffered || s.State == store.MandateAccepted) && !late:
		d.Waiting = append(d.Waiting, s)
	case s.State == store.MandateInForce && !late && s.Mine():
		d.Given = append(d.Given, s)
	case s.State == store.MandateInForce && !late:
		d.Held = append(d.Held, s)
	default:
		switch s.State {
		case store.MandateInForce:
			s.State = store.MandateExpired
		case store.MandateOffered, store.MandateAccepted:
			s.State = store.MandateLapsed
		}
		d.Over = append(d.Over, s)
	}
}

func (x *Room) shownOf(tx *store.Tx, r *http.Request, m store.Mandate, role mandate.Role) (s shown, err error) {
	s = shown{ID: m.ID, Role: role, State: m.State, By: m.EndedBy, Services: x.namesOf(r, m.Services), Until: m.Until, Due: m.Due, Changed: m.Changed}
	s.Name, err = mandate.OtherName(tx, m, role)
	return s, err
}

// stops is what ending means for one of the two, as a mandate stands, and what the
// list then says.
func stops(m store.Mandate, role mandate.Role) (act mandate.Act, done string) {
	switch {
	case m.State == store.MandateInForce:
		return mandate.End, "ended"
	case m.State == store.MandateOffered && role == mandate.Principal:
		return mandate.Withdraw, "withdrawn"
	}
	return mandate.Refuse, "refused"
}

// end ends a mandate at the word of either, whatever it had come to. Of two clicks
// the second finds nothing, which is what was wanted.
func (x *Room) end(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "mandate"})
	if err != nil {
		return err
	}
	ctx, done := r.Context(), ""
	err = x.update(ctx, func(tx *store.Tx) error {
		m, err := tx.Mandate(form.Value("mandate"))
		if err != nil {
			return err
		}
		role := mandate.RoleOf(m, person(ctx))
		if role == "" {
			return mandate.ErrStranger
		}
		var act mandate.Act
		act, done = stops(m, role)
		_, err = x.Mandates.Act(tx, m.ID, act, mandate.Actor{Role: role, Person: person(ctx)}, mandate.Clerk{})
		return err
	})
	return x.after(w, r, done, err)
}

// after goes back to the list, which shows how things stand; what came too late
// says so there.
func (x *Room) after(w http.ResponseWriter, r *http.Request, done string, err error) error {
	switch {
	case err == nil:
		return web.SeeOther(w, r, listPath+"?done="+done)
	case errors.Is(err, mandate.ErrState), errors.Is(err, mandate.ErrLate), errors.Is(err, store.ErrStale):
		return web.SeeOther(w, r, listPath)
	case errors.Is(err, mandate.ErrStranger), errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	}
	return err
}
