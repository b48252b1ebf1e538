package consent

import (
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

// samples puts the pages into the gallery, each in its states.
func (x *Room) samples() {
	x.sampleDecide()
	x.sampleIdentify()
	x.sampleList()
}

// sampleTown is a service that asks for more than the law gives it.
var sampleTown = &catalogue.Service{ID: "town", Name: map[string]string{"hu": "Kisfalud – Önkormányzati ügyek", "en": "Kisfalud – Municipal Services"},
	Claims: []catalogue.Claim{catalogue.Name}, Ground: "2011. évi CLXXXIX. törvény"}

func sampleStrip(service string) *web.Strip {
	return &web.Strip{Service: service, Mark: web.MarkOf(service), Level: int(law.Substantial)}
}

func failed(typed map[string]string, field, key string, args ...any) *web.Form {
	f := web.NewForm(typed)
	f.Fail(field, key, args...)
	return f
}

func (x *Room) sampleDecide() {
	name := sampleTown.Name["hu"]
	person := identity.Person{Address: identity.Address{Country: identity.Hungary, PostalCode: "1234", Settlement: "Kisfalud", Street: "Fő utca 1."},
		Core: identity.Core{BirthDate: identity.Date{Year: 1970, Month: time.May, Day: 4}}}
	d := decideData{Service: name, Asked: dataOf([]string{"address", "email", "birthdate"}, person, "kiss.anna@pelda.hu"), Law: sampleTown.Claims, Ground: sampleTown.Ground, LeaveURL: "/"}
	show := func(sample string, form *web.Form, d decideData) {
		x.pages.Sample(sample, "decide", web.View{Strip: sampleStrip(name), Form: form, Data: d})
	}
	show("decide", web.NewForm(nil), d)
	show("decide-nothing", failed(nil, "", "consent.decide.nothing"), d)
	again := d
	again.Before = true
	show("decide-again", web.NewForm(map[string]string{"allow_email": "yes"}), again)
	d.Asked, d.Law = dataOf([]string{"taj"}, identity.Person{}, ""), nil
	show("decide-unknown", web.NewForm(nil), d)
}

func (x *Room) sampleIdentify() {
	const tax, health = "Adóhivatal – eBevallás", "Egészségügyi adattár"
	show := func(sample, page, service, name string, form *web.Form) {
		x.pages.Sample(sample, page, web.View{Strip: sampleStrip(service), Form: form, Data: identifyData{Service: service, Name: name, LeaveURL: "/"}})
	}
	typed := map[string]string{"number": "8412 340 567"}
	show("identify", "identify", tax, "tax_number", nil)
	show("identify-taj", "identify", health, "taj", nil)
	show("identify-missing", "identify", health, "taj", failed(nil, "number", "consent.identify.taj.missing"))
	show("identify-mistyped", "identify", tax, "tax_number", failed(typed, "number", "consent.identify.tax_number.mistyped"))
	show("identify-form", "identify", tax, "tax_number", failed(map[string]string{"number": "123"}, "number", "consent.identify.tax_number.form"))
	show("identify-wrong", "identify", tax, "tax_number", failed(typed, "number", "consent.identify.tax_number.wrong"))
	show("identify-wait", "identify", tax, "tax_number", failed(typed, "number", "consent.identify.wait", "Wait", 30*time.Second))
	x.pages.Sample("identify-down", "identify", web.View{Strip: sampleStrip(tax), Form: web.NewForm(typed), Data: identifyData{tax, "tax_number", "/", true}})
	show("absent-tax", "absent", tax, "tax_number", nil)
	show("absent-taj", "absent", health, "taj", nil)
	show("nobody", "nobody", tax, "tax_number", nil)
}

func (x *Room) sampleList() {
	visitor, at := &web.Visitor{Name: "Kiss Anna"}, x.Broker.Now().Add(-50*time.Hour)
	show := func(sample string, d listData) {
		x.pages.Sample(sample, "list", web.View{Visitor: visitor, Data: d})
	}
	town := decidedOf(store.Decision{Service: sampleTown.ID, Allows: []string{"email"}, Refuses: []string{"address"}, At: at}, sampleTown, web.Hungarian)
	gone := decidedOf(store.Decision{Service: "konyvtar", Refuses: []string{"email"}, At: at}, nil, web.Hungarian)
	show("list", listData{Decided: []decided{town, gone}})
	show("list-empty", listData{})
	show("list-withdrawn", listData{Withdrawn: town.Name})
}
