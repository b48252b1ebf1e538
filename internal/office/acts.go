package office

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kapu/internal/identity"
	"kapu/internal/life"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// actData is the dot of the page of an act.
type actData struct {
	desk.Opened
	furtherData
	Base    string
	Act     desk.Act
	Why     string // it is not possible
	Years   []yearChoice
	Kinds   []any // of Stop, to choose from
	Reasons []any
	After   time.Duration // how long what is announced waits
}

func (x *Room) actOf(o desk.Opened, act desk.Act, l web.Lang) actData {
	now := x.Desk.Now()
	d := actData{Opened: o, furtherData: x.furtherOf(o, act, l), Base: accounts + "/" + o.Account.ID, Act: act, Reasons: itemsOf("office.why.", desk.Reasons()), After: x.Desk.Law.StopPeriod(now)}
	for _, offer := range o.Offers {
		if offer.Act == act {
			d.Why = offer.Why
		}
	}
	switch act {
	case desk.Extend:
		d.Years = yearChoices(x.Desk.Law.LongestLife(now), now, o.Account.ValidUntil)
	case desk.Stop:
		for _, p := range o.Waiting {
			d.Kinds = append(d.Kinds, itemOf("office.waiting.", p.Kind))
		}
	case desk.Delete:
		d.After = x.Desk.Law.DeletionCoolingOff(now)
	}
	return d
}

func itemsOf(prefix string, values []string) (items []any) {
	for _, v := range values {
		items = append(items, itemOf(prefix, v))
	}
	return items
}

func itemOf(prefix, value string) any { return map[string]any{"value": value, "label": prefix + value} }

// yearChoices are the lengths from today by which an account becomes valid for
// longer than it is, the longest first.
func yearChoices(longest int, now, until time.Time) (items []yearChoice) {
	for _, n := range validYears(longest) {
		if end := desk.ValidUntil(now, n); end.After(until) {
			items = append(items, yearChoice{n, end})
		}
	}
	return items
}

// yearChoice is a length with the day to which it leads.
type yearChoice struct {
	Years int
	Until time.Time
}

// askAct shows the form of an act, or why it is not possible.
func (x *Room) askAct(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	o, act, err := x.proved(r, k)
	if err != nil {
		return x.awry(w, r, err)
	}
	return x.actPage(w, r, http.StatusOK, x.actOf(o, act, web.Language(r)), web.NewForm(map[string]string{"reason": ""}))
}

// proved is the account whose owner was proved at this desk today, and the act of the address.
func (x *Room) proved(r *http.Request, k desk.Clerk) (o desk.Opened, act desk.Act, err error) {
	act = desk.Act(r.PathValue("act"))
	if !slices.Contains(desk.Acts(), act) {
		return o, act, web.NotFound()
	}
	o, err = x.Desk.Visited(r.Context(), k, r.PathValue("account"))
	if err == nil && o.Visit.Stands() != desk.Present {
		err = desk.ErrAway
	}
	return o, act, err
}

func (x *Room) actPage(w http.ResponseWriter, r *http.Request, status int, d actData, f *web.Form) error {
	page := "act"
	if d.Why != "" {
		page = "impossible"
	}
	x.pages.Show(w, r, status, page, web.View{Form: f, Data: d})
	return nil
}

var actFields = []web.Field{{Name: "reason", Max: longestShort}, {Name: "words", Max: longestPlace}, {Name: "years", Max: longestShort},
	{Name: "email", Max: longestEmail}, {Name: "kind", Max: longestShort}, versionField,
	{Name: "method", Max: longestShort}, {Name: "where", Max: longestShort}, {Name: "level", Max: 1}, {Name: "lock", Max: longestShort},
	{Name: "other", Max: longestID}, {Name: "months", Max: 3}, {Name: "mandate", Max: longestID}}

// act does what the owner asks for.
func (x *Room) act(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, append(slices.Clone(actFields), x.boxFields()...)...)
	if err != nil {
		return err
	}
	o, act, err := x.proved(r, k)
	if err != nil {
		return x.awry(w, r, err)
	}
	d := x.actOf(o, act, web.Language(r))
	order := readOrder(f, d)
	if f.OK() {
		_, err = x.Desk.Act(r.Context(), k, o.Account.ID, version(f), order)
	}
	var impossible *desk.Impossible
	if errors.As(err, &impossible) {
		d.Why = impossible.Why
		return x.actPage(w, r, http.StatusConflict, d, f)
	}
	if !f.OK() || failedAct(f, err) {
		return x.actPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	if err != nil {
		return x.awry(w, r, err)
	}
	return web.SeeOther(w, r, accountOf(r))
}

// readOrder reads what the act at hand needs.
func readOrder(f *web.Form, d actData) (o desk.Order) {
	o = desk.Order{Act: d.Act, Reason: readWhy(f, desk.Reasons()), Words: f.Value("words")}
	var err error
	switch d.Act {
	case desk.Extend:
		if o.Years, err = strconv.Atoi(f.Value("years")); err != nil {
			refuse(f, "years", &identity.Invalid{Field: "years", Reason: identity.ReasonFormat})
		}
	case desk.ChangeEmail:
		o.Email, err = identity.ParseEmail(f.Value("email"))
		refuse(f, "email", err)
	case desk.Stop:
		if o.Kind = f.Value("kind"); !slices.ContainsFunc(d.Waiting, func(p life.Pending) bool { return p.Kind == o.Kind }) {
			f.Fail("kind", "office.act.stop.missing")
		}
	default:
		readFurther(f, d, &o)
	}
	return o
}

// failedAct says at its field what the law or the account has against an act.
func failedAct(f *web.Form, err error) bool {
	var invalid *identity.Invalid
	switch {
	case errors.As(err, &invalid):
		refuse(f, invalid.Field, err)
	case errors.Is(err, life.ErrNotLonger):
		f.Fail("years", "office.act.extend.shorter")
	case errors.Is(err, life.ErrSameEmail):
		f.Fail("email", "office.act.email.same")
	default:
		return failedFurther(f, err)
	}
	return true
}
