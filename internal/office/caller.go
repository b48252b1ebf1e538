package office

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/phone"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

const caller = home + "/caller"

func (x *Room) callerRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + caller:             x.caller,
		"POST " + caller:            x.openCaller,
		"POST " + caller + "/close": x.closeCaller,
		"GET " + caller + "/close":  back,
	}
}

// callerData is the dot of the page where a caller is shown.
type callerData struct {
	Desk   phone.Desk      // zero: none is open
	Person identity.Person // of the caller, once they consented
}

// lookAgain is how often the page looks whether the caller has consented.
const lookAgain = 4 * time.Second

// caller shows the code that the clerk tells, and who the caller is once they
// consented by the key #.
func (x *Room) caller(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	d := callerData{}
	var err error
	d.Desk, err = x.Desk.Phones.DeskOf(r.Context(), k.Account)
	if errors.Is(err, phone.ErrDesk) || d.Desk.Office != k.Office {
		d.Desk, err = phone.Desk{}, nil
	}
	if err != nil {
		return err
	}
	if d.Desk.Person != "" {
		err = x.Desk.DB.View(r.Context(), func(tx *store.Tx) (err error) {
			d.Person, err = tx.Person(d.Desk.Person)
			return err
		})
		if errors.Is(err, store.ErrNotFound) { // the person was erased meanwhile
			d.Desk, err = phone.Desk{}, nil
		}
	}
	if err != nil {
		return err
	}
	view := web.View{Data: d}
	if d.Desk.Code != "" && d.Desk.Person == "" {
		view.Refresh = &web.Refresh{After: lookAgain, To: caller}
	}
	x.pages.Show(w, r, http.StatusOK, "caller", view)
	return nil
}

func (x *Room) openCaller(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	if _, err := web.ReadForm(w, r); err != nil {
		return err
	}
	if err := x.Desk.Phones.CloseDesk(r.Context(), k.Account); err != nil {
		return err
	}
	if _, err := x.Desk.Phones.OpenDesk(r.Context(), k.Office, k.Account); err != nil {
		return err
	}
	return web.SeeOther(w, r, caller)
}

func (x *Room) closeCaller(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	if _, err := web.ReadForm(w, r); err != nil {
		return err
	}
	if err := x.Desk.Phones.CloseDesk(r.Context(), k.Account); err != nil {
		return err
	}
	return web.SeeOther(w, r, caller)
}
