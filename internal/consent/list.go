package consent

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// listData is the dot of the list.
type listData struct {
	Decided   []decided
	Withdrawn string // name of the service about which a decision was just taken back
}

// decided is what a citizen has decided about a service.
type decided struct {
	ID             string
	Name           string
	Mark           web.Mark
	Allows, Refuse []catalogue.Claim
	At             time.Time
	Law            []catalogue.Claim // what it gets anyway
	Ground         string            // by which law
}

// list shows all that the citizen has decided.
func (x *Room) list(w http.ResponseWriter, r *http.Request) error {
	var all []store.Decision
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Decisions(broker.Of(r.Context()).Session.Person())
		return err
	})
	if err != nil {
		return err
	}
	lang, d := web.Language(r), listData{}
	for _, one := range all {
		d.Decided = append(d.Decided, decidedOf(one, x.Broker.Catalogue.Service(one.Service), lang))
	}
	gone := r.URL.Query().Get("withdrawn")
	still := slices.ContainsFunc(all, func(one store.Decision) bool { return one.Service == gone })
	if s := x.Broker.Catalogue.Service(gone); s != nil && !still {
		d.Withdrawn = catalogue.In(s.Name, string(lang))
	}
	x.pages.Show(w, r, http.StatusOK, "list", web.View{Data: d})
	return nil
}

// decidedOf is a decision as the list shows it; the service may be gone from the
// catalogue meanwhile.
func decidedOf(d store.Decision, s *catalogue.Service, lang web.Lang) decided {
	one := decided{ID: d.Service, Name: d.Service, Mark: web.MarkOf(d.Service), Allows: claims(d.Allows), Refuse: claims(d.Refuses), At: d.At}
	if s != nil {
		one.Name, one.Mark = catalogue.In(s.Name, string(lang)), web.MarkOf(catalogue.In(s.Name, "hu"))
		one.Law, one.Ground = s.Claims, s.Ground
	}
	return one
}

func claims(names []string) (list []catalogue.Claim) {
	for _, c := range catalogue.Claims() {
		if slices.Contains(names, string(c)) {
			list = append(list, c)
		}
	}
	return list
}

// withdraw takes a decision back. It counts from that moment: what services ask
// with tokens they already have is answered by what is decided then.
func (x *Room) withdraw(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "service"})
	if err != nil {
		return err
	}
	ctx, service := r.Context(), form.Value("service")
	person := broker.Of(ctx).Session.Person()
	err = x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Withdraw(person, service); err != nil {
			return err
		}
		_, err := x.Broker.Ledger.Append(tx, person, ledger.ConsentWithdrawn{Service: service})
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) { // of two clicks the second finds nothing
		return err
	}
	return web.SeeOther(w, r, listPath+"?withdrawn="+url.QueryEscape(service))
}
