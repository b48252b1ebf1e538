package office

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/phone"
	"kapu/internal/register"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// phoneSamples lead to a telephone identifier, and show callers.
func (x *Room) phoneSamples(add addSample) {
	wrong := filled(sampleStated())
	wrong.Fail("birth-date", "office.refused.phone-age", "Age", x.phoneWay().age())
	add("phone-new", "walkin", blankForm(), x.phoneWay().blank())
	add("phone-young", "walkin", wrong, x.phoneWay().blank())
	own := &phone.Own{State: phone.StateLocked, Identifier: "40725816", Issued: sampleTime}
	in := func(state desk.VisitState, a *registration.Answer, own *phone.Own) phoneData {
		return x.phoneOf(*sampleVisit(state, a), own)
	}
	form := web.NewForm(map[string]string{"medium": "mail", "lang": "hu"})
	bad := web.NewForm(map[string]string{"medium": "sms", "phone": "1234", "lang": "hu"})
	bad.Fail("phone", "identity.reason.phone.format")
	add("phone", "phone", form, in(desk.Present, sampleVerdict(nil), nil))
	add("phone-wrong", "phone", bad, in(desk.Present, sampleVerdict(nil), nil))
	add("phone-has", "phone", form, in(desk.Present, sampleVerdict(nil), own))
	add("phone-unanswered", "phone", nil, in(desk.Unanswered, nil, nil))
	add("phone-differs", "phone", nil, in(desk.Refuted, sampleVerdict(func(v *register.Verdict) { v.Findings[5].Result = register.Differs }), nil))
	done := desk.Done{Act: desk.IssuePhone, At: sampleTime, Reason: "request", Email: "anna@posta.example", Until: sampleTime.Add(5 * 24 * time.Hour)}
	add("phone-issued", "phone", nil, x.phoneOf(*sampleVisit(desk.Issued, sampleVerdict(nil), done), own))
	add("phone-ended", "phone", nil, x.phoneOf(*sampleVisit(desk.Issued, sampleVerdict(nil), desk.Done{Act: desk.EndPhone, At: sampleTime}), nil))

	open := phone.Desk{Code: "4071", Until: sampleTime.Add(15 * time.Minute)}
	add("caller", "caller", nil, callerData{})
	add("caller-waits", "caller", nil, callerData{Desk: open})
	open.Person, open.Since = "p", sampleTime
	stated := sampleStated()
	add("caller-shown", "caller", nil, callerData{Desk: open, Person: identity.Person{CurrentName: stated.CurrentName, Core: stated.Core}})
}
