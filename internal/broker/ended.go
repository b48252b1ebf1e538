package broker

import (
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/web"
)

// endedData is the dot of the page that says that the session was ended from
// elsewhere.
type endedData struct {
	At   time.Time
	Next string // where the visitor signs in again
}

// tellEnded tells a visitor whose session was ended from elsewhere, before they are
// led on to where they belong.
func (b *Broker) tellEnded(w http.ResponseWriter, r *http.Request, v *Visit, step authn.Step) error {
	if step.Room == authn.Reply { // nothing to sign in for
		return b.lead(w, r, v, step)
	}
	next, err := b.address(v.Transaction, roomOf(step))
	if err != nil {
		return err
	}
	return b.showEnded(w, r, v.Ended, next, v)
}

// showEnded says so once: the cookie goes, and with it what there was to say.
func (b *Broker) showEnded(w http.ResponseWriter, r *http.Request, at time.Time, next string, v *Visit) error {
	b.setCookie(w, sessionCookie, "", 0)
	r = r.WithContext(web.WithVisitor(r.Context(), web.Visitor{}))
	view := web.View{Data: endedData{at, next}}
	if v != nil {
		return b.Show(w, r, v, b.pages, http.StatusOK, "ended", view)
	}
	b.pages.Show(w, r, http.StatusOK, "ended", view)
	return nil
}

// endedMeanwhile leads on a visitor whose session was ended between their coming
// in and what they proved: the proof of one factor brings back nothing of it.
func (b *Broker) endedMeanwhile(w http.ResponseWriter, r *http.Request, v *Visit) (err error) {
	if v.Current, err = b.Current(r); err != nil {
		return err
	}
	v.Transaction.State = nil
	step, err := b.next(r.Context(), v)
	if err != nil {
		return err
	}
	if !v.Ended.IsZero() {
		return b.tellEnded(w, r, v, step)
	}
	return b.lead(w, r, v, step)
}
