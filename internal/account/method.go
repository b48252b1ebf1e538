package account

import (
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/web"
)

// askMethod shows one method, and lets say where it may identify the person.
func (x *Room) askMethod(w http.ResponseWriter, r *http.Request) error {
	m, err := x.methodOf(r)
	if err != nil {
		return err
	}
	shown := wayOf(m, broker.Of(r.Context()))
	return x.showMethod(w, r, http.StatusOK, shown, web.NewForm(map[string]string{"where": shown.Where}), false)
}

// methodData is the dot of the page of one method.
type methodData struct {
	way
	Last bool // it would be the last that opens the person's own pages
}

func (x *Room) showMethod(w http.ResponseWriter, r *http.Request, status int, shown way, form *web.Form, last bool) error {
	x.pages.Show(w, r, status, "method", web.View{Form: form, Data: methodData{shown, last}})
	return nil
}

func (x *Room) methodOf(r *http.Request) (authn.Method, error) {
	all := x.offered()
	i := slices.IndexFunc(all, func(m authn.Method) bool { return string(m.Name) == r.PathValue("method") })
	if i < 0 {
		return authn.Method{}, web.NotFound()
	}
	return all[i], nil
}

// readWhere reads the form of one method.
func readWhere(w http.ResponseWriter, r *http.Request) (*web.Form, error) {
	fields := []web.Field{{Name: "where", Max: 16}, {Name: "sure", Max: 8}}
	for _, k := range catalogue.Kinds() {
		fields = append(fields, web.Field{Name: "kind-" + k, Max: 8})
	}
	return web.ReadForm(w, r, fields...)
}

// changeOf is what the form asks for; it says on it what is missing.
func changeOf(chosen way, form *web.Form) disposition.Change {
	change := disposition.Change{Method: chosen.Name}
	switch form.Value("where") {
	case everywhere:
		change.Act = disposition.Allow
	case nowhere:
		change.Act = disposition.Forbid
	case some:
		change.Act = disposition.Limit
		for _, c := range chosen.Chosen {
			if c.Ticked {
				change.Kinds = append(change.Kinds, c.Kind)
			}
		}
		if len(change.Kinds) == 0 {
			form.Fail("where", "account.method.kinds")
		}
	default:
		form.Fail("where", "account.method.choose")
	}
	return change
}

// takeMethod changes where a method may identify the person.
func (x *Room) takeMethod(w http.ResponseWriter, r *http.Request) error {
	m, err := x.methodOf(r)
	if err != nil {
		return err
	}
	form, err := readWhere(w, r)
	if err != nil {
		return err
	}
	shown := wayOf(m, broker.Of(r.Context()))
	for i := range shown.Chosen {
		shown.Chosen[i].Ticked = form.Value("kind-"+shown.Chosen[i].Kind) != ""
	}
	change := changeOf(shown, form)
	last := x.isLast(r, change)
	if last && form.Value("sure") == "" && form.OK() {
		form.Fail("sure", "account.method.sure.missing")
	}
	if form.OK() {
		err = x.dispose(w, r, change)
		if err == nil || !x.refused(form, "where", err) {
			return err
		}
	}
	return x.showMethod(w, r, http.StatusUnprocessableEntity, shown, form, last)
}
