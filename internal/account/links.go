package account

import (
	"errors"
	"net/http"
	"net/url"

	"kapu/internal/life"
	"kapu/internal/web"
)

// mountLinks adds the pages of the links in letters. Opening one changes nothing:
// mail programs open links of their own accord. The token stays in the address,
// as it came; it is good once, and the pages refer nobody elsewhere.
func (x *Room) mountLinks(mux *http.ServeMux) {
	open := func(pattern string, h web.HandlerFunc) {
		x.Broker.Shell.Handle(mux, pattern, x.Broker.Greet(h))
	}
	open("GET "+confirmPath, x.look)
	open("POST "+confirmPath, x.confirm)
	open("GET "+stopPath, x.look)
	open("POST "+stopPath, x.stop)
	open("GET "+donePath, x.done)
}

// linkData is the dot of the pages of a link.
type linkData struct {
	life.Link
	Keep string // where "leave it as it is" leads
}

func token(r *http.Request) string { return r.URL.Query().Get("c") }

// look shows what the link would do. Either path shows either page, and its
// button acts by the page, so that a link that was typed off is no dead end.
func (x *Room) look(w http.ResponseWriter, r *http.Request) error {
	link, err := x.Life.Look(r.Context(), token(r))
	if errors.Is(err, life.ErrGone) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	page, here := "confirm", confirmPath
	if link.Kind == life.StopLink {
		page, here = "stop", stopPath
	}
	if r.URL.Path != here {
		return web.SeeOther(w, r, here+"?"+url.Values{"c": {token(r)}}.Encode())
	}
	x.pages.Show(w, r, http.StatusOK, page, web.View{Data: linkData{link, "/"}})
	return nil
}

// confirm does what the link is for, or, from the letter to the old address of
// an e-mail change, stops it.
func (x *Room) confirm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "act"})
	if err != nil {
		return err
	}
	if form.Value("act") == "stop" {
		return x.stop(w, r)
	}
	link, err := x.Life.Confirm(r.Context(), token(r))
	return x.settled(w, r, confirmed(link), err)
}

// stop needs no session: whoever reads the owner's mail may keep things as they are.
func (x *Room) stop(w http.ResponseWriter, r *http.Request) error {
	link, err := x.Life.Stop(r.Context(), token(r))
	return x.settled(w, r, outcome{What: stopped + link.Act}, err)
}

func (x *Room) showGone(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusGone, "gone", web.View{})
	return nil
}

// settled leads to the page that says what was done. A second click finds the
// link used up, and the page of links that are gone says so.
func (x *Room) settled(w http.ResponseWriter, r *http.Request, o outcome, err error) error {
	if errors.Is(err, life.ErrGone) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	return x.say(w, r, o)
}
