package office

import (
	"errors"
	"net/http"
	"path"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

const cardCodes = home + "/cardcodes"

func (x *Room) cardRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + cardCodes + "/new":            x.blankCard,
		"GET " + cardCodes:                     toNewCard,
		"POST " + cardCodes:                    x.askCard,
		"GET " + cardCodes + "/{case}":         x.card,
		"GET " + cardCodes + "/{case}/data":    x.cardData,
		"POST " + cardCodes + "/{case}/data":   x.correctCard,
		"POST " + cardCodes + "/{case}/code":   x.giveCode,
		"GET " + cardCodes + "/{case}/code":    back,
		"GET " + cardCodes + "/{case}/minutes": x.cardMinutes,
	}
}

func toNewCard(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
	return web.SeeOther(w, r, cardCodes+"/new")
}

// cardData is the dot of the pages that lead to a card's code.
type cardData struct {
	Visit    desk.Visit
	Base     string // "" before the case is opened
	Rows     []answerRow
	Headline string
	Count    int
	Accounts []identity.Account // of the person: a code is for the first one
	Reasons  []any
}

func cardOf(v desk.Visit) cardData {
	d := cardData{Visit: v, Base: cardCodes + "/" + v.ID, Reasons: itemsOf("office.why.", desk.Reasons())}
	if v.Answer != nil {
		c := registration.Case{Contents: registration.Contents{Stated: v.Stated, Answer: v.Answer}}
		d.Rows = answerRows(c.Stated, *c.Answer)
		d.Headline, d.Count = headline(c)
	}
	return d
}

func (x *Room) blankCard(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
	f := blankForm()
	f.Set("document-kind", string(identity.IdentityCard))
	return x.cardForm(w, r, http.StatusOK, cardData{}, f)
}

func (x *Room) cardForm(w http.ResponseWriter, r *http.Request, status int, d cardData, f *web.Form) error {
	x.pages.Show(w, r, status, "cardform", web.View{Form: f, Data: d})
	return nil
}

// askCard begins a case with what was typed, and asks the register.
func (x *Room) askCard(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	stated := readStated(f)
	var v desk.Visit
	if f.OK() {
		v, err = x.Desk.AskCardCode(r.Context(), k, stated)
	}
	if !f.OK() || refusedCard(f, err) {
		return x.cardForm(w, r, http.StatusUnprocessableEntity, cardData{}, f)
	}
	if err != nil {
		return x.awryCard(w, r, err)
	}
	return web.SeeOther(w, r, cardCodes+"/"+v.ID)
}

// refusedCard says at the fields what the law has against what was typed.
func refusedCard(f *web.Form, err error) bool {
	var refused *desk.Refused
	if errors.As(err, &refused) && refused.Why == desk.RefusedNotElectronic {
		f.Fail("document-kind", "office.refused.not-electronic")
		return true
	}
	return refusedAt(f, err)
}

func (x *Room) cardData(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, err := x.Desk.CardCode(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryCard(w, r, err)
	}
	return x.cardForm(w, r, http.StatusOK, cardOf(v), filled(v.Stated))
}

func (x *Room) correctCard(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	v, err := x.Desk.CardCode(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryCard(w, r, err)
	}
	stated := readStated(f)
	if f.OK() {
		_, err = x.Desk.CheckCard(r.Context(), k, v.ID, version(f), stated)
	}
	if !f.OK() || refusedCard(f, err) {
		return x.cardForm(w, r, http.StatusUnprocessableEntity, cardOf(v), f)
	}
	if err != nil {
		return x.awryCard(w, r, err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// card shows where the case stands: the register's answer, the way to the code,
// or that it was handed over.
func (x *Room) card(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, err := x.Desk.CardCode(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryCard(w, r, err)
	}
	return x.cardPage(w, r, http.StatusOK, v, nil)
}

func (x *Room) cardPage(w http.ResponseWriter, r *http.Request, status int, v desk.Visit, f *web.Form) (err error) {
	d := cardOf(v)
	if v.Stands() == desk.Present {
		if d.Accounts, err = x.Desk.AccountsOf(r.Context(), v); err != nil {
			return err
		}
	}
	x.pages.Show(w, r, status, "card", web.View{Form: f, Data: d})
	return nil
}

// giveCode issues the code and answers with the envelope, this once: the code is
// kept nowhere from which it could be shown again.
func (x *Room) giveCode(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "reason", Max: longestShort}, web.Field{Name: "words", Max: longestPlace}, versionField)
	if err != nil {
		return err
	}
	order := desk.Order{Reason: readWhy(f, desk.Reasons()), Words: f.Value("words")}
	if !f.OK() {
		v, err := x.Desk.CardCode(r.Context(), k, r.PathValue("case"))
		if err != nil {
			return x.awryCard(w, r, err)
		}
		return x.cardPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	e, err := x.Desk.GiveCode(r.Context(), k, r.PathValue("case"), version(f), order)
	if err != nil {
		return x.awryCard(w, r, err)
	}
	return x.envelope(w, r, k, e)
}

// awryCard makes a page of what went wrong on the way to a card's code.
func (x *Room) awryCard(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrOwn):
		return web.Forbidden("office.own")
	case errors.Is(err, desk.ErrAway), errors.Is(err, desk.ErrFurther):
		return web.SeeOther(w, r, cardCodes+"/"+r.PathValue("case"))
	case errors.Is(err, store.ErrStale):
		x.pages.Show(w, r, http.StatusConflict, "moved", web.View{Data: awayData{Base: cardCodes + "/" + r.PathValue("case")}})
		return nil
	}
	return err
}
