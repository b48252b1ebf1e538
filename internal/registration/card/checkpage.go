package card

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/identity"
	"kapu/internal/papercode"
	"kapu/internal/web"
)

const (
	retry        = 15 * time.Second // until a page asks again by itself
	retrySeconds = "15"
	longestField = 64 // runes, with all that people type between symbols
)

// checkData is the dot of the page with the two fields.
type checkData struct {
	Kept   time.Duration // for which a right code is kept
	Length int           // of the code
	Notice string        // key of why it is asked again; "" the first time
}

func (x *Room) checkData() checkData {
	return checkData{Kept: x.Broker.Law.CardCodeReservation(x.Broker.Now()), Length: papercode.Length}
}

// askCode takes nothing from the address: it would stay in the browser's
// history and in the logs of whatever stands between.
func (x *Room) askCode(w http.ResponseWriter, r *http.Request) error {
	return x.checkPage(w, r, http.StatusOK, nil)
}

func (x *Room) checkPage(w http.ResponseWriter, r *http.Request, status int, f *web.Form) error {
	x.pages.Show(w, r, status, "check", web.View{Form: f, Data: x.checkData()})
	return nil
}

// Why document and code are asked once more.
const (
	ranOut     = "fromhome.check.again" // what was typed into the form waits in this browser
	twoPersons = "fromhome.check.other" // another tab of this browser has checked another card
)

func (x *Room) checkAgain(w http.ResponseWriter, r *http.Request, why string) error {
	d := x.checkData()
	d.Notice = why
	x.pages.Show(w, r, http.StatusGone, "check", web.View{Data: d})
	return nil
}

func (x *Room) takeCode(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "document", Max: longestField}, web.Field{Name: "code", Max: longestField})
	if err != nil {
		return err
	}
	a := Attempt{Address: x.Broker.Address(r)}
	readCode(f, &a)
	if !f.OK() {
		return x.checkPage(w, r, http.StatusUnprocessableEntity, f)
	}
	k := x.recall(r).ready()
	a.Browser = x.digest(k)
	id, err := x.Cards.Check(r.Context(), a)
	if err != nil {
		return x.notChecked(w, r, f, err)
	}
	if k.ID != "" && k.ID != id { // another card's: what was typed was for another person
		k = kept{Token: k.Token}
	}
	k.ID = id
	if err := x.remember(w, k); err != nil {
		return err
	}
	if err := x.Cards.Recognise(r.Context(), id, a.Browser); err != nil && !told(err) {
		return err
	}
	return web.SeeOther(w, r, formPath)
}

// told says whether the next page tells of the error.
func told(err error) bool {
	return errors.Is(err, ErrUnavailable) || errors.Is(err, ErrReleased) || errors.As(err, new(*Refused)) || errors.As(err, new(*Over))
}

// readCode reads both fields. A slip in the code is found by its check symbol,
// and does not count as an attempt.
func readCode(f *web.Form, a *Attempt) {
	var err error
	if a.Number, err = identity.ParseDocumentNumber(identity.IdentityCard, f.Value("document")); err != nil {
		f.Fail("document", "fromhome.check.document.format")
	}
	switch a.Code, err = papercode.Parse(f.Value("code")); {
	case errors.Is(err, papercode.ErrMistyped):
		f.Fail("code", "fromhome.check.code.mistyped")
	case err != nil:
		f.Fail("code", "fromhome.check.code.format", "Length", papercode.Length)
	}
}

func (x *Room) notChecked(w http.ResponseWriter, r *http.Request, f *web.Form, err error) error {
	var wait *Wait
	switch {
	case errors.As(err, &wait):
		web.RetryAfter(w, wait.For)
		f.Fail("", "fromhome.wait", "Wait", wait.For)
		return x.checkPage(w, r, http.StatusTooManyRequests, f)
	case errors.Is(err, ErrNoMatch):
		f.Fail("", "fromhome.check.wrong", "Kept", x.checkData().Kept)
		return x.checkPage(w, r, http.StatusUnprocessableEntity, f)
	}
	return x.tell(w, r, err)
}
