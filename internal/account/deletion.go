package account

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/web"
)

// deletionData is the dot of the pages of a deletion.
type deletionData struct {
	Username string
	Email    identity.Email
	Others   int           // further accounts of the person; they stay
	Rest     int           // years for which nobody can take the username
	Cooling  time.Duration // between the announcement and the deletion
	LinkLife time.Duration
	Office   string        // where the owner is a clerk: they are dismissed first
	Sent     time.Time     // until when the link in the letter is good; zero: none was sent
	Waiting  *life.Pending // it is announced
}

// deletion says what a deletion of the account would mean and how far it is.
func (x *Room) deletion(r *http.Request, o owned) (d deletionData, err error) {
	now, rules := x.Broker.Now(), x.Broker.Law
	d = deletionData{
		Username: string(o.Username), Email: o.Email, Waiting: o.waits(life.Delete), Office: web.VisitorOf(r.Context()).Office,
		Rest: rules.UsernameRest(now), Cooling: rules.DeletionCoolingOff(now), LinkLife: rules.LinkLife(now),
	}
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		all, err := tx.AccountsOf(o.PersonID)
		if err != nil {
			return err
		}
		d.Others = max(0, len(all)-1)
		c, err := tx.Code(o.ID, life.DeletionCode)
		if errors.Is(err, store.ErrNotFound) || err == nil && !now.Before(c.Expires) {
			return nil
		}
		d.Sent = c.Expires
		return err
	})
	return d, err
}

// askDeletion tells what is deleted and what remains, and asks for the password;
// or shows the deletion that waits (R14).
func (x *Room) askDeletion(w http.ResponseWriter, r *http.Request) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	return x.showDeletion(w, r, http.StatusOK, o, nil)
}

func (x *Room) showDeletion(w http.ResponseWriter, r *http.Request, status int, o owned, form *web.Form) error {
	d, err := x.deletion(r, o)
	if err != nil {
		return err
	}
	x.pages.Show(w, r, status, "delete", web.View{Form: form, Data: d})
	return nil
}

// takeDeletion mails the link that confirms. Nothing is announced before that.
func (x *Room) takeDeletion(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	if o.waits(life.Delete) != nil || broker.Of(r.Context()).Standing.Office != "" {
		return web.SeeOther(w, r, deletePath) // which says what to do
	}
	status, err := x.confirmOwner(w, r, o.ID, form)
	if err != nil {
		return err
	}
	if status != 0 {
		return x.showDeletion(w, r, status, o, form)
	}
	err = x.change(r.Context(), func(tx *store.Tx, a identity.Account) error {
		if c, err := tx.Code(a.ID, life.DeletionCode); err == nil && tx.Now.Sub(c.Created) < sameClick {
			return nil
		}
		_, err := x.Life.AskDeletion(tx, a)
		return err
	})
	if err != nil {
		return expired(err)
	}
	return web.SeeOther(w, r, sentPath)
}

// deletionSent says that the letter is on its way.
func (x *Room) deletionSent(w http.ResponseWriter, r *http.Request) error {
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	d, err := x.deletion(r, o)
	if err != nil {
		return err
	}
	if d.Sent.IsZero() || d.Waiting != nil {
		return web.SeeOther(w, r, deletePath)
	}
	x.pages.Show(w, r, http.StatusOK, "sent", web.View{Data: d})
	return nil
}
