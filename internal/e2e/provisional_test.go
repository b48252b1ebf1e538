package e2e

import (
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
	"kapu/internal/law"
	"kapu/internal/web"
)

const (
	tax     = 0
	town    = 1
	library = 2 // the one that takes provisional registrations
	health  = 3 // the one that speaks SAML
)

// provisional: somebody registers from home, reaches what is open to them, is
// kindly refused the rest, and is made final at a desk.
func provisional(t *testing.T, h *house, b *browsertest.Browser) {
	citizen, person := h.visitor(t, b), h.person("ordinary", 0)
	n := newcomer{username: "KovácsAnnaOtthonról", email: "kovacs.anna@posta.example"}
	citizen.registersFromHome(person, n)
	citizen.sees("provisional.code.title") // the clock stood still: the right was computed
	citizen.provesAddress(n)
	key, _ := citizen.enrols(newPassword)

	citizen.reaches(h.Services[library])
	citizen.See(serviceWords[citizen.lang].signedIn)
	citizen.See(serviceWords[citizen.lang].provisional)
	citizen.reaches(h.Services[tax])
	citizen.sees("broker.provisional.title")
	citizen.See(h.Services[tax].Name)
	citizen.clicks("broker.provisional.how")
	citizen.sees("account.finalise.title")

	h.clerkIn(t, b).makesFinal(person, n)
	citizen.at("/enter")
	citizen.typesPassword(demo.Login{Username: n.username, Password: newPassword, TOTPSecret: key})
	citizen.sees("password.signin.wrong") // whoever chose it was never seen
	citizen.activates(n.username, n.email, otherPassword)
	citizen.enrols(otherPassword)
	citizen.reaches(h.Services[tax])
	citizen.states(person.TaxNumber)
	citizen.See(serviceWords[citizen.lang].signedIn)
	citizen.See(person.CurrentName.String())
}

const otherPassword = "Kilenc bagoly a padláson"

// registersFromHome fills in the form of a provisional registration and sends it.
func (v visitor) registersFromHome(e demo.Entry, n newcomer) {
	v.at("/register/provisional")
	v.clicks("provisional.start.go")
	for group, name := range map[string]struct{ family, given string }{
		"birth-name": {e.BirthName.Family, e.BirthName.Given}, "mother": {e.MotherBirthName.Family, e.MotherBirthName.Given},
	} {
		part := v.within("provisional.data." + group)
		part.types("provisional.data.family", name.family)
		part.types("provisional.data.given", name.given)
	}
	v.types("provisional.data.birth-place", e.BirthPlace)
	v.types("provisional.data.birth-date", day(e.BirthDate))
	v.types("provisional.data.username", n.username)
	v.types("provisional.data.email", n.email)
	v.clicks("provisional.data.go")
}

var provisionalMail = map[web.Lang]string{
	web.Hungarian: "Kód az ideiglenes ügyfélkapujához",
	web.English:   "Code for your provisional Ügyfélkapu",
}

// provesAddress types the code from the letter and chooses a password.
func (v visitor) provesAddress(n newcomer) {
	code := v.opensMail(n.email, provisionalMail[v.lang])
	v.Click(v.house.Issuer + "/register/provisional/code")
	v.types("provisional.code.code", code)
	v.clicks("provisional.code.go")
	v.types("provisional.password.password", newPassword)
	v.clicks("provisional.password.go")
}

// makesFinal: a wrong name first, then the right one.
func (v visitor) makesFinal(e demo.Entry, n newcomer) {
	v.at("/office/registrations/new")
	v.fillsData(e)
	v.sees("office.provisional.title")
	v.clicks("office.answer.final")
	v.types("office.final.username", "ValakiMásÉ")
	v.clicks("office.account.go")
	v.sees("office.final.not-named")
	v.types("office.final.username", n.username)
	v.clicks("office.account.go")
	v.sees("office.declaration.final")
	v.finishes()
	v.See(n.email)
}

// provisionalByWaiting: without scripts the right to send the form is earned by
// waiting. The registration is left alone afterwards, and ends by itself.
func provisionalByWaiting(t *testing.T, h *house, b *browsertest.Browser) {
	citizen, person := h.visitorWith(t, b, manners[1]), h.person("ordinary", 1)
	n := newcomer{username: "TóthGáborVár", email: "toth.gabor@posta.example"}
	citizen.registersFromHome(person, n)
	citizen.sees("provisional.wait.title")
	citizen.clicks("provisional.wait.go")
	citizen.sees("provisional.wait.title") // it is too early, and nothing typed is lost
	h.clock.Advance(law.Default().ProvisionalWait(h.clock.Now()))
	citizen.clicks("provisional.wait.go")
	citizen.sees("provisional.code.title")
	citizen.provesAddress(n)
	key, _ := citizen.enrols(newPassword)

	h.pass(time.Minute)
	h.pass(law.Default().ProvisionalLife(h.clock.Now()) - 2*24*time.Hour)
	h.mail(n.email, "Hamarosan lejár ideiglenes ügyfélkapuja")
	h.pass(3 * 24 * time.Hour)
	h.mail(n.email, "Megszűnt")
	citizen.at("/enter")
	citizen.typesPassword(demo.Login{Username: n.username, Password: newPassword, TOTPSecret: key})
	citizen.sees("password.signin.wrong")
}

// consulate: somebody without an address in the country is registered abroad; of
// somebody else a provisional registration has to end first.
func consulate(t *testing.T, h *house, b *browsertest.Browser) {
	consul := h.atOffice(t, b, h.Clerks[len(h.Clerks)-1])
	first := newcomer{username: "HalászEmese", email: "halasz.emese@posta.example"}
	consul.registers(h.person("abroad", 0), first.username, first.email)

	person := h.person("abroad", 1)
	home := newcomer{username: "BíróÁkosOtthon", email: "biro.akos@posta.example"}
	citizen := h.visitor(t, b)
	citizen.registersFromHome(person, home)
	citizen.sees("provisional.code.title")
	citizen.provesAddress(home)
	citizen.sees("totp.enrol.title")

	consul.at("/office/registrations/new")
	consul.fillsData(person)
	consul.sees("office.ending.title")
	consul.types("office.final.username", home.username)
	consul.clicks("office.ending.go")
	consul.sees("office.answer.agrees.title")
	consul.clicks("office.answer.go")
	consul.choosesAccount("BíróÁkos", home.email)
	consul.finishes()
	h.mail(home.email, "Töröltük ügyfélkapuját")
	citizen.at("/account")
	citizen.sees("broker.choose.title")
	citizen.activates("BíróÁkos", home.email, otherPassword)
	citizen.enrols(otherPassword)
	citizen.reaches(h.Services[tax])
	citizen.states(person.TaxNumber)
	citizen.See(serviceWords[citizen.lang].signedIn)
}
