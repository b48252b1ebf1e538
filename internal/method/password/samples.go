package password

import (
	"time"

	"kapu/internal/law"
	"kapu/internal/web"
)

// samples puts the room's pages into the gallery.
func (x *Room) samples() {
	const service = "Adóhivatal – eBevallás"
	strip := &web.Strip{Service: service, Mark: web.MarkOf(service), Level: int(law.Substantial)}
	sign := func(name string, s *web.Strip, form *web.Form) {
		x.pages.Sample(name, "signin", web.View{Strip: s, Form: form, Data: signInData{ChooserURL: "/"}})
	}
	typed := func(field, key string, args ...any) *web.Form {
		f := web.NewForm(map[string]string{"username": "KisAnna"})
		f.Fail(field, key, args...)
		return f
	}
	sign("signin", strip, nil)
	sign("signin-portal", nil, nil)
	sign("signin-empty", strip, typed("password", "password.signin.no-password"))
	sign("signin-wrong", strip, typed("", "password.signin.wrong"))
	sign("signin-wait", strip, typed("", "password.wait", "Wait", 4*time.Minute))
	sign("signin-busy", strip, typed("", "password.busy"))

	sign("signin-first-over", strip, typed("", "password.first.over"))

	visitor := &web.Visitor{Name: "Kis Anna"}
	data := changeData{Username: "KisAnna", Shortest: x.Shortest()}
	policy := x.policy()
	weak := web.NewForm(nil)
	weak.Fail("new", "password.reason.short", "Min", policy.Min, "Max", policy.Max)
	weak.Fail("", "password.reason.common", "Min", policy.Min, "Max", policy.Max)
	x.pages.Sample("change", "change", web.View{Visitor: visitor, Data: data})
	x.pages.Sample("change-wrong", "change", web.View{Visitor: visitor, Data: data, Form: typed("old", "password.confirm.wrong")})
	x.pages.Sample("change-weak", "change", web.View{Visitor: visitor, Data: data, Form: weak})
	x.pages.Sample("changed", "changed", web.View{})

	same := web.NewForm(nil)
	same.Fail("new", "password.first.same")
	x.pages.Sample("first", "first", web.View{Strip: strip, Data: data})
	x.pages.Sample("first-same", "first", web.View{Strip: strip, Data: data, Form: same})
}
