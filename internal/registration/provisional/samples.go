package provisional

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/web"
)

// samples puts the pages into the gallery.
func (x *Room) samples() {
	now := x.Broker.Now()
	start := startData{Days: int(x.Broker.Law.ProvisionalLife(now) / day), Age: x.Broker.Law.EarliestAge(now)}
	x.pages.Sample("start-none", "start", web.View{Data: start})
	start.Services = []offer{{"/services/library", "Könyvtári foglalás", "Kölcsönzés és előjegyzés"}, {"/services/forum", "Közmeghallgatás", ""}}
	x.pages.Sample("start", "start", web.View{Data: start})
	x.sampleData()
	x.sampleCode(now)
	x.samplePassword()
	x.pages.Sample("lost", "lost", web.View{Data: x.Broker.Law.LinkLife(now)})
}

// example is what the gallery shows as typed.
func example() pending {
	name := identity.Name{Family: "Próba", Given: "Ágnes"}
	return pending{Username: "ŐsziEső", Email: "agnes@pelda.hu", Lang: "hu", Person: identity.Person{CurrentName: name, Nationality: identity.Hungarian,
		Core: identity.Core{BirthName: name, MotherBirthName: identity.Name{Family: "Minta", Given: "Éva"}, BirthPlace: "Hódmezővásárhely",
			BirthDate: identity.Date{Year: 1968, Month: time.March, Day: 14}}}}
}

func (x *Room) sampleData() {
	now := x.Broker.Now()
	shortest, _ := x.Broker.Law.UsernameLength(now)
	data := dataData{Shortest: shortest, Countries: x.countries[web.Hungarian]} // without a nonce the script rests
	show := func(name string, form *web.Form) { x.pages.Sample(name, "data", web.View{Form: form, Data: data}) }
	failed := func(field, key string, args ...any) *web.Form {
		form := filled(example())
		form.Fail(field, key, args...)
		return form
	}
	show("data", web.NewForm(map[string]string{"nationality": identity.Hungarian, "lang": "hu"}))
	empty := web.NewForm(nil)
	x.read(empty)
	show("data-empty", empty)
	show("data-taken", failed("username", "provisional.data.taken"))
	show("data-age", failed("birth-date", "provisional.data.age", "Age", x.Broker.Law.EarliestAge(now)))
	show("data-network", failed("", "provisional.data.network"))
	show("data-mailbox", failed("email", "provisional.data.mailbox"))
	show("data-cookie", failed("", "provisional.data.cookie"))
	wait := waitData{task: data.task, Wait: x.Broker.Law.ProvisionalWait(now), Fields: typedOf(filled(example()))}
	x.pages.Sample("wait", "wait", web.View{Data: wait})
}

func (x *Room) sampleCode(now time.Time) {
	data := codeData{string(example().Email), x.digits(), now.Add(x.Broker.Law.LinkLife(now))}
	x.pages.Sample("code", "code", web.View{Data: data})
	show := func(name, field, key string, args ...any) {
		form := web.NewForm(map[string]string{"code": "1234 5678"})
		form.Fail(field, key, args...)
		x.pages.Sample(name, "code", web.View{Form: form, Data: data})
	}
	show("code-format", "code", "provisional.code.format", "Digits", data.Digits)
	show("code-wrong", "code", "provisional.code.wrong")
	show("code-wait", "", "provisional.code.wait", "Wait", 30*time.Second)
}

func (x *Room) samplePassword() {
	letters, _ := x.Broker.Law.UsernameLength(x.Broker.Now())
	data := passwordData{Username: string(example().Username), Letters: letters, Shortest: x.Passwords.Shortest(), Days: int(x.Broker.Law.ProvisionalLife(x.Broker.Now()) / day)}
	x.pages.Sample("password", "password", web.View{Data: data})
	weak := web.NewForm(nil)
	weak.Fail("password", "password.reason.short", "Min", data.Shortest, "Max", x.Passwords.Longest()) // the password room's words
	x.pages.Sample("password-wrong", "password", web.View{Data: data, Form: weak})
	data.Taken = true
	form := web.NewForm(map[string]string{"username": data.Username})
	form.Fail("username", "provisional.data.taken")
	x.pages.Sample("password-taken", "password", web.View{Data: data, Form: form})
}
