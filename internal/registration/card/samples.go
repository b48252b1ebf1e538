package card

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/papercode"
	"kapu/internal/store"
	"kapu/internal/web"
)

// samples puts every state of every page into the gallery.
func (x *Room) samples() {
	x.pages.Sample("start", "start", web.View{Data: x.startData()})
	x.checkSamples()
	x.formSamples()
	until := x.Broker.Now().Add(x.Broker.Law.ActivationPeriod(x.Broker.Now()))
	x.pages.Sample("done", "done", web.View{Data: doneData{"KisAnna", "anna@example.hu", until}})
	x.pages.Sample("done-before", "done", web.View{Data: doneData{Until: until}})
	x.pages.Sample("unavailable", "unavailable", web.View{Data: x.checkData()})
	for _, why := range []string{RefusedAccount, RefusedDeceased, RefusedUnknown, RefusedDocument, RefusedAge,
		string(Used), string(Blocked), string(Superseded), string(Expired)} {
		x.pages.Sample("refused-"+why, "refused", web.View{Data: refusal(why)})
	}
}

func (x *Room) checkSamples() {
	data := x.checkData()
	sample := func(name, field, key string, args ...any) {
		f := web.NewForm(map[string]string{"document": "123456AB", "code": "2345-6789-ABC"})
		f.Fail(field, key, args...)
		x.pages.Sample(name, "check", web.View{Form: f, Data: data})
	}
	x.pages.Sample("check", "check", web.View{Data: data})
	sample("check-document", "document", "fromhome.check.document.format")
	sample("check-format", "code", "fromhome.check.code.format", "Length", papercode.Length)
	sample("check-mistyped", "code", "fromhome.check.code.mistyped")
	sample("check-wrong", "", "fromhome.check.wrong", "Kept", data.Kept)
	sample("check-wait", "", "fromhome.wait", "Wait", 2*time.Minute)
	for name, why := range map[string]string{"check-again": ranOut, "check-other": twoPersons} {
		again := data
		again.Notice = why
		x.pages.Sample(name, "check", web.View{Data: again})
	}
}

func (x *Room) formSamples() {
	data := x.formData(Holder{Person: identity.Person{
		CurrentName: identity.Name{Family: "Kiss", Given: "Anna"},
		Core: identity.Core{BirthName: identity.Name{Family: "Kiss", Given: "Anna"}, MotherBirthName: identity.Name{Family: "Őri", Given: "Borbála"},
			BirthPlace: "Győr", BirthDate: identity.Date{Year: 1968, Month: time.March, Day: 14}},
		Address: identity.Address{Country: identity.Hungary, PostalCode: "9025", Settlement: "Kisfalud", Street: "Fő utca 3."},
	}, code: store.CardCode{Document: identity.Document{Number: "123456AB"}}})
	typed := map[string]string{"username": "KisAnna", "email": "anna@example.hu", "email-again": "anna@example", "lang": "hu", "years": "5"}
	wrong := web.NewForm(typed)
	wrong.Fail("username", "fromhome.form.username.taken")
	wrong.Fail("email-again", "fromhome.form.email.differs")
	missing := web.NewForm(nil)
	missing.Fail("username", "identity.reason.username.empty")
	missing.Fail("email", "identity.reason.email.empty")
	missing.Fail("lang", "fromhome.form.lang.missing")
	missing.Fail("years", "fromhome.form.years.missing", "Longest", len(data.Years))
	x.pages.Sample("form", "form", web.View{Form: web.NewForm(map[string]string{"lang": "hu", "years": "5"}), Data: data})
	x.pages.Sample("form-wrong", "form", web.View{Form: wrong, Data: data})
	x.pages.Sample("form-missing", "form", web.View{Form: missing, Data: data})
}
