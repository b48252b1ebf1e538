package card

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kapu/internal/identity"
	"kapu/internal/registration"
	"kapu/internal/web"
)

// Limits of fields, in runes.
const (
	longestName  = 100
	longestEmail = 254 // RFC 5321, 4.5.3.1.3
	longestShort = 8
	longestID    = 36 // RFC 9562, 4
)

// formFields are read from the form and kept for it. The address is typed twice,
// since a mistake in it would use the code up for nothing.
var formFields = []web.Field{{Name: "username", Max: longestName}, {Name: "email", Max: longestEmail}, {Name: "email-again", Max: longestEmail},
	{Name: "lang", Max: longestShort}, {Name: "years", Max: longestShort}}

// codeField says for which code the form was shown: two people may register in
// two tabs of one browser, which keeps one code.
var codeField = web.Field{Name: "for", Max: longestID}

// formData is the dot of the form.
type formData struct {
	For      string // id of the code
	Shown    shown
	Years    []int // of validity, to choose from
	Shortest int   // letters of a username
	Kept     time.Duration
}

func (x *Room) askChoice(w http.ResponseWriter, r *http.Request) error {
	k := x.recall(r)
	if k.ID == "" {
		return web.SeeOther(w, r, startPath)
	}
	typed := map[string]string{"lang": string(web.Language(r)), "years": strconv.Itoa(x.Broker.Law.LongestLife(x.Broker.Now()))}
	if k.Typed != nil {
		typed = k.Typed
	}
	return x.formPage(w, r, http.StatusOK, k, web.NewForm(typed))
}

// formPage asks the register anew: what it says is kept nowhere.
func (x *Room) formPage(w http.ResponseWriter, r *http.Request, status int, k kept, f *web.Form) error {
	h, err := x.Cards.Holder(r.Context(), k.ID, x.digest(k))
	if err != nil {
		return x.noForm(w, r, k, err)
	}
	x.pages.Show(w, r, status, "form", web.View{Form: f, Data: x.formData(h)})
	return nil
}

func (x *Room) formData(h Holder) formData {
	now := x.Broker.Now()
	shortest, _ := x.Broker.Law.UsernameLength(now)
	d := formData{For: h.code.ID, Shown: coverUp(h), Shortest: shortest, Kept: x.Broker.Law.CardCodeReservation(now)}
	for n := x.Broker.Law.LongestLife(now); n > 0; n-- {
		d.Years = append(d.Years, n)
	}
	return d
}

// noForm is shown when the code is not, or no longer, kept for this browser.
func (x *Room) noForm(w http.ResponseWriter, r *http.Request, k kept, err error) error {
	var over *Over
	switch {
	case errors.Is(err, ErrReleased):
		return x.checkAgain(w, r, ranOut)
	case errors.As(err, &over) && over.State == Used:
		return x.doneBefore(w, r, k, over)
	}
	return x.tell(w, r, err)
}

// doneBefore is for a second submit and the back button: this browser has used
// the code. Which of two submits was first is not known here, so their words are
// left out.
func (x *Room) doneBefore(w http.ResponseWriter, r *http.Request, k kept, over *Over) error {
	if k.Until.IsZero() {
		k = kept{ID: k.ID, Token: k.Token, Until: x.Cards.Activation.Deadline(over.At)}
		if err := x.remember(w, k); err != nil {
			return err
		}
	}
	return web.SeeOther(w, r, donePath)
}

// takeChoice makes the account. What was typed is kept whatever comes, so that
// it is there again.
func (x *Room) takeChoice(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r, append(slices.Clip(formFields), codeField)...)
	if err != nil {
		return err
	}
	k := x.recall(r).ready()
	if shown := f.Value(codeField.Name); k.ID != "" && shown != k.ID {
		return x.checkAgain(w, r, twoPersons)
	}
	choice := x.readChoice(f)
	if f.OK() {
		k.Until, err = x.Cards.Finish(r.Context(), k.ID, x.digest(k), choice)
	}
	if errors.Is(err, ErrTaken) {
		f.Fail("username", "fromhome.form.username.taken")
		err = nil
	}
	if over := new(Over); errors.As(err, &over) {
		return x.noForm(w, r, k, err)
	}
	k.Typed = typedInto(f)
	if kept := x.remember(w, k); kept != nil {
		return kept
	}
	switch {
	case err != nil:
		return x.noForm(w, r, k, err)
	case !f.OK():
		return x.formPage(w, r, http.StatusUnprocessableEntity, k, f)
	}
	return web.SeeOther(w, r, donePath)
}

func typedInto(f *web.Form) map[string]string {
	typed := map[string]string{}
	for _, field := range formFields {
		typed[field.Name] = f.Value(field.Name)
	}
	return typed
}

func (x *Room) readChoice(f *web.Form) (c registration.Choice) {
	var err error
	c.Username, err = x.Broker.Law.NewUsername(f.Value("username"), x.Broker.Now())
	f.FailInvalid("username", err)
	c.Email, err = identity.ParseEmail(f.Value("email"))
	f.FailInvalid("email", err)
	again, wrong := identity.ParseEmail(f.Value("email-again"))
	if err == nil && (wrong != nil || again.Canonical() != c.Email.Canonical()) {
		f.Fail("email-again", "fromhome.form.email.differs")
	}
	c.Lang = f.Value("lang")
	if !slices.Contains(web.Langs, web.Lang(c.Lang)) {
		f.Fail("lang", "fromhome.form.lang.missing")
	}
	c.Years, err = strconv.Atoi(f.Value("years"))
	if longest := x.Broker.Law.LongestLife(x.Broker.Now()); err != nil || c.Years < 1 || c.Years > longest {
		f.Fail("years", "fromhome.form.years.missing", "Longest", longest)
	}
	return c
}

// doneData is the dot of the last page.
type doneData struct {
	Username, Email string // "" where only the code's end is known
	Until           time.Time
}

// done can be loaded again for as long as the browser keeps what was typed.
func (x *Room) done(w http.ResponseWriter, r *http.Request) error {
	k := x.recall(r)
	if k.Until.IsZero() {
		return web.SeeOther(w, r, startPath)
	}
	x.pages.Show(w, r, http.StatusOK, "done", web.View{Data: doneData{k.Typed["username"], k.Typed["email"], k.Until}})
	return nil
}
