package mailcode

import (
	"time"

	"kapu/internal/law"
	"kapu/internal/web"
)

// samples puts the rooms' pages into the gallery.
func (x *Room) samples() {
	const service = "Adóhivatal – eBevallás"
	strip := &web.Strip{Service: service, Mark: web.MarkOf(service), Level: int(law.Substantial)}
	at := time.Date(2026, time.May, 2, 9, 42, 0, 0, time.UTC)
	typed := func(key string, args ...any) *web.Form {
		f := web.NewForm(map[string]string{"code": "123 456"})
		f.Fail("code", key, args...)
		return f
	}
	d := signInData{Number: "417", Digits: 6, Until: at, ChooserURL: "/"}
	show := func(name string, form *web.Form, d signInData) {
		x.pages.Sample(name, "signin", web.View{Strip: strip, Form: form, Data: d})
	}
	show("signin", nil, d)
	show("signin-wrong", typed("mailcode.wrong"), d)
	show("signin-wait", typed("mailcode.wait", "Wait", 30*time.Second), d)
	show("signin-often", nil, signInData{Often: true, ChooserURL: "/"})
	show("signin-rest", nil, signInData{Rest: at, ChooserURL: "/"})
	d.Enrolling = true
	show("enrol", nil, d)
	anna := &web.Visitor{Name: "Kis Anna"}
	wrong := web.NewForm(nil)
	wrong.Fail("password", "password.confirm.wrong") // the password room's words
	x.pages.Sample("manage", "manage", web.View{Visitor: anna, Data: manageData{Since: at}})
	x.pages.Sample("manage-last", "manage", web.View{Visitor: anna, Data: manageData{Since: at, Last: true}})
	x.pages.Sample("manage-wrong", "manage", web.View{Visitor: anna, Form: wrong, Data: manageData{Since: at}})
}
