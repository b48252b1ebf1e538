package account

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

// way is a method with what the person has laid down about it.
type way struct {
	Name   law.Method
	Level  int
	Has    bool     // the account could use it now
	Where  string   // everywhere, some or nowhere
	Kinds  []string // where it is limited to some
	Chosen []choice // for the form
}

// choice is a kind of services in the form.
type choice struct {
	Kind   string
	Ticked bool
}

// Key is the key of the kind's name.
func (c choice) Key() string { return catalogue.KindKey(c.Kind) }

// NameKey is the key of the method's name.
func (w way) NameKey() string { return "account.way." + string(w.Name) }

// Icon is the drawing of the method.
func (w way) Icon() string {
	icons := map[law.Method]string{law.Passkey: "passkey", law.MailCode: "mail", law.Face: "face", law.Phone: "phone", law.Card: "card"}
	if icon, known := icons[w.Name]; known {
		return icon
	}
	return "lock"
}

// Where a method identifies a person.
const everywhere, some, nowhere = "everywhere", "some", "nowhere"

// Keys are the keys of the kinds' names.
func (w way) Keys() (keys []string) {
	for _, k := range w.Kinds {
		keys = append(keys, catalogue.KindKey(k))
	}
	return keys
}

// methodsData is the dot of the page of the disposition.
type methodsData struct {
	Ways   []way
	Locked bool
	Laid   []laid // so far
}

// offered are the methods that the law knows today, but for those that open nothing.
func (x *Room) offered() []authn.Method {
	return slices.DeleteFunc(slices.Clone(x.Broker.Rules(x.Broker.Now()).Methods), func(m authn.Method) bool { return m.Level == law.NoLevel })
}

func wayOf(m authn.Method, c broker.Current) way {
	d := c.Standing.Disposition
	w := way{Name: m.Name, Level: int(m.Level), Has: has(c.Standing, m), Where: everywhere, Kinds: d.Kinds[m.Name]}
	switch {
	case slices.Contains(d.Forbidden, m.Name):
		w.Where = nowhere
	case len(w.Kinds) > 0:
		w.Where = some
	}
	for _, k := range catalogue.Kinds() {
		w.Chosen = append(w.Chosen, choice{k, slices.Contains(w.Kinds, k)})
	}
	return w
}

func has(s authn.Standing, m authn.Method) bool {
	return !slices.ContainsFunc(m.Factors, func(f authn.Factor) bool { return !slices.Contains(s.Has, string(f)) })
}

// showMethods is the disposition (R23): how the person may be identified.
func (x *Room) askMethods(w http.ResponseWriter, r *http.Request) error {
	least := int(broker.Of(r.Context()).Standing.Disposition.Least)
	return x.showMethods(w, r, http.StatusOK, web.NewForm(map[string]string{"level": strconv.Itoa(least)}))
}

func (x *Room) showMethods(w http.ResponseWriter, r *http.Request, status int, form *web.Form) error {
	c := broker.Of(r.Context())
	before, err := x.laidDown(r)
	if err != nil {
		return err
	}
	d := methodsData{Locked: c.Standing.Disposition.Locked, Laid: before}
	called, err := x.hasPhone(r)
	if err != nil {
		return err
	}
	for _, m := range x.offered() {
		w := wayOf(m, c)
		w.Has = w.Has || called && m.Name == law.Phone
		d.Ways = append(d.Ways, w)
	}
	x.pages.Show(w, r, status, "methods", web.View{Form: form, Data: d})
	return nil
}

// hasPhone tells whether the person has a telephone identifier, which no account holds.
func (x *Room) hasPhone(r *http.Request) (bool, error) {
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		_, err := tx.PhoneOf(broker.Of(r.Context()).Session.Person())
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// isLast tells whether nothing would open the person's own pages after a change.
func (x *Room) isLast(r *http.Request, c disposition.Change) bool {
	standing, all := broker.Of(r.Context()).Standing, x.offered()
	after, err := c.Apply(standing.Disposition, disposition.Actor{Channel: disposition.Desk}, all)
	mine := slices.DeleteFunc(all, func(m authn.Method) bool { return !has(standing, m) })
	return err == nil && !disposition.Leaves(after, mine)
}

// takeLevel changes below which level nothing identifies the person.
func (x *Room) takeLevel(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "level", Max: 1})
	if err != nil {
		return err
	}
	level, err := strconv.Atoi(form.Value("level"))
	change := disposition.Change{Act: disposition.Least, Level: law.Level(level)}
	switch {
	case err != nil:
		form.Fail("level", "account.methods.level.choose")
	case x.isLast(r, change):
		form.Fail("level", "account.methods.level.last")
	default:
		if err = x.dispose(w, r, change); err == nil || !x.refused(form, "level", err) {
			return err
		}
	}
	return x.showMethods(w, r, http.StatusUnprocessableEntity, form)
}

// askLock says what locking means before it is done: only a desk undoes it.
func (x *Room) askLock(w http.ResponseWriter, r *http.Request) error {
	if broker.Of(r.Context()).Standing.Disposition.Locked {
		return web.SeeOther(w, r, methodsPath)
	}
	x.pages.Show(w, r, http.StatusOK, "lock", web.View{})
	return nil
}

func (x *Room) takeLock(w http.ResponseWriter, r *http.Request) error {
	err := x.dispose(w, r, disposition.Change{Act: disposition.Lock})
	if errors.Is(err, disposition.ErrSame) {
		return web.SeeOther(w, r, methodsPath)
	}
	return err
}

// dispose makes a change in the name of whatever method the session has proved,
// and says that it is done.
func (x *Room) dispose(w http.ResponseWriter, r *http.Request, change disposition.Change) error {
	c := broker.Of(r.Context())
	var actors []disposition.Actor
	for _, m := range c.Rules.Methods {
		if a, ok := c.Session.Achieved(m, time.Time{}); ok && a.Method.Level > law.NoLevel {
			actors = append(actors, disposition.Actor{Channel: disposition.Online, Method: m})
		}
	}
	var closed bool
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) (err error) {
		closed, err = x.Dispositions.Change(tx, c.Session.Person(), change, x.offered(), actors...)
		return err
	})
	if err != nil {
		return err
	}
	if closed {
		return x.say(w, r, outcome{What: "disposition-closed"})
	}
	return x.say(w, r, outcome{What: "disposition"})
}

// refused says on the form why a change was refused; it tells whether it was.
func (x *Room) refused(form *web.Form, field string, err error) bool {
	keys := map[error]string{
		disposition.ErrOwn: "account.method.own", disposition.ErrTooWeak: "account.method.weak", disposition.ErrDesk: "account.method.desk",
		disposition.ErrSame: "account.method.same", disposition.ErrChange: "account.method.choose", store.ErrStale: "account.method.stale",
	}
	for known, key := range keys {
		if errors.Is(err, known) {
			form.Fail(field, key)
			return true
		}
	}
	return false
}
