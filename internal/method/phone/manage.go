package phone

import (
	"errors"
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/phone"
	"kapu/internal/store"
	"kapu/internal/web"
)

// manageData is the dot of the owner's pages.
type manageData struct {
	State     phone.State // "" for none
	Own       phone.Own
	Questions []question
	Answers   int  // how many questions are to be answered
	Done      bool // the password was changed a moment ago
	Age       int  // from which people get an identifier
}

// holder is who looks after their credential: signed in strongly, or with it.
func holder(c broker.Current) phone.Holder {
	h := phone.Holder{Person: c.Session.Person(), At: c.Session.Began(), Strong: c.Session.Level(c.Rules) >= law.Substantial}
	if !h.Strong {
		h.ID = c.Session.Account()
	}
	return h
}

func (x *Room) data(r *http.Request) (d manageData, err error) {
	d.Age = x.Broker.Law.TelephoneAge(x.Broker.Now())
	d.Own, err = x.Register.Own(r.Context(), broker.Of(r.Context()).Session.Person())
	if errors.Is(err, phone.ErrGone) {
		return d, nil
	}
	d.State = d.Own.State
	return d, err
}

// manage shows how the credential stands, or how one is got.
func (x *Room) manage(w http.ResponseWriter, r *http.Request) error {
	d, err := x.data(r)
	if err != nil {
		return err
	}
	d.Done = r.URL.Query().Has("changed")
	x.pages.Show(w, r, http.StatusOK, "manage", web.View{Data: d})
	return nil
}

// owned serves a page of those who have a credential.
func (x *Room) owned(w http.ResponseWriter, r *http.Request, page string, status int, form *web.Form) error {
	d, err := x.data(r)
	if err != nil {
		return err
	}
	if d.State == "" {
		return web.SeeOther(w, r, managePath)
	}
	d.Questions = questionsOf(everyQuestion)
	d.Answers, _, _ = x.Broker.Law.TelephoneQuestions(x.Broker.Now())
	x.pages.Show(w, r, status, page, web.View{Form: form, Data: d})
	return nil
}

var everyQuestion = []int{1, 2, 3, 4, 5, 6, 7, 8, 9}

func (x *Room) askPassword(w http.ResponseWriter, r *http.Request) error {
	return x.owned(w, r, "password", http.StatusOK, nil)
}

// setPassword chooses another password: at once for who is signed in strongly, which
// also opens what is paused or locked.
func (x *Room) setPassword(w http.ResponseWriter, r *http.Request) error {
	_, again, err := x.takePassword(w, r, holder(broker.Of(r.Context())))
	switch {
	case again != nil:
		return x.owned(w, r, "password", http.StatusUnprocessableEntity, again)
	case errors.Is(err, phone.ErrGone):
		return web.SeeOther(w, r, managePath)
	case err != nil:
		return err
	}
	return web.SeeOther(w, r, managePath+"?changed")
}

func (x *Room) askQuestions(w http.ResponseWriter, r *http.Request) error {
	return x.owned(w, r, "questions", http.StatusOK, nil)
}

// setQuestions takes the answers to as many questions as were answered; the others
// are left empty.
func (x *Room) setQuestions(w http.ResponseWriter, r *http.Request) error {
	var fields []web.Field
	questions := questionsOf(everyQuestion)
	for _, q := range questions {
		fields = append(fields, web.Field{Name: q.Name, Max: longestTyped, Secret: true})
	}
	form, err := web.ReadForm(w, r, fields...)
	if err != nil {
		return err
	}
	answers := map[int]string{}
	for _, q := range questions {
		if typed := form.Value(q.Name); typed != "" {
			answers[q.Number] = typed
			_, err := phone.ParseAnswer(q.Number, typed)
			failInvalid(form, q.Name, err)
		}
	}
	if form.OK() {
		err = x.Register.SetQuestions(r.Context(), holder(broker.Of(r.Context())), answers)
	}
	switch {
	case !form.OK(), failInvalid(form, "", err):
		return x.owned(w, r, "questions", http.StatusUnprocessableEntity, form)
	case errors.Is(err, phone.ErrBusy):
		return web.Busy(time.Second)
	case err != nil && !errors.Is(err, phone.ErrGone):
		return err
	}
	return web.SeeOther(w, r, managePath)
}

func (x *Room) askEnd(w http.ResponseWriter, r *http.Request) error {
	return x.owned(w, r, "end", http.StatusOK, nil)
}

func (x *Room) end(w http.ResponseWriter, r *http.Request) error {
	h := holder(broker.Of(r.Context()))
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error { return x.Register.EndBy(tx, h) })
	if err != nil && !errors.Is(err, phone.ErrGone) {
		return err
	}
	return web.SeeOther(w, r, managePath)
}
