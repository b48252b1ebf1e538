package e2e

import (
	"testing"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
)

// states types the number that the tax office demands.
func (v visitor) states(number string) {
	v.sees("consent.identify.tax_number.title")
	v.types("consent.identify.tax_number.label", number)
	v.clicks("consent.identify.go")
}

// allows lets the town have the e-mail address, and nothing else.
func (v visitor) allows(email string) {
	v.sees("consent.decide.title")
	v.Check(v.said("consent.decide.datum", "Name", v.said("consent.data.email"), "Value", email))
	v.clicks("consent.decide.go")
}

// refuses lets the town have nothing.
func (v visitor) refuses() {
	v.sees("consent.decide.title")
	v.clicks("consent.decide.none")
}

// answers gives a service of the demo what it asks of those who come for the
// first time.
func (v visitor) answers(s demo.Service, person demo.Entry, email string) {
	switch s.URL {
	case v.house.Services[tax].URL:
		v.states(person.TaxNumber[:4] + " " + person.TaxNumber[4:])
	case v.house.Services[town].URL:
		v.allows(email)
	case v.house.Services[health].URL:
		v.carries()
	}
}

// carries brings a service what the gateway says, where no script does.
func (v visitor) carries() {
	if v.noScripts {
		v.clicks("shell.carry.back.go")
	}
}

// turningBack: whoever does not want to decide goes back; whoever refuses goes
// on; nobody is asked twice, until they take their decision back.
func turningBack(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 5)
	words, service := serviceWords[v.lang], h.Services[town]
	v.reaches(service)
	v.signsIn(l)
	v.sees("consent.decide.title")
	v.clicks("consent.decide.go") // nothing is ticked
	v.sees("consent.decide.nothing")
	v.clicks("consent.leave")
	v.See("Visszalépett")
	v.reaches(service)
	v.refuses()
	v.See(words.signedIn)
	v.See("nem engedélyezte, hogy megkapjuk")
	if v.Sees(l.Email) {
		t.Error("the town has what was refused")
	}
	v.Click(words.here)
	v.reaches(service)
	v.See(words.signedIn)

	v.at("/account")
	v.clicks("portal.account.consents")
	v.clicks("consent.list.forget")
	v.sees("consent.list.empty")
	v.Visit(service.URL)
	v.Click(words.here)
	v.reaches(service)
	v.allows(l.Email)
	v.See(l.Email)
}

// wrongNumber: a mistyped number and somebody else's do not count, and while the
// register is down nobody's does.
func wrongNumber(t *testing.T, h *house, b *browsertest.Browser) {
	v, l, other := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 6), h.citizen("ugyfelkapu-plus", 7)
	v.reaches(h.Services[tax])
	v.signsIn(l)
	v.states("8" + l.TaxNumber[2:])
	v.sees("consent.identify.tax_number.form")
	v.states(other.TaxNumber)
	v.sees("consent.identify.tax_number.wrong")
	h.demo.Population.SetDown(true)
	v.states(l.TaxNumber)
	v.sees("consent.identify.down")
	h.demo.Population.SetDown(false)
	v.clicks("consent.identify.go") // what was typed is still there
	v.See(serviceWords[v.lang].signedIn)
	v.See(l.TaxNumber)
	v.Fill("TAJ-szám", l.TAJ)
	v.Fill("Anyja neve", "Senki Lánya")
	v.Click("Ellenőrzöm")
	v.See("Egyezik.")
	v.See("Nem egyezik.")
}
