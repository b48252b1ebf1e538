package office

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"path"

	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

// walkIn is the way of people who may have no account to something that a desk gives
// them: what they state is typed, held against the register, and corrected where it
// must be.
type walkIn struct {
	path  string            // under which its cases stand
	words string            // of its texts' keys, after "office."
	usual map[string]string // what most of them show
	age   func() int        // from which people get it

	ask   func(context.Context, desk.Clerk, registration.Stated) (desk.Visit, error)
	visit func(ctx context.Context, k desk.Clerk, id string) (desk.Visit, error)
	check func(ctx context.Context, k desk.Clerk, id string, version int64, s registration.Stated) (desk.Visit, error)
}

// walkInData is the dot of its pages.
type walkInData struct {
	Words    string
	Path     string
	Age      int    // from which people get it
	Base     string // of the case; "" before it is opened
	Visit    desk.Visit
	Rows     []answerRow
	Headline string
	Count    int
	Reasons  []any
}

func (p walkIn) blank() walkInData { return walkInData{Words: p.words, Path: p.path, Age: p.age()} }

func (p walkIn) of(v desk.Visit) walkInData {
	d := p.blank()
	d.Visit, d.Base, d.Reasons = v, p.path+"/"+v.ID, itemsOf("office.why.", desk.Reasons())
	if v.Answer != nil {
		c := registration.Case{Contents: registration.Contents{Stated: v.Stated, Answer: v.Answer}}
		d.Rows = answerRows(c.Stated, *c.Answer)
		d.Headline, d.Count = headline(c)
	}
	return d
}

// walkInRoutes are the way's own, with those of what is given at its end; given shows
// where a case stands.
func (x *Room) walkInRoutes(p walkIn, given deskFunc, further map[string]deskFunc) map[string]deskFunc {
	routes := map[string]deskFunc{
		"GET " + p.path + "/new": func(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
			f := blankForm()
			for name, value := range p.usual {
				f.Set(name, value)
			}
			return x.walkInForm(w, r, http.StatusOK, p.blank(), f)
		},
		"GET " + p.path: func(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
			return web.SeeOther(w, r, p.path+"/new")
		},
		"POST " + p.path:                  func(w http.ResponseWriter, r *http.Request, k desk.Clerk) error { return x.askWalkIn(w, r, k, p) },
		"GET " + p.path + "/{case}":       given,
		"GET " + p.path + "/{case}/data":  func(w http.ResponseWriter, r *http.Request, k desk.Clerk) error { return x.walkInAgain(w, r, k, p) },
		"POST " + p.path + "/{case}/data": func(w http.ResponseWriter, r *http.Request, k desk.Clerk) error { return x.correctWalkIn(w, r, k, p) },
	}
	maps.Copy(routes, further)
	return routes
}

func (x *Room) walkInForm(w http.ResponseWriter, r *http.Request, status int, d walkInData, f *web.Form) error {
	x.pages.Show(w, r, status, "walkin", web.View{Form: f, Data: d})
	return nil
}

// askWalkIn begins a case with what was typed, and asks the register.
func (x *Room) askWalkIn(w http.ResponseWriter, r *http.Request, k desk.Clerk, p walkIn) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	stated := readStated(f)
	var v desk.Visit
	if f.OK() {
		v, err = p.ask(r.Context(), k, stated)
	}
	if !f.OK() || p.refused(f, err) {
		return x.walkInForm(w, r, http.StatusUnprocessableEntity, p.blank(), f)
	}
	if err != nil {
		return x.awryWalkIn(w, r, p, err)
	}
	return web.SeeOther(w, r, p.path+"/"+v.ID)
}

// walkInAgain shows what was typed, to be corrected.
func (x *Room) walkInAgain(w http.ResponseWriter, r *http.Request, k desk.Clerk, p walkIn) error {
	v, err := p.visit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryWalkIn(w, r, p, err)
	}
	return x.walkInForm(w, r, http.StatusOK, p.of(v), filled(v.Stated))
}

func (x *Room) correctWalkIn(w http.ResponseWriter, r *http.Request, k desk.Clerk, p walkIn) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	v, err := p.visit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryWalkIn(w, r, p, err)
	}
	stated := readStated(f)
	if f.OK() {
		_, err = p.check(r.Context(), k, v.ID, version(f), stated)
	}
	if !f.OK() || p.refused(f, err) {
		return x.walkInForm(w, r, http.StatusUnprocessableEntity, p.of(v), f)
	}
	if err != nil {
		return x.awryWalkIn(w, r, p, err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// refusedFields are where a page says what the law has against a case, and how.
var refusedFields = map[string]struct{ field, words string }{
	desk.RefusedNotElectronic: {"document-kind", "office.refused.not-electronic"},
	desk.RefusedPhoneAge:      {"birth-date", "office.refused.phone-age"},
}

// refused says at the fields what the law has against what was typed.
func (p walkIn) refused(f *web.Form, err error) bool {
	var refused *desk.Refused
	if errors.As(err, &refused) {
		if at, known := refusedFields[refused.Why]; known {
			f.Fail(at.field, at.words, "Age", p.age())
			return true
		}
	}
	return refusedAt(f, err)
}

// awryWalkIn makes a page of what went wrong on the way.
func (x *Room) awryWalkIn(w http.ResponseWriter, r *http.Request, p walkIn, err error) error {
	base := p.path + "/" + r.PathValue("case")
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrOwn):
		return web.Forbidden("office.own")
	case errors.Is(err, desk.ErrAway), errors.Is(err, desk.ErrFurther):
		return web.SeeOther(w, r, base)
	case errors.Is(err, store.ErrStale):
		x.pages.Show(w, r, http.StatusConflict, "moved", web.View{Data: awayData{Base: base}})
		return nil
	}
	return err
}
