package office

import (
	"errors"
	"net/http"

	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

// account is the address of an account at the desk.
const account = accounts + "/{account}"

// accountRoutes are the pages of an account, and of its owner at the desk.
func (x *Room) accountRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + accounts:                     x.accounts,
		"POST " + accounts:                    x.search,
		"GET " + account:                      x.atDesk,
		"POST " + account:                     x.lookUp,
		"POST " + account + "/code":           x.resend,
		"GET " + account + "/code":            back,
		"GET " + account + "/presence":        x.askProof,
		"POST " + account + "/presence":       x.proveOwner,
		"GET " + account + "/answer":          x.proofAnswer,
		"POST " + account + "/leave":          x.leave,
		"GET " + account + "/leave":           back,
		"GET " + account + "/acts/{act}":      x.askAct,
		"POST " + account + "/acts/{act}":     x.act,
		"GET " + account + "/minutes/{entry}": x.minutes,
	}
}

// accountOf is the address of the account that the request is about.
func accountOf(r *http.Request) string { return accounts + "/" + r.PathValue("account") }

// atDesk shows an account whose owner this clerk has received today; else it asks why it is opened.
func (x *Room) atDesk(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	o, err := x.Desk.Visited(r.Context(), k, r.PathValue("account"))
	if errors.Is(err, desk.ErrAway) {
		return x.reasonPage(w, r, http.StatusOK, nil)
	}
	if err != nil {
		return x.awry(w, r, err)
	}
	return x.holderPage(w, r, o)
}

// proofData is the dot of the pages on which an owner is proved.
type proofData struct {
	desk.Opened
	Base     string
	Rows     []answerRow
	Headline string // which of the answer's titles
	Count    int    // of data that differ
}

func proofOf(o desk.Opened) proofData {
	d := proofData{Opened: o, Base: accounts + "/" + o.Account.ID}
	if o.Visit == nil || o.Visit.Answer == nil {
		return d
	}
	c := registration.Case{Contents: registration.Contents{Stated: o.Visit.Stated, Answer: o.Visit.Answer}}
	d.Rows = answerRows(c.Stated, *c.Answer)
	d.Headline, d.Count = headline(c)
	if o.Visit.Other {
		d.Headline, d.Count = "other", 0
	}
	return d
}

// askProof shows what the gateway knows, to be compared with the document on the desk.
func (x *Room) askProof(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	o, err := x.Desk.Visited(r.Context(), k, r.PathValue("account"))
	if err != nil {
		return x.awry(w, r, err)
	}
	return x.proofPage(w, r, http.StatusOK, o, filled(o.Visit.Stated))
}

func (x *Room) proofPage(w http.ResponseWriter, r *http.Request, status int, o desk.Opened, f *web.Form) error {
	x.pages.Show(w, r, status, "presence", web.View{Form: f, Data: proofOf(o)})
	return nil
}

// proveOwner asks the register whether who stands here is the owner.
func (x *Room) proveOwner(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	o, err := x.Desk.Visited(r.Context(), k, r.PathValue("account"))
	if err != nil {
		return x.awry(w, r, err)
	}
	stated := readStated(f)
	var v desk.Visit
	if f.OK() {
		v, err = x.Desk.Prove(r.Context(), k, o.Account.ID, version(f), stated)
	}
	switch {
	case !f.OK(), refusedAt(f, err):
		return x.proofPage(w, r, http.StatusUnprocessableEntity, o, f)
	case err != nil:
		return x.awry(w, r, err)
	case v.Stands() == desk.Present:
		return web.SeeOther(w, r, accountOf(r))
	}
	return web.SeeOther(w, r, accountOf(r)+"/answer")
}

// proofAnswer shows the register's answer beside what was typed.
func (x *Room) proofAnswer(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	o, err := x.Desk.Visited(r.Context(), k, r.PathValue("account"))
	if err != nil {
		return x.awry(w, r, err)
	}
	if o.Visit.Stands() == desk.Arrived {
		return web.SeeOther(w, r, accountOf(r)+"/presence")
	}
	x.pages.Show(w, r, http.StatusOK, "proof", web.View{Data: proofOf(o)})
	return nil
}

// leave ends the visit, and forgets what was typed.
func (x *Room) leave(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	if _, err := web.ReadForm(w, r); err != nil {
		return err
	}
	if err := x.Desk.Dismiss(r.Context(), k, r.PathValue("account")); err != nil {
		return err
	}
	return web.SeeOther(w, r, accounts)
}

// awayData is the dot of the pages that lead back to an account.
type awayData struct{ Base, Office string }

// awry makes a page of what went wrong around an account.
func (x *Room) awry(w http.ResponseWriter, r *http.Request, err error) error {
	d := awayData{Base: accountOf(r)}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrOwn):
		return web.Forbidden("office.visit.own")
	case errors.Is(err, desk.ErrUnconfirmed):
		return &web.Problem{Status: http.StatusConflict, Code: "provisional", Key: "office.visit.provisional"}
	case errors.Is(err, desk.ErrAway):
		x.pages.Show(w, r, http.StatusConflict, "away", web.View{Data: d})
		return nil
	case errors.Is(err, store.ErrStale):
		x.pages.Show(w, r, http.StatusConflict, "moved", web.View{Data: d})
		return nil
	}
	return err
}
