package account

import (
	"time"

	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/notice"
	"kapu/internal/web"
)

// sampleNotices are the pages on which people lay down what they wish to be told.
func (x *Room) sampleNotices() {
	const anna, phone = identity.Email("anna@example.hu"), identity.Phone("+36301234567")
	important := herald.Wishes{Wish: notice.Important, Mail: true}
	every := herald.Wishes{Wish: notice.Every, Mail: true, SMS: true, Monthly: true}
	x.sample("notices", "notices", formOf(important), noticesData{Texts: true, Email: anna, Day: 2})
	x.sample("notices-phone", "notices", formOf(every), noticesData{Texts: true, Email: anna, Phone: phone, Day: 2})
	x.sample("notices-nowhere", "notices", sampleForm(map[string]string{"wish": "none"}, "mail", "account.notices.way.missing"), noticesData{Texts: true, Email: anna, Phone: phone, Day: 2})
	x.sample("phone", "phone", nil, phoneData{Username: "KisAnna"})
	invalid := web.NewForm(map[string]string{"phone": "1 234 5678"})
	invalid.FailInvalid("phone", &identity.Invalid{Field: "phone", Reason: identity.ReasonFormat})
	x.sample("phone-invalid", "phone", invalid, phoneData{Username: "KisAnna", Phone: phone})
	x.sample("code", "code", nil, codeData{phone, 10 * time.Minute})
	x.sample("code-wrong", "code", sampleForm(nil, "code", "account.code.wrong"), codeData{phone, 10 * time.Minute})
	x.sample("dropphone", "dropphone", nil, phoneData{Phone: phone})
	for _, what := range []string{"notices", "phone-proven", "phone-dropped"} {
		x.sample(what+"-done", "done", nil, outcome{What: what})
	}
}
