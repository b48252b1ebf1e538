package behalf

import (
	"errors"
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/mandate"
	"kapu/internal/papercode"
	"kapu/internal/store"
	"kapu/internal/web"
)

// maxTyped is how many characters of a code are read, with blanks and hyphens.
const maxTyped = 40

// askCode asks for the code that somebody handed over.
func (x *Room) askCode(w http.ResponseWriter, r *http.Request) error {
	return x.codePage(w, r, http.StatusOK, nil)
}

func (x *Room) codePage(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	x.pages.Show(w, r, status, "accept", web.View{Form: form})
	return nil
}

// takeCode finds the offer that a code stands for. Wrong ones delay, though
// nobody comes upon a right one by trying.
func (x *Room) takeCode(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: maxTyped})
	if err != nil {
		return err
	}
	code, err := papercode.Parse(form.Value("code"))
	switch {
	case errors.Is(err, papercode.ErrMistyped):
		form.Fail("code", "behalf.accept.mistyped")
	case err != nil:
		form.Fail("code", "behalf.accept.form", "Length", papercode.Length)
	}
	if !form.OK() {
		return x.codePage(w, r, http.StatusUnprocessableEntity, form)
	}
	return x.lookUp(w, r, form, code)
}

func (x *Room) lookUp(w http.ResponseWriter, r *http.Request, form *web.Form, code papercode.Code) error {
	ctx, me := r.Context(), person(r.Context())
	a := x.Broker.Attempt(r, x.Gate, me, broker.Of(ctx).Session.Account())
	wait, err := a.Begin(ctx)
	if err != nil {
		return err
	}
	if wait > 0 {
		web.RetryAfter(w, wait)
		form.Fail("code", "behalf.accept.wait", "Wait", wait)
		return x.codePage(w, r, http.StatusTooManyRequests, form)
	}
	var m store.Mandate
	err = x.view(ctx, func(tx *store.Tx) (err error) {
		m, err = x.Mandates.Find(tx, me, code)
		return err
	})
	switch {
	case errors.Is(err, mandate.ErrOwn):
		form.Fail("code", "behalf.accept.own")
		err = a.Abandoned(ctx)
	case errors.Is(err, store.ErrNotFound):
		form.Fail("code", "behalf.accept.unknown")
		err = a.Failed(ctx)
	case err == nil:
		err = a.Succeeded(ctx)
	}
	if err != nil {
		return err
	}
	if !form.OK() {
		return x.codePage(w, r, http.StatusUnprocessableEntity, form)
	}
	return x.leadTo(w, r, offerPath, offeredPurpose, offered{me, m.ID})
}

// offered is an offer that somebody has found by its code. It travels sealed: who
// has not typed the code cannot accept.
type offered struct {
	Person  string `json:"p"`
	Mandate string `json:"m"`
}

// offerData is the dot of the page that shows what is offered.
type offerData struct {
	shown
	Sealed string
}

// offerOf is the offer of a sealed address, as long as it can be accepted.
func (x *Room) offerOf(r *http.Request, sealed string) (d offerData, found bool, err error) {
	var o offered
	if !x.opened(sealed, offeredPurpose, &o) || o.Person != person(r.Context()) {
		return d, false, nil
	}
	err = x.view(r.Context(), func(tx *store.Tx) error {
		m, err := tx.Mandate(o.Mandate)
		if err != nil || m.State != store.MandateOffered || !tx.Now.Before(m.Due) {
			return errors.Join(err, store.ErrNotFound)
		}
		d.Sealed = sealed
		d.shown, err = x.shownOf(tx, r, m, mandate.Representative)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return d, false, nil
	}
	return d, err == nil, err
}

func (x *Room) showOffer(w http.ResponseWriter, r *http.Request) error {
	d, found, err := x.offerOf(r, r.URL.Query().Get("d"))
	if err != nil || !found {
		return x.gone(w, r, err)
	}
	x.pages.Show(w, r, http.StatusOK, "offer", web.View{Data: d})
	return nil
}

// gone leads back from an offer that is no more.
func (x *Room) gone(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, listPath)
}

// sealedLimit is the most characters that a sealed address can have.
const sealedLimit = 1024

// answerOffer accepts or refuses.
func (x *Room) answerOffer(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "d", Max: sealedLimit}, web.Field{Name: "answer", Max: 16})
	if err != nil {
		return err
	}
	d, found, err := x.offerOf(r, form.Value("d"))
	if err != nil || !found {
		return x.gone(w, r, err)
	}
	return x.answer(w, r, d.ID, form.Value("answer"), mandate.Representative, map[string]mandate.Act{"accepted": mandate.Accept, "refused": mandate.Refuse})
}

// answer takes the step that an answer of one of the two stands for.
func (x *Room) answer(w http.ResponseWriter, r *http.Request, id, said string, role mandate.Role, acts map[string]mandate.Act) error {
	act, known := acts[said]
	if !known {
		return web.Refused("")
	}
	err := x.update(r.Context(), func(tx *store.Tx) error {
		_, err := x.Mandates.Act(tx, id, act, mandate.Actor{Role: role, Person: person(r.Context())}, mandate.Clerk{})
		return err
	})
	return x.after(w, r, said, err)
}

// askConfirm shows the principal who accepted.
func (x *Room) askConfirm(w http.ResponseWriter, r *http.Request) error {
	return x.showConfirm(w, r, http.StatusOK, nil)
}

func (x *Room) showConfirm(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	var s shown
	err := x.view(r.Context(), func(tx *store.Tx) error {
		m, err := tx.Mandate(r.PathValue("mandate"))
		if err != nil || mandate.RoleOf(m, person(r.Context())) != mandate.Principal {
			return errors.Join(err, store.ErrNotFound)
		}
		s, err = x.shownOf(tx, r, m, mandate.Principal)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case err != nil:
		return err
	case !s.Answer() || !x.Broker.Now().Before(s.Due):
		return web.SeeOther(w, r, listPath)
	}
	x.pages.Show(w, r, status, "confirm", web.View{Form: form, Data: s})
	return nil
}

// confirm puts a mandate into force, or refuses who accepted it.
func (x *Room) confirm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "answer", Max: 16})
	if err != nil {
		return err
	}
	err = x.answer(w, r, r.PathValue("mandate"), form.Value("answer"), mandate.Principal, map[string]mandate.Act{"given": mandate.Confirm, "refused": mandate.Refuse})
	if errors.Is(err, mandate.ErrMany) {
		form.Fail("", "behalf.confirm.many")
		return x.showConfirm(w, r, http.StatusUnprocessableEntity, form)
	}
	return err
}
