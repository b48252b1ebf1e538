package office

import (
	"errors"
	"net/http"
	"strconv"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

func (x *Room) blank(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	d, err := x.blankData(r, k)
	if err != nil {
		return err
	}
	if d.Abroad() {
		return x.show(w, r, http.StatusOK, "data", d, blankAbroad())
	}
	return x.show(w, r, http.StatusOK, "data", d, blankForm())
}

// blankData is a case that is not opened yet, at the clerk's office.
func (x *Room) blankData(r *http.Request, k desk.Clerk) (d caseData, err error) {
	d.Case.Channel, err = x.Desk.Channel(r.Context(), k)
	d.Steps = checklist(registration.Case{}, "", stepData)
	return d, err
}

// open begins a case with what was typed, and asks the register.
func (x *Room) open(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	d, err := x.blankData(r, k)
	if err != nil {
		return err
	}
	stated := readStated(f)
	if !f.OK() {
		return x.show(w, r, http.StatusUnprocessableEntity, "data", d, f)
	}
	c, err := x.Desk.Open(r.Context(), k, stated)
	if refusedAt(f, err) {
		return x.show(w, r, http.StatusUnprocessableEntity, "data", d, f)
	}
	return x.onward(w, r, c.ID, "", err)
}

func (x *Room) showData(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	return x.show(w, r, http.StatusOK, "data", x.caseData(c, stepData), filled(c.Stated))
}

func (x *Room) correct(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	stated := readStated(f)
	if f.OK() {
		_, err = x.Desk.Correct(r.Context(), k, c.ID, version(f), stated)
	}
	if !f.OK() || refusedAt(f, err) {
		return x.show(w, r, http.StatusUnprocessableEntity, "data", x.caseData(c, stepData), f)
	}
	return x.onward(w, r, c.ID, "", err)
}

// version is the version of the case that the page showed.
func version(f *web.Form) int64 {
	n, _ := strconv.ParseInt(f.Value("version"), 10, 64) // what is no number is no version that exists
	return n
}

var versionField = web.Field{Name: "version", Max: longestShort}

// check asks the register again.
func (x *Room) check(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, versionField)
	if err != nil {
		return err
	}
	c, err := x.openCase(r, k)
	if err == nil {
		_, err = x.Desk.Check(r.Context(), k, c.ID, version(f))
	}
	if typed := filled(c.Stated); refusedAt(typed, err) {
		return x.show(w, r, http.StatusUnprocessableEntity, "data", x.caseData(c, stepData), typed)
	}
	return x.onward(w, r, c.ID, "", err)
}

// openCase is the case of the address, while it waits for the desk; one that is
// over errs with registration.ErrStep.
func (x *Room) openCase(r *http.Request, k desk.Clerk) (registration.Case, error) {
	c, err := x.Desk.Case(r.Context(), k, r.PathValue("case"))
	if err == nil && !c.Stands().Open() {
		err = registration.ErrStep
	}
	return c, err
}

// current shows the page of the step at which the case stands.
func (x *Room) current(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	c, err := x.Desk.Case(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.onward(w, r, "", "", err)
	}
	switch c.Stands() {
	case registration.Declaration:
		return x.showDeclaration(w, r, c, http.StatusOK, nil)
	case registration.Finished, registration.Activated:
		return x.showFinished(w, r, k, c)
	case registration.Withdrawn, registration.Lapsed:
		d := x.caseData(c, stepDone)
		return x.show(w, r, http.StatusOK, "closed", d, nil)
	}
	return x.showAnswer(w, r, c)
}

// answer shows the register's answer also when the case has gone further.
func (x *Room) answer(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	return x.showAnswer(w, r, c)
}

func (x *Room) showAnswer(w http.ResponseWriter, r *http.Request, c registration.Case) error {
	d := x.caseData(c, stepAnswer)
	if c.Answer == nil {
		return x.show(w, r, http.StatusOK, "unchecked", d, nil)
	}
	if err := x.known(r, &d); err != nil {
		return err
	}
	if c.Stands() == registration.Checked && !d.Outdated {
		switch {
		case x.Desk.Further(len(d.Accounts)) && c.Fee == nil:
			return x.feePage(w, r, http.StatusOK, d, nil)
		case d.blocked():
			return x.endingPage(w, r, http.StatusOK, d, nil)
		}
	}
	d.Rows = answerRows(c.Stated, *c.Answer)
	d.Headline, d.Count = headline(c)
	return x.show(w, r, http.StatusOK, "answer", d, nil)
}

// known adds what the gateway knows already of the person of a case.
func (x *Room) known(r *http.Request, d *caseData) (err error) {
	if d.Accounts, err = x.Desk.Accounts(r.Context(), d.Case); err != nil {
		return err
	}
	d.Provisional, err = x.Desk.Provisional(r.Context(), d.Case)
	return err
}

// refusedAt says at the fields what the law has against what was typed.
func refusedAt(f *web.Form, err error) bool {
	var refused *desk.Refused
	var invalid *identity.Invalid
	switch {
	case errors.As(err, &refused):
		field := map[string]string{
			string(law.RefusedKind): "document-kind", string(law.RefusedIssue): "document-issued",
			string(law.RefusedTooOld): "document-issued", string(law.RefusedExpired): "document-expires", desk.RefusedAge: "birth-date",
		}[refused.Why]
		f.Fail(field, "office.refused."+refused.Why)
	case errors.As(err, &invalid):
		refuse(f, invalid.Field, err)
	default:
		return false
	}
	return true
}

// onward leads to the case at a step, or makes a page of what went wrong.
func (x *Room) onward(w http.ResponseWriter, r *http.Request, id, path string, err error) error {
	base := registrations + "/" + id
	switch {
	case err == nil:
		return web.SeeOther(w, r, base+path)
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrOwn):
		return web.Forbidden("office.own")
	case errors.Is(err, desk.ErrOutdated):
		return web.SeeOther(w, r, base+"/answer")
	case errors.Is(err, desk.ErrFurther):
		return web.SeeOther(w, r, base+"/fee")
	case errors.Is(err, desk.ErrProvisionalFirst):
		return web.SeeOther(w, r, base+"/provisional")
	case errors.Is(err, store.ErrStale), errors.Is(err, registration.ErrStep):
		x.pages.Show(w, r, http.StatusConflict, "stale", web.View{Data: caseData{Base: registrations + "/" + r.PathValue("case")}})
		return nil
	}
	return err
}
