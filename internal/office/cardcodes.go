package office

import (
	"net/http"

	"kapu/internal/identity"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

const cardCodes = home + "/cardcodes"

// cardWay leads to a registration code for an electronic identity card.
func (x *Room) cardWay() walkIn {
	return walkIn{
		path: cardCodes, words: "cardcode", usual: map[string]string{"document-kind": string(identity.IdentityCard)},
		age: func() int { return x.Desk.Law.EarliestAge(x.Desk.Now()) },
		ask: x.Desk.AskCardCode, visit: x.Desk.CardCode, check: x.Desk.CheckCard,
	}
}

func (x *Room) cardRoutes() map[string]deskFunc {
	return x.walkInRoutes(x.cardWay(), x.card, map[string]deskFunc{
		"POST " + cardCodes + "/{case}/code":   x.giveCode,
		"GET " + cardCodes + "/{case}/code":    back,
		"GET " + cardCodes + "/{case}/minutes": x.cardMinutes,
	})
}

// cardData is the dot of the page that leads to a card's code.
type cardData struct {
	walkInData
	Accounts []identity.Account // of the person: a code is for the first one
}

// card shows where the case stands: the register's answer, the way to the code,
// or that it was handed over.
func (x *Room) card(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, err := x.Desk.CardCode(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryWalkIn(w, r, x.cardWay(), err)
	}
	return x.cardPage(w, r, http.StatusOK, v, nil)
}

func (x *Room) cardPage(w http.ResponseWriter, r *http.Request, status int, v desk.Visit, f *web.Form) (err error) {
	d := cardData{walkInData: x.cardWay().of(v)}
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
			return x.awryWalkIn(w, r, x.cardWay(), err)
		}
		return x.cardPage(w, r, http.StatusUnprocessableEntity, v, f)
	}
	e, err := x.Desk.GiveCode(r.Context(), k, r.PathValue("case"), version(f), order)
	if err != nil {
		return x.awryWalkIn(w, r, x.cardWay(), err)
	}
	return x.envelope(w, r, k, e)
}
