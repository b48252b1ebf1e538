package account

import (
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/notice"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	noticesPath   = "/account/notices"
	phonePath     = noticesPath + "/phone"
	codePath      = noticesPath + "/code"
	dropPhonePath = noticesPath + "/drop-phone"
)

// mountNotices adds the pages on which people lay down what they wish to be told.
func (x *Room) mountNotices(own func(pattern string, h web.HandlerFunc)) {
	own("GET "+noticesPath, x.askNotices)
	own("POST "+noticesPath, x.takeNotices)
	own("GET "+phonePath, x.ifTexts(x.askPhone))
	own("POST "+phonePath, x.ifTexts(x.takePhone))
	own("GET "+codePath, x.ifTexts(x.askCode))
	own("POST "+codePath, x.ifTexts(x.takeCode))
	own("GET "+dropPhonePath, x.askDropPhone)
	own("POST "+dropPhonePath, x.dropPhone)
}

// ifTexts serves a page where text messages are carried: elsewhere no code would come.
func (x *Room) ifTexts(h web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !x.Texts {
			return web.NotFound()
		}
		return h(w, r)
	}
}

// noticesData is the dot of the page of notices.
type noticesData struct {
	Email identity.Email
	Phone identity.Phone // proven; "" for none
	Texts bool           // a phone may be given
	Day   int            // of the month, for statements
}

// settings reads what the person of the session wishes, and their account.
func (x *Room) settings(r *http.Request) (s herald.Settings, a identity.Account, err error) {
	c := broker.Of(r.Context())
	err = x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		if a, err = tx.Account(c.Session.Account()); err != nil {
			return err
		}
		s, err = x.Herald.Settings(tx, a.PersonID)
		return err
	})
	return s, a, err
}

func (x *Room) askNotices(w http.ResponseWriter, r *http.Request) error {
	s, a, err := x.settings(r)
	if err != nil {
		return err
	}
	return x.showNotices(w, r, http.StatusOK, s, a, formOf(s.Wishes()))
}

const ticked = "yes"

// formOf fills the form with what somebody wishes.
func formOf(w herald.Wishes) *web.Form {
	values := map[string]string{"wish": string(w.Wish)}
	for name, on := range map[string]bool{"mail": w.Mail, "sms": w.SMS, "monthly": w.Monthly} {
		if on {
			values[name] = ticked
		}
	}
	return web.NewForm(values)
}

func (x *Room) showNotices(w http.ResponseWriter, r *http.Request, status int, s herald.Settings, a identity.Account, form *web.Form) error {
	d := noticesData{Email: a.Email, Phone: s.Phone, Texts: x.Texts, Day: x.Broker.Law.StatementDay(x.Broker.Now())}
	x.pages.Show(w, r, status, "notices", web.View{Form: form, Data: d})
	return nil
}

// takeNotices changes what the person wishes to be told, and by what way.
func (x *Room) takeNotices(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "wish", Max: 16}, web.Field{Name: "mail", Max: 8}, web.Field{Name: "sms", Max: 8}, web.Field{Name: "monthly", Max: 8})
	if err != nil {
		return err
	}
	s, a, err := x.settings(r)
	if err != nil {
		return err
	}
	wishes := herald.Wishes{Wish: notice.Wish(form.Value("wish")), Mail: form.Checked("mail"), SMS: form.Checked("sms") && s.Phone != "", Monthly: form.Checked("monthly")}
	switch {
	case wishes.Wish != wishes.Wish.Known():
		form.Fail("wish", "account.notices.wish.missing")
	case !wishes.Mail && !wishes.SMS:
		form.Fail("mail", "account.notices.way.missing")
	}
	if !form.OK() {
		return x.showNotices(w, r, http.StatusUnprocessableEntity, s, a, form)
	}
	err = x.change(r.Context(), func(tx *store.Tx, a identity.Account) error {
		return x.Herald.Wish(tx, a, methodOf(broker.Of(r.Context())), wishes)
	})
	if err != nil {
		return expired(err)
	}
	return x.say(w, r, outcome{What: "notices"})
}

// methodOf is the method by which somebody is signed in.
func methodOf(c broker.Current) law.Method {
	best, _ := c.Best()
	return best.Method.Name
}
