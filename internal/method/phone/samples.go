package phone

import (
	"time"

	"kapu/internal/phone"
	"kapu/internal/web"
)

// samples puts the rooms' pages into the gallery.
func (x *Room) samples() {
	const service = "Városi könyvtár"
	strip := &web.Strip{Service: service, Mark: web.MarkOf(service), Level: int(level)}
	show := func(name, page string, form *web.Form, d any) {
		x.pages.Sample(name, page, web.View{Strip: strip, Form: form, Data: d})
	}
	d := signInData{ChooserURL: "/", UnlockURL: "/", AnewURL: "/", Identifier: "40725816", Places: placesOf(phone.Positions{1, 4, 6}, 6)}
	typed := func(field, key string, args ...any) *web.Form {
		f := web.NewForm(map[string]string{"identifier": "4072 58"})
		f.Fail(field, key, args...)
		return f
	}
	show("identifier", "identifier", nil, d)
	show("identifier-wrong", "identifier", typed("identifier", "identity.reason.phone-identifier.short"), d)
	show("digits", "digits", nil, d)
	show("digits-wrong", "digits", typed("digit1", "phone.wrong"), d)
	show("digits-wait", "digits", typed("digit1", "phone.wait", "Wait", 30*time.Second), d)
	d.Moved = true
	show("digits-moved", "digits", nil, d)
	show("change", "change", nil, nil)
	show("change-weak", "change", typed("password", "identity.reason.phone-password.weak"), nil)
	for _, why := range []phone.Verdict{phone.Lapsed, phone.Paused, phone.Forbidden} {
		show("halt-"+string(why), "halt", nil, haltData{why, "/"})
	}
	instead := replaceData{Identifier: "40725816", EndURL: "/", BackURL: "/"}
	show("replace", "replace", nil, instead)
	show("replace-weak", "replace", typed("password", "identity.reason.phone-password.weak"), instead)
	show("instead", "instead", nil, instead)
	show("reminders", "reminders", nil, d)
	show("unlock", "unlock", nil, unlockData{questionsOf([]int{2, 5, 7}), "/"})
	show("unlock-wrong", "unlock", typed("answer2", "phone.unlock.wrong"), unlockData{questionsOf([]int{2, 5, 7}), "/"})
	show("unlocked", "unlocked", nil, unlockData{BackURL: "/"})
	x.manageSamples()
}

func (x *Room) manageSamples() {
	anna := &web.Visitor{Name: "Kis Anna"}
	at := time.Date(2026, time.May, 2, 9, 42, 0, 0, time.UTC)
	own := phone.Own{Identifier: "40725816", Issued: at, Changed: at, Until: at.AddDate(0, 0, 5), LastUsed: at, Calls: 2, Questions: true}
	show := func(name, page string, form *web.Form, d manageData) {
		d.Questions, d.Answers = questionsOf(everyQuestion), 6
		x.pages.Sample(name, page, web.View{Visitor: anna, Form: form, Data: d})
	}
	show("manage-none", "manage", nil, manageData{Age: x.Broker.Law.TelephoneAge(x.Broker.Now())})
	for _, s := range []phone.State{phone.StateReady, phone.StateFirst, phone.StateLocked, phone.StateSpent, phone.StatePaused, phone.StateLapsed} {
		own.State = s
		show("manage-"+string(s), "manage", nil, manageData{State: s, Own: own, Done: s == phone.StateReady})
	}
	d := manageData{State: phone.StateReady, Own: own}
	wrong := web.NewForm(nil)
	wrong.Fail("again", "phone.change.differs")
	show("password", "password", nil, d)
	show("password-wrong", "password", wrong, d)
	show("questions", "questions", nil, d)
	show("end", "end", nil, d)
}
