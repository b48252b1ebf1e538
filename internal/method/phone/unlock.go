package phone

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/phone"
	"kapu/internal/web"
)

// question is a reminder question on a page.
type question struct {
	Number int
	Name   string // of its field
	Form   phone.Form
}

// Key is the key of its words.
func (q question) Key() string { return "phone.question." + strconv.Itoa(q.Number) }

// HintKey is the key of how its answer is written.
func (q question) HintKey() string { return "phone.question.form." + string(q.Form) }

func questionsOf(numbers []int) (all []question) {
	for _, n := range numbers {
		all = append(all, question{n, "answer" + strconv.Itoa(n), phone.Forms[n-1]})
	}
	return all
}

type unlockData struct {
	Questions []question
	BackURL   string
}

// unlock asks the reminder questions of an identifier, whether or not anybody has it.
func (x *Room) unlock(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	p := readProgress(v)
	if p.Why != "" {
		return x.showHalt(w, r, v, p.Why)
	}
	if p.Asked.Identifier == "" {
		return x.identifier(w, r, v, "reminders")
	}
	if r.Method != http.MethodPost {
		return x.showQuestions(w, r, v, p, http.StatusOK, nil)
	}
	var fields []web.Field
	questions := questionsOf(p.Asked.Positions)
	for _, q := range questions {
		fields = append(fields, web.Field{Name: q.Name, Max: longestTyped, Secret: true})
	}
	form, err := web.ReadForm(w, r, fields...)
	if err != nil {
		return err
	}
	answers := readReminders(form, questions)
	if !form.OK() {
		return x.showQuestions(w, r, v, p, http.StatusUnprocessableEntity, form)
	}
	a, err := x.Register.Remind(r.Context(), p.Asked, answers, phone.Line{Peer: x.Broker.Address(r)})
	if errors.Is(err, phone.ErrBusy) {
		return web.Busy(time.Second)
	}
	if err != nil {
		return err
	}
	return x.reminded(w, r, v, p, form, a)
}

// readReminders reads the answers, and says what is no answer at all.
func readReminders(form *web.Form, questions []question) (answers []string) {
	for _, q := range questions {
		answer, err := phone.ParseAnswer(q.Number, form.Value(q.Name))
		failInvalid(form, q.Name, err)
		answers = append(answers, answer)
	}
	return answers
}

func (x *Room) reminded(w http.ResponseWriter, r *http.Request, v *broker.Visit, p progress, form *web.Form, a phone.Answer) error {
	first := questionsOf(p.Asked.Positions)[0].Name
	switch a.Verdict {
	case phone.Right:
		back, err := x.Broker.Way(v, string(authn.Phone), nil)
		if err != nil {
			return err
		}
		return x.Broker.Show(w, r, v, x.pages, http.StatusOK, "unlocked", web.View{Data: unlockData{BackURL: back}})
	case phone.Moved:
		return x.stay(w, r, v, progress{Asked: a.Asked})
	case phone.Later:
		return x.showQuestions(w, r, v, p, showWait(w, form, first, a.Wait), form)
	case phone.Wrong:
		form.Fail(first, "phone.unlock.wrong")
		return x.showQuestions(w, r, v, p, http.StatusUnprocessableEntity, form)
	}
	return x.stay(w, r, v, progress{Why: a.Verdict})
}

func (x *Room) showQuestions(w http.ResponseWriter, r *http.Request, v *broker.Visit, p progress, status int, form *web.Form) error {
	back, err := x.Broker.Way(v, string(authn.Phone), nil)
	if err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "unlock", web.View{Form: form, Data: unlockData{questionsOf(p.Asked.Positions), back}})
}
