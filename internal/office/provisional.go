package office

import (
	"errors"
	"net/http"
	"strconv"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// blocked says whether a provisional account must end before the case goes on:
// before a first registration at a consulate (R11).
func (d caseData) blocked() bool {
	return d.Abroad() && len(d.Accounts) == 0 && len(d.Provisional) > 0
}

// provisionalData is a case whose person has a provisional account; any other is
// led back by registration.ErrStep.
func (x *Room) provisionalData(r *http.Request, k desk.Clerk, now int) (caseData, error) {
	c, err := x.openCase(r, k)
	if err != nil {
		return caseData{Case: c}, err
	}
	d := x.caseData(c, now)
	if err := x.known(r, &d); err != nil {
		return d, err
	}
	switch {
	case d.Outdated:
		return d, desk.ErrOutdated
	case !c.Stands().Allows(registration.Chosen) || len(d.Provisional) == 0:
		return d, registration.ErrStep
	}
	return d, nil
}

var finalFields = []web.Field{{Name: "username", Max: longestPlace}, {Name: "years", Max: longestShort}, versionField}

// showFinal asks which provisional account becomes final, and for how long.
func (x *Room) showFinal(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	d, err := x.provisionalData(r, k, stepAccount)
	if err == nil && d.Abroad() { // a consulate can only end it
		err = registration.ErrStep
	}
	if err != nil {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	typed := map[string]string{"years": strconv.Itoa(x.Desk.Law.LongestLife(x.Desk.Now()))}
	if chosen := d.Case.Choice; chosen != nil && chosen.Final != "" {
		typed = map[string]string{"username": string(chosen.Username), "years": strconv.Itoa(chosen.Years)}
	}
	return x.finalPage(w, r, http.StatusOK, d, web.NewForm(typed))
}

func (x *Room) finalPage(w http.ResponseWriter, r *http.Request, status int, d caseData, f *web.Form) error {
	d.Years = validYears(x.Desk.Law.LongestLife(x.Desk.Now()))
	return x.show(w, r, status, "final", d, f)
}

// finalise makes the case one of making a provisional account final (R8).
func (x *Room) finalise(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, finalFields...)
	if err != nil {
		return err
	}
	d, err := x.provisionalData(r, k, stepAccount)
	if err != nil {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	name, err := identity.ParseUsername(f.Value("username"))
	refuse(f, "username", err)
	years, _ := strconv.Atoi(f.Value("years")) // what is no number is refused as zero years
	if f.OK() {
		_, err = x.Desk.Finalise(r.Context(), k, d.Case.ID, version(f), name, years)
	}
	if errors.Is(err, desk.ErrNotNamed) {
		f.Fail("username", "office.final.not-named")
	}
	if !f.OK() || refusedAt(f, err) {
		return x.finalPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	return x.onward(w, r, d.Case.ID, "", err)
}

// showEnding offers to end the provisional account that stands before a
// registration at a consulate (R11).
func (x *Room) showEnding(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	d, err := x.provisionalData(r, k, stepAnswer)
	if err == nil && !d.blocked() {
		err = registration.ErrStep
	}
	if err != nil {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	return x.endingPage(w, r, http.StatusOK, d, nil)
}

func (x *Room) endingPage(w http.ResponseWriter, r *http.Request, status int, d caseData, f *web.Form) error {
	return x.show(w, r, status, "ending", d, f)
}

func (x *Room) endProvisional(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "username", Max: longestPlace}, web.Field{Name: "disowned", Max: longestShort}, versionField)
	if err != nil {
		return err
	}
	d, err := x.provisionalData(r, k, stepAnswer)
	if err != nil {
		return x.onward(w, r, d.Case.ID, "", err)
	}
	var name identity.Username
	switch disowned := f.Checked("disowned"); {
	case disowned && f.Value("username") != "":
		f.Fail("username", "office.ending.both")
	case !disowned:
		name, err = identity.ParseUsername(f.Value("username"))
		refuse(f, "username", err)
	}
	if f.OK() {
		_, err = x.Desk.EndProvisional(r.Context(), k, d.Case.ID, version(f), name, f.Checked("disowned"))
	}
	if errors.Is(err, desk.ErrNotNamed) {
		f.Fail("username", "office.final.not-named")
	}
	if !f.OK() {
		return x.endingPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	return x.onward(w, r, d.Case.ID, "/answer", err)
}
