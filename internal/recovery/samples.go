package recovery

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/web"
)

// samples puts the pages into the gallery.
func (x *Room) samples() {
	x.pages.Sample("start", "recover", web.View{Data: x.startData()})
	typed := func(fail func(*web.Form)) *web.Form {
		form := web.NewForm(map[string]string{"username": "KisAnna", "email": "anna@posta"})
		fail(form)
		return form
	}
	missing := func(f *web.Form) {
		f.Fail("username", "recovery.no-username")
		f.FailInvalid("email", &identity.Invalid{Field: "email", Reason: identity.ReasonFormat})
	}
	wait := func(f *web.Form) { f.Fail("", "recovery.wait", "Wait", 2*time.Minute) }
	x.pages.Sample("password", "password", web.View{Data: x.mailData()})
	x.pages.Sample("password-missing", "password", web.View{Data: x.mailData(), Form: typed(missing)})
	x.pages.Sample("password-wait", "password", web.View{Data: x.mailData(), Form: typed(wait)})
	x.pages.Sample("password-mailed", "mailed", web.View{Data: x.mailData()})
	x.pages.Sample("username", "username", web.View{})
	x.pages.Sample("username-missing", "username", web.View{Form: typed(func(f *web.Form) { f.Fail("email", "recovery.no-email") })})
	x.pages.Sample("username-wait", "username", web.View{Form: typed(wait)})
	x.pages.Sample("username-mailed", "told", web.View{})

	chosen := newData{Username: "KisAnna", Shortest: x.Passwords.Shortest()}
	weak := web.NewForm(nil)
	weak.Fail("password", "password.reason.short", "Min", chosen.Shortest, "Max", x.Passwords.Longest()) // the password room's words
	x.pages.Sample("new", "new", web.View{Data: chosen})
	x.pages.Sample("new-weak", "new", web.View{Data: chosen, Form: weak})
	x.pages.Sample("done", "done", web.View{})
	x.pages.Sample("gone", "gone", web.View{Data: x.mailData()})
}
