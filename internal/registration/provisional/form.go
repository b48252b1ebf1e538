package provisional

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/registration"
	"kapu/internal/web"
)

// Lengths beyond which a field is not worth reading; the exact bounds are
// identity's.
const (
	longestName  = identity.LongestNamePart
	longestPlace = 200
	longestShort = 40
	longestMail  = 254 // RFC 5321, 4.5.3.1.3
)

// dataFields are the fields that somebody fills in. The address is not asked
// for: nobody checks it here, and the office asks again.
var dataFields = []web.Field{
	{Name: "birth-family", Max: longestName}, {Name: "birth-given", Max: longestName},
	{Name: "current-family", Max: longestName}, {Name: "current-given", Max: longestName},
	{Name: "mother-family", Max: longestName}, {Name: "mother-given", Max: longestName},
	{Name: "birth-place", Max: longestPlace}, {Name: "birth-date", Max: longestShort},
	{Name: "nationality", Max: longestShort}, {Name: "username", Max: longestName},
	{Name: "email", Max: longestMail}, {Name: "lang", Max: longestShort},
}

// carried are the fields that go with them: the right to send the form, and the
// wish to go back to it.
var carried = []web.Field{{Name: "challenge", Max: longestSealed}, {Name: "work", Max: longestWork}, {Name: "edit", Max: longestShort}}

// wanted is the registration that a form asks for.
type wanted struct {
	Person   identity.Person
	Username identity.Username
	Email    identity.Email
	Lang     string
}

// read reads the form; all that is wrong is said at its fields at once.
func (x *Room) read(form *web.Form) (d wanted) {
	now := x.Broker.Now()
	s := registration.ReadPerson(form, func(field string, err error) { refuse(form, field, err) })
	switch today := law.Day(now); {
	case s.BirthDate.IsZero():
	case s.BirthDate.After(today):
		form.Fail("birth-date", "identity.reason.provisional-birth-date.date")
	case s.BirthDate.Age(today) < x.Broker.Law.EarliestAge(now):
		form.Fail("birth-date", "provisional.data.age", "Age", x.Broker.Law.EarliestAge(now))
	}
	if !isCountry(s.Nationality) {
		form.Fail("nationality", "identity.reason.provisional-nationality.format")
	}
	var err error
	d.Username, err = x.Broker.Law.NewUsername(form.Value("username"), now)
	form.FailInvalid("username", err)
	d.Email, err = identity.ParseEmail(form.Value("email"))
	form.FailInvalid("email", err)
	if d.Lang = form.Value("lang"); !slices.Contains(web.Langs, web.Lang(d.Lang)) {
		form.Fail("lang", "provisional.data.lang.choose")
	}
	d.Person = identity.Person{CurrentName: s.CurrentName, Core: s.Core, Nationality: s.Nationality}
	return d
}

// refuse says what identity says of a value in this room's words for the field.
func refuse(form *web.Form, field string, err error) {
	var invalid *identity.Invalid
	if errors.As(err, &invalid) {
		form.Fail(field, "identity.reason.provisional-"+field+"."+invalid.Reason)
	}
}

// blank is the form as a new visitor meets it.
func blank(r *http.Request) *web.Form {
	return web.NewForm(map[string]string{"nationality": identity.Hungarian, "lang": string(web.Language(r))})
}

// filled is the form of a registration that was begun a moment ago, for
// somebody who wants to correct it or never got the letter.
func filled(p pending) *web.Form {
	v := map[string]string{
		"birth-family": p.Person.BirthName.Family, "birth-given": p.Person.BirthName.Given,
		"mother-family": p.Person.MotherBirthName.Family, "mother-given": p.Person.MotherBirthName.Given,
		"birth-place": p.Person.BirthPlace, "birth-date": registration.SpacedDate(p.Person.BirthDate),
		"nationality": p.Person.Nationality, "username": string(p.Username), "email": string(p.Email), "lang": p.Lang,
	}
	if p.Person.CurrentName != p.Person.BirthName {
		v["current-family"], v["current-given"] = p.Person.CurrentName.Family, p.Person.CurrentName.Given
	}
	return web.NewForm(v)
}

// dataData is the form's page beside what was typed.
type dataData struct {
	task
	Shortest  int // letters of a username
	Countries []any
}

// task is what the script of the page computes.
type task struct {
	Challenge, Nonce string
	Bits             int
}

// waitData is the page of a form that came too early: all of it is in the page
// and goes on from there.
type waitData struct {
	task
	Wait   time.Duration
	Fields []typed
}

// Seconds is the wait for the script.
func (d waitData) Seconds() int { return seconds(d.Wait) }

type typed struct{ Name, Value string }

func typedOf(form *web.Form) (all []typed) {
	for _, f := range dataFields {
		all = append(all, typed{f.Name, form.Value(f.Name)})
	}
	return all
}
