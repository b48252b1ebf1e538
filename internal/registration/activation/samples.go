package activation

import (
	"time"

	"kapu/internal/web"
)

// samples puts the pages into the gallery.
func (x *Room) samples() {
	data := x.codeData()
	code := func(name string, fail ...any) {
		form := web.NewForm(map[string]string{"username": "KisAnna", "code": "1234 5678"})
		if len(fail) > 0 {
			form.Fail(fail[0].(string), fail[1].(string), fail[2:]...)
		}
		x.pages.Sample(name, "code", web.View{Form: form, Data: data})
	}
	x.pages.Sample("code", "code", web.View{Data: data})
	code("code-format", "code", "activation.code.format", "Digits", data.Digits)
	code("code-wrong", "", "activation.code.wrong", "Period", data.Period)
	code("code-wait", "", "activation.wait", "Wait", 2*time.Minute)

	chosen := passwordData{Username: "KisAnna", Shortest: x.Passwords.Shortest()}
	weak := web.NewForm(nil)
	weak.Fail("password", "password.reason.short", "Min", chosen.Shortest, "Max", x.Passwords.Longest()) // the password room's words
	x.pages.Sample("password", "password", web.View{Data: chosen})
	x.pages.Sample("password-wrong", "password", web.View{Data: chosen, Form: weak})
	chosen.Reopens = true
	x.pages.Sample("password-reopen", "password", web.View{Data: chosen})
	x.pages.Sample("over", "over", web.View{Data: data})
}
