package office

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

// longestEmail is beyond any address (RFC 5321, 4.5.3.1.3).
const longestEmail = 254

var choiceFields = []web.Field{{Name: "username", Max: longestPlace}, {Name: "email", Max: longestEmail},
	{Name: "lang", Max: longestShort}, {Name: "years", Max: longestShort}, versionField}

func (x *Room) showChoice(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	if !c.Stands().Allows(registration.Chosen) || x.Desk.Outdated(c) {
		return web.SeeOther(w, r, registrations+"/"+c.ID+"/answer")
	}
	longest := x.Desk.Law.LongestLife(x.Desk.Now())
	typed := map[string]string{"lang": string(web.Hungarian), "years": strconv.Itoa(longest)}
	if c.Choice != nil {
		typed = map[string]string{"username": string(c.Choice.Username), "email": string(c.Choice.Email),
			"lang": c.Choice.Lang, "years": strconv.Itoa(c.Choice.Years)}
	}
	return x.choicePage(w, r, http.StatusOK, c, web.NewForm(typed))
}

func (x *Room) choicePage(w http.ResponseWriter, r *http.Request, status int, c registration.Case, f *web.Form) error {
	d := x.caseData(c, stepAccount)
	d.Years = validYears(x.Desk.Law.LongestLife(x.Desk.Now()))
	return x.show(w, r, status, "account", d, f)
}

// validYears are the lengths of validity to choose from, the longest first.
func validYears(longest int) (years []int) {
	for n := longest; n > 0; n-- {
		years = append(years, n)
	}
	return years
}

func readChoice(f *web.Form) (c registration.Choice) {
	var err error
	c.Username, err = identity.ParseUsername(f.Value("username"))
	refuse(f, "username", err)
	c.Email, err = identity.ParseEmail(f.Value("email"))
	refuse(f, "email", err)
	c.Lang = string(web.Hungarian)
	if f.Value("lang") == string(web.English) {
		c.Lang = string(web.English)
	}
	c.Years, _ = strconv.Atoi(f.Value("years")) // what is no number is refused as zero years
	return c
}

func (x *Room) choose(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, choiceFields...)
	if err != nil {
		return err
	}
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	choice := readChoice(f)
	if f.OK() {
		_, err = x.Desk.Choose(r.Context(), k, c.ID, version(f), choice)
	}
	if errors.Is(err, desk.ErrTaken) {
		f.Fail("username", "office.taken")
	}
	if !f.OK() || refusedAt(f, err) {
		return x.choicePage(w, r, http.StatusUnprocessableEntity, c, f)
	}
	return x.onward(w, r, c.ID, "", err)
}

func (x *Room) showDeclaration(w http.ResponseWriter, r *http.Request, c registration.Case, status int, f *web.Form) error {
	return x.show(w, r, status, "declaration", x.caseData(c, stepDeclaration), f)
}

func (x *Room) finish(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "signed", Max: longestShort}, versionField)
	if err != nil {
		return err
	}
	c, err := x.openCase(r, k)
	if err != nil {
		if errors.Is(err, registration.ErrStep) && c.Account != "" { // a second submit of the same page
			return web.SeeOther(w, r, registrations+"/"+c.ID)
		}
		return x.onward(w, r, c.ID, "", err)
	}
	_, err = x.Desk.Finish(r.Context(), k, c.ID, version(f), f.Checked("signed"))
	switch {
	case errors.Is(err, desk.ErrUnsigned):
		f.Fail("signed", "office.declaration.unsigned")
		return x.showDeclaration(w, r, c, http.StatusUnprocessableEntity, f)
	case errors.Is(err, desk.ErrTaken): // by somebody who finished meanwhile
		f = web.NewForm(map[string]string{"username": string(c.Choice.Username), "email": string(c.Choice.Email),
			"lang": c.Choice.Lang, "years": strconv.Itoa(c.Choice.Years)})
		f.Fail("username", "office.taken")
		return x.choicePage(w, r, http.StatusConflict, c, f)
	}
	if typed := filled(c.Stated); refusedAt(typed, err) {
		return x.show(w, r, http.StatusUnprocessableEntity, "data", x.caseData(c, stepData), typed)
	}
	return x.onward(w, r, c.ID, "", err)
}

// showFinished says what the citizen does next, and lets the papers be printed again.
func (x *Room) showFinished(w http.ResponseWriter, r *http.Request, k desk.Clerk, c registration.Case) error {
	d := x.caseData(c, stepDone)
	var err error
	if d.Holder, err = x.Desk.Finished(r.Context(), k, c); errors.Is(err, store.ErrNotFound) {
		return x.show(w, r, http.StatusOK, "closed", d, nil) // the account is gone
	}
	if err != nil {
		return err
	}
	d.Done = desk.Result{Account: d.Holder.Account, Until: x.Desk.Activation.Deadline(d.Holder.Account.Created)}
	return x.show(w, r, http.StatusOK, "finished", d, nil)
}

func (x *Room) askWithdraw(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	return x.show(w, r, http.StatusOK, "withdraw", x.caseData(c, reached(c.Stands())), nil)
}

func (x *Room) withdraw(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, versionField)
	if err != nil {
		return err
	}
	if err := x.Desk.Withdraw(r.Context(), k, r.PathValue("case"), version(f)); err != nil {
		return x.onward(w, r, r.PathValue("case"), "", err)
	}
	return web.SeeOther(w, r, home)
}

// paperCase is a case whose papers can be printed, with the person it is about.
func (x *Room) paperCase(ctx context.Context, k desk.Clerk, id string) (c registration.Case, h desk.Holder, err error) {
	if c, err = x.Desk.Case(ctx, k, id); err != nil || c.Account == "" {
		return c, h, err
	}
	h, err = x.Desk.Finished(ctx, k, c)
	return c, h, err
}
