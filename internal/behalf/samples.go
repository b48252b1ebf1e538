package behalf

import (
	"time"

	"kapu/internal/law"
	"kapu/internal/mandate"
	"kapu/internal/store"
	"kapu/internal/web"
)

// samples puts the pages into the gallery, each in its states.
func (x *Room) samples() {
	x.sampleChoose()
	x.sampleList()
	x.sampleGiving()
	x.sampleAccepting()
}

var sampleCitizen = &web.Visitor{Name: "Kiss Anna"}

const sampleTax, sampleTown = "Adóhivatal – eBevallás", "Kisfalud – Önkormányzati ügyek"

func failed(typed map[string]string, field, key string, args ...any) *web.Form {
	f := web.NewForm(typed)
	f.Fail(field, key, args...)
	return f
}

func (x *Room) sampleChoose() {
	until := x.Broker.Now().AddDate(0, 6, 0)
	strip := &web.Strip{Service: sampleTax, Mark: web.MarkOf(sampleTax), Level: int(law.Substantial)}
	d := chooseData{Service: sampleTax, Me: "Nagy Béla", Others: []principal{{"1", "Kiss Anna", until}, {"2", "S. Péter", until.AddDate(0, 3, 0)}}, LeaveURL: "/"}
	show := func(name string, form *web.Form, d chooseData) {
		x.pages.Sample(name, "choose", web.View{Strip: strip, Form: form, Data: d})
	}
	show("choose", nil, d)
	show("choose-missing", failed(nil, "behalf", "behalf.choose.missing"), d)
	d.Others, d.Gone = nil, true
	show("choose-gone", nil, d)
}

func (x *Room) sampleList() {
	now := x.Broker.Now()
	one := func(role mandate.Role, state store.MandateState, name string) shown {
		return shown{ID: string(role) + "-" + string(state), Role: role, State: state, Name: name, Services: []string{sampleTax, sampleTown},
			Until: now.AddDate(0, 6, 0), Due: now.Add(5 * 24 * time.Hour), Changed: now.Add(-50 * time.Hour)}
	}
	show := func(name string, d listData) {
		x.pages.Sample(name, "list", web.View{Visitor: sampleCitizen, Data: d})
	}
	show("list-empty", listData{Taken: true})
	show("list-none-taken", listData{})
	show("list", listData{Taken: true, Done: "given",
		Waiting: []shown{one(mandate.Principal, store.MandateOffered, ""), one(mandate.Principal, store.MandateAccepted, "Nagy Béla"), one(mandate.Representative, store.MandateAccepted, "S. Péter")},
		Given:   []shown{one(mandate.Principal, store.MandateInForce, "Nagy Béla")}, Held: []shown{one(mandate.Representative, store.MandateInForce, "Szabó Éva")},
		Over: []shown{one(mandate.Principal, store.MandateEnded, "Tóth Jenő"), one(mandate.Principal, store.MandateLapsed, ""), one(mandate.Representative, store.MandateExpired, "T. Ilona")}})
}

func (x *Room) sampleGiving() {
	now := x.Broker.Now()
	d := newData{Services: []service{{"tax", sampleTax, "Bevallások, befizetések, adószámla", true}, {"town", sampleTown, "Helyi adók, kérelmek", false}},
		Ends: x.lengths(now), Full: "Kiss Anna", Short: "K. Anna"}
	show := func(name, page string, form *web.Form, data any) {
		x.pages.Sample(name, page, web.View{Visitor: sampleCitizen, Form: form, Data: data})
	}
	show("new", "new", web.NewForm(map[string]string{"reveal": mandate.FullName}), d)
	d.Services[0].Ticked = false
	wrong := failed(nil, "services", "behalf.new.services.missing")
	wrong.Fail("months", "behalf.new.months.missing")
	wrong.Fail("reveal", "behalf.new.reveal.missing")
	show("new-missing", "new", wrong, d)
	show("new-many", "new", failed(nil, "", "behalf.new.many"), d)
	show("code", "code", nil, codeData{"K7M4-X9RT-PH2", []string{sampleTax}, now.AddDate(0, 6, 0), now.AddDate(0, 0, 7)})
}

func (x *Room) sampleAccepting() {
	now := x.Broker.Now()
	typed := map[string]string{"code": "K7M4-X9RT-PH3"}
	show := func(name, page string, form *web.Form, data any) {
		x.pages.Sample(name, page, web.View{Visitor: sampleCitizen, Form: form, Data: data})
	}
	show("accept", "accept", nil, nil)
	show("accept-mistyped", "accept", failed(typed, "code", "behalf.accept.mistyped"), nil)
	show("accept-unknown", "accept", failed(typed, "code", "behalf.accept.unknown"), nil)
	show("accept-wait", "accept", failed(typed, "code", "behalf.accept.wait", "Wait", 30*time.Second), nil)
	s := shown{ID: "1", Role: mandate.Principal, State: store.MandateAccepted, Name: "Nagy Béla", Services: []string{sampleTax}, Until: now.AddDate(0, 6, 0), Due: now.AddDate(0, 0, 7)}
	show("confirm", "confirm", nil, s)
	show("confirm-many", "confirm", failed(nil, "", "behalf.confirm.many"), s)
	s.Role, s.Name = mandate.Representative, "K. Anna"
	show("offer", "offer", nil, offerData{s, "sealed"})
}
