package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
	"kapu/internal/law"
)

// cardCode is the code of an envelope, in its groups.
var cardCode = regexp.MustCompile(`\b[2-9A-HJ-KM-NP-Z]{4}-[2-9A-HJ-KM-NP-Z]{4}-[2-9A-HJ-KM-NP-Z]{3}\b`)

// identityCard: the desk hands over the envelope, and its owner registers from
// home. Who finds the page afterwards gets nowhere.
func identityCard(t *testing.T, h *house, b *browsertest.Browser) {
	clerk, person := h.clerkIn(t, b), h.person("ordinary", 2)
	clerk.at("/office/cardcodes/new")
	clerk.fillsData(person)
	clerk.sees("office.cardcode.agrees.title")
	clerk.Check(clerk.said("office.why.request"))
	kind, envelope := clerk.DownloadForm(clerk.said("office.cardcode.go"))
	words := read(t, envelope)
	code := cardCode.FindString(words)
	if kind != "application/pdf" || code == "" || !strings.Contains(words, person.CurrentName.String()) || !strings.Contains(words, h.Issuer+"/register/card") {
		t.Fatalf("the envelope is %s:\n%s", kind, words)
	}

	citizen, n := h.visitor(t, b), newcomer{username: "VargaKatalin", email: "varga.katalin@posta.example"}
	citizen.at("/register/card")
	citizen.clicks("fromhome.start.go")
	citizen.provesCard(person.Document.Number, swapped(code))
	citizen.sees("fromhome.check.code.mistyped")
	citizen.provesCard(person.Document.Number, code)
	citizen.sees("fromhome.form.title")
	if citizen.Sees(person.MotherBirthName.String()) {
		t.Error("whoever holds the envelope learns the mother's name")
	}
	citizen.types("fromhome.form.username", n.username)
	citizen.types("fromhome.form.email", n.email)
	citizen.types("fromhome.form.email-again", n.email)
	citizen.clicks("fromhome.form.go")
	citizen.sees("fromhome.done.title")
	citizen.activates(n.username, n.email, newPassword)
	citizen.enrols(newPassword)
	citizen.reaches(h.Services[tax])
	citizen.states(person.TaxNumber)
	citizen.See(person.CurrentName.String())

	finder := h.visitor(t, b)
	finder.at("/register/card/check")
	finder.provesCard(person.Document.Number, code)
	finder.sees("fromhome.refused.used.title")
	finder.sees("fromhome.refused.used.now")
}

func (v visitor) provesCard(number, code string) {
	v.types("fromhome.check.document", number)
	v.types("fromhome.check.code", code)
	v.clicks("fromhome.check.go")
}

// swapped is a code of which somebody mixed up two characters.
func swapped(code string) string {
	c := []byte(code)
	for i := range len(c) - 1 {
		if c[i] != c[i+1] && c[i] != '-' && c[i+1] != '-' {
			c[i], c[i+1] = c[i+1], c[i]
			break
		}
	}
	return string(c)
}

// firstPassword: the office gives name and password on a sealed page, and the
// first sign-in asks for a password that no office has seen.
func firstPassword(t *testing.T, h *house, b *browsertest.Browser) {
	clerk, person := h.clerkIn(t, b), h.person("ordinary", 4)
	clerk.at("/office/registrations/new")
	clerk.fillsData(person)
	clerk.clicks("office.answer.go")
	clerk.Check(clerk.said("office.account.way.issued"))
	clerk.types("office.account.email", "fekete.zsofia@posta.example")
	clerk.clicks("office.account.go")
	clerk.sees("office.declaration.issued")
	clerk.finishes()
	username, first := clerk.TextOf(".govuk-summary-list__value"), clerk.TextOf("#first")
	_, sheet := clerk.DownloadForm(clerk.said("office.first.print"))
	for _, must := range []string{username, first, person.CurrentName.String()} {
		if words := read(t, sheet); !strings.Contains(words, must) {
			t.Errorf("the sealed page does not hold %q:\n%s", must, words)
		}
	}

	citizen := h.visitor(t, b)
	citizen.at("/enter")
	citizen.picks("password")
	citizen.types("password.signin.username", username)
	citizen.types("password.signin.password", first)
	citizen.clicks("password.signin.go")
	citizen.sees("password.first.title")
	citizen.types("password.change.new", first)
	citizen.clicks("password.first.go")
	citizen.sees("password.first.same")
	citizen.types("password.change.new", newPassword)
	citizen.clicks("password.first.go")
	citizen.enrols(newPassword)
	citizen.reaches(h.Services[tax])
	citizen.states(person.TaxNumber)
	citizen.See(person.CurrentName.String())

	stranger := h.visitor(t, b)
	stranger.at("/enter")
	stranger.typesPassword(demo.Login{Username: username, Password: first})
	stranger.sees("password.signin.wrong")
}

// furtherAccount: a second account costs a fee, and a service sees one person.
func furtherAccount(t *testing.T, h *house, b *browsertest.Browser) {
	clerk, person := h.clerkIn(t, b), h.person("ordinary", 0)
	fee, set := law.Default().FurtherAccountFee(h.clock.Now())
	if !set {
		t.Fatal("the law says no fee")
	}
	accounts := []newcomer{{username: "KovácsAnna", email: "kovacs.anna@posta.example"}, {username: "KovácsAnnaCége", email: "kovacs.ceg@posta.example"}}
	clerk.registers(person, accounts[0].username, accounts[0].email)
	clerk.at("/office/registrations/new")
	clerk.fillsData(person)
	clerk.sees("office.further.title")
	clerk.pays(fee-1, "BZ-2026/118")
	_, advice, _ := strings.Cut(clerk.said("office.further.forints.wrong", "Fee", fee), ". ")
	clerk.See(advice)
	clerk.pays(fee, "BZ-2026/118")
	clerk.sees("office.answer.agrees.title")
	clerk.clicks("office.answer.go")
	clerk.choosesAccount(accounts[1].username, accounts[1].email)
	clerk.finishes()

	known := map[string]bool{} // to the tax office
	for i, n := range accounts {
		citizen := h.visitor(t, b)
		citizen.activates(n.username, n.email, newPassword)
		citizen.enrols(newPassword)
		citizen.reaches(h.Services[tax])
		citizen.states(person.TaxNumber)
		known[citizen.pseudonym()] = true
		citizen.reaches(h.Services[town])
		if i == 0 { // what a person has decided holds for all their accounts
			citizen.refuses()
		}
		if known[citizen.pseudonym()] {
			t.Error("two services know somebody by the same name")
		}
		citizen.at("/account/more")
		citizen.sees("account.more.lead", "Count", len(accounts))
		for _, n := range accounts {
			citizen.See(n.username)
		}
	}
	if len(known) != 1 {
		t.Errorf("the tax office sees %d people in one", len(known))
	}
}

func (v visitor) pays(forints int, receipt string) {
	v.types("office.further.forints", fmt.Sprint(forints))
	v.types("office.further.receipt", receipt)
	v.clicks("office.further.go")
}

// pseudonym is what a service knows its visitor by.
func (v visitor) pseudonym() string {
	label := serviceWords[v.lang].pseudonym
	v.See(label)
	found := regexp.MustCompile(label + `\s+(\S+)`).FindStringSubmatch(v.Text())
	if found == nil {
		v.house.t.Fatal("no pseudonym on the page")
	}
	return found[1]
}
