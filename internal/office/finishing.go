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
	{Name: "lang", Max: longestShort}, {Name: "years", Max: longestShort}, {Name: "way", Max: longestShort}, versionField}

// The ways to a username: the citizen's own, with a mailed code, or issued by
// the office with a first password (R13).
const (
	wayChosen = "chosen"
	wayIssued = "issued"
)

func (x *Room) showChoice(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	c, err := x.openCase(r, k)
	if err != nil {
		return x.onward(w, r, c.ID, "", err)
	}
	if !c.Stands().Allows(registration.Chosen) || x.Desk.Outdated(c) {
		return web.SeeOther(w, r, registrations+"/"+c.ID+"/answer")
	}
	typed := map[string]string{"way": wayChosen, "lang": string(web.Hungarian), "years": strconv.Itoa(x.Desk.Law.LongestLife(x.Desk.Now()))}
	if c.Choice != nil && c.Choice.Final == "" {
		typed = typedChoice(*c.Choice)
	}
	return x.choicePage(w, r, http.StatusOK, c, web.NewForm(typed))
}

func typedChoice(c registration.Choice) map[string]string {
	typed := map[string]string{"way": wayChosen, "username": string(c.Username), "email": string(c.Email), "lang": c.Lang, "years": strconv.Itoa(c.Years)}
	if c.Issued {
		typed["way"], typed["username"] = wayIssued, ""
	}
	return typed
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
	if c.Issued = f.Value("way") == wayIssued; !c.Issued {
		c.Username, err = identity.ParseUsername(f.Value("username"))
		refuse(f, "username", err)
	}
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
	result, err := x.Desk.Finish(r.Context(), k, c.ID, version(f), f.Checked("signed"))
	switch {
	case err == nil && result.First != "":
		return x.showFirst(w, r, k, c.ID, result)
	case errors.Is(err, desk.ErrUnsigned):
		f.Fail("signed", "office.declaration.unsigned")
		return x.showDeclaration(w, r, c, http.StatusUnprocessableEntity, f)
	case errors.Is(err, desk.ErrTaken), errors.Is(err, desk.ErrNotNamed), errors.Is(err, desk.ErrReceipt):
		return x.overtaken(w, r, c, err)
	}
	if typed := filled(c.Stated); refusedAt(typed, err) {
		return x.show(w, r, http.StatusUnprocessableEntity, "data", x.caseData(c, stepData), typed)
	}
	return x.onward(w, r, c.ID, "", err)
}

// overtaken shows the step at which something is no longer so that was so when it
// was recorded: another desk was first.
func (x *Room) overtaken(w http.ResponseWriter, r *http.Request, c registration.Case, err error) error {
	f, d := web.NewForm(typedChoice(*c.Choice)), x.caseData(c, stepAnswer)
	switch {
	case errors.Is(err, desk.ErrReceipt):
		f = web.NewForm(map[string]string{"forints": strconv.Itoa(c.Fee.Forints), "receipt": c.Fee.Receipt})
		f.Fail("receipt", "office.further.receipt.used")
		if err := x.known(r, &d); err != nil {
			return err
		}
		return x.feePage(w, r, http.StatusConflict, d, f)
	case errors.Is(err, desk.ErrNotNamed):
		f.Fail("username", "office.final.gone")
		d.Steps = checklist(c, d.Base, stepAccount)
		return x.finalPage(w, r, http.StatusConflict, d, f)
	}
	f.Fail("username", "office.taken")
	return x.choicePage(w, r, http.StatusConflict, c, f)
}

// showFinished says what the citizen does next, and lets the papers be printed again.
func (x *Room) showFinished(w http.ResponseWriter, r *http.Request, k desk.Clerk, c registration.Case) error {
	d, err := x.finishedData(r, k, c)
	if errors.Is(err, store.ErrNotFound) {
		return x.show(w, r, http.StatusOK, "closed", d, nil) // the account is gone
	}
	if err != nil {
		return err
	}
	return x.show(w, r, http.StatusOK, "finished", d, nil)
}

func (x *Room) finishedData(r *http.Request, k desk.Clerk, c registration.Case) (d caseData, err error) {
	d = x.caseData(c, stepDone)
	if d.Holder, err = x.Desk.Finished(r.Context(), k, c); err != nil {
		return d, err
	}
	d.Done = desk.Result{Account: d.Holder.Account, Until: x.Desk.Activation.Deadline(d.Holder.Account.Created)}
	return d, nil
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
