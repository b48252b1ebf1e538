package account

import (
	"errors"
	"net/http"

	"kapu/internal/identity"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/web"
)

// pageOf is the page of what an act changes, where its owner is told how it
// stands; "" for no kind of act.
func pageOf(kind string) string {
	switch kind {
	case life.Delete:
		return deletePath
	case life.Email:
		return emailPath
	case life.RemoveTOTP:
		return homePath
	}
	return ""
}

// askStopOwn asks a citizen who is signed in whether what waits shall be stopped.
func (x *Room) askStopOwn(w http.ResponseWriter, r *http.Request) error {
	page := pageOf(r.PathValue("kind"))
	if page == "" {
		return web.NotFound()
	}
	o, err := x.owned(r.Context())
	if err != nil {
		return err
	}
	p := o.waits(r.PathValue("kind"))
	if p == nil {
		return web.SeeOther(w, r, page)
	}
	x.pages.Show(w, r, http.StatusOK, "stop", web.View{Data: linkData{life.Link{Kind: life.StopLink, Act: p.Kind, Due: p.Due}, homePath}})
	return nil
}

// stopOwn stops what waits on the account of the session. Where nothing waits any
// more, because it was stopped or carried out meanwhile, the page of the matter
// says how it stands.
func (x *Room) stopOwn(w http.ResponseWriter, r *http.Request) error {
	kind := r.PathValue("kind")
	page := pageOf(kind)
	if page == "" {
		return web.NotFound()
	}
	err := x.change(r.Context(), func(tx *store.Tx, a identity.Account) error { return x.Life.StopOwn(tx, a, kind) })
	if errors.Is(err, life.ErrGone) {
		return web.SeeOther(w, r, page)
	}
	if err != nil {
		return expired(err)
	}
	return x.say(w, r, outcome{What: stopped + kind})
}
