package e2e

import (
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
	"kapu/internal/law"
	"kapu/internal/simulator/population"
	"kapu/internal/store/storetest"
)

// TestUnhappy is what goes wrong on the way, and how everybody gets on nevertheless.
func TestUnhappy(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	h := open(t, "")
	for _, c := range []struct {
		name string
		test func(t *testing.T, h *house, b *browsertest.Browser)
	}{
		{"register-down", registerDown},
		{"wrong-address", wrongAddress},
		{"own-registration", ownRegistration},
		{"double-click-and-back", doubleClickAndBack},
		{"bookmark", bookmark},
		{"two-tabs", twoTabs},
		{"turning-back", turningBack},
		{"mandates", mandates},
		{"desk-dispositions", deskDispositions},
		{"wrong-number", wrongNumber},
		{"wrong-passwords", wrongPasswords},
		{"revocation", revocation},
		{"revocation-too-late", revocationTooLate},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, h, b) })
	}
}

// clerkIn opens a browser for a clerk and signs them in.
func (h *house) clerkIn(t testing.TB, b *browsertest.Browser) visitor {
	return h.atOffice(t, b, h.Clerks[0])
}

func (h *house) atOffice(t testing.TB, b *browsertest.Browser, who demo.Login) visitor {
	clerk := h.visitor(t, b)
	clerk.at("/office")
	clerk.signsIn(who)
	clerk.sees("office.home.title")
	return clerk
}

// longerThanRest is more than the time in which a register that kept failing is not asked.
const longerThanRest = 10 * time.Minute

func registerDown(t *testing.T, h *house, b *browsertest.Browser) {
	clerk, person := h.clerkIn(t, b), h.person("ordinary", 0)
	h.demo.Population.SetDown(true)
	clerk.at("/office/registrations/new")
	clerk.fillsData(person)
	clerk.sees("office.unchecked.title")
	h.demo.Population.SetDown(false)
	h.clock.Advance(longerThanRest)

	clerk.clicks("office.later")
	clerk.Click(person.BirthName.String())
	clerk.clicks("office.answer.correct")
	for key, typed := range map[string]string{
		"office.data.number": person.Document.Number, "office.field.birth-place": person.BirthPlace, "office.data.street": person.Address.Street,
	} {
		if kept := clerk.Value(clerk.said(key)); kept != typed {
			t.Errorf("%s holds %q, %q was typed", key, kept, typed)
		}
	}
	clerk.clicks("office.data.go")
	clerk.sees("office.answer.agrees.title")
	clerk.clicks("office.answer.go")
	clerk.choosesAccount("KovácsAnnaKésőbb", "kovacs.anna@posta.example")
	clerk.finishes()
}

func wrongAddress(t *testing.T, h *house, b *browsertest.Browser) {
	clerk, person := h.clerkIn(t, b), h.person("moved", 0)
	right := person.Address
	person.Address.Street = "Baross utca 14."
	clerk.at("/office/registrations/new")
	clerk.fillsData(person)
	clerk.sees("office.answer.differs.title", "Count", 1)
	clerk.sees("office.part.street")
	if clerk.Sees(right.Street) {
		t.Error("the desk is told the address that the register holds")
	}
	clerk.clicks("office.answer.correct")
	clerk.types("office.data.street", right.Street)
	clerk.clicks("office.data.go")
	clerk.sees("office.answer.agrees.title")
}

func ownRegistration(t *testing.T, h *house, b *browsertest.Browser) {
	clerk := h.clerkIn(t, b)
	for _, e := range h.demo.Population.In(population.Clerk) {
		if e.Person.CurrentName.String() == h.Clerks[0].Name {
			clerk.at("/office/registrations/new")
			clerk.fillsData(typed(e))
		}
	}
	clerk.sees("office.own.title")
	clerk.at("/office")
	if clerk.Sees(h.Clerks[0].Name + " " + clerk.said("office.case.checked")) {
		t.Error("the clerk's own case is still open")
	}
}

// typesPassword goes from the chooser to the page that asks for the code.
func (v visitor) typesPassword(l demo.Login) {
	v.picks("totp")
	v.types("password.signin.username", l.Username)
	v.types("password.signin.password", l.Password)
	v.clicks("password.signin.go")
}

func (v visitor) typesCode(l demo.Login) {
	v.sees("totp.signin.title")
	v.Fill(v.said("totp.signin.code", "Digits", 6), v.house.code(l.TOTPSecret))
}

// doubleClickAndBack: no script guards the button, and the code is sent twice.
func doubleClickAndBack(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	v.NoScripts(true)
	v.at("/enter")
	v.typesPassword(l)
	v.typesCode(l)
	v.Press("\r")
	v.Press("\r")
	v.sees("portal.home.hello", "Name", l.Name)
	v.Until("(history.back(), true)", "there is no way back")
	v.sees("portal.home.hello", "Name", l.Name)
}

// bookmark: the address of a sign-in page leads a stranger, and its owner a day
// later, back to the service.
func bookmark(t *testing.T, h *house, b *browsertest.Browser) {
	owner, stranger := h.visitor(t, b), h.visitor(t, b)
	owner.reaches(h.Services[0])
	owner.picks("totp")
	owner.sees("password.signin.title")
	kept := owner.Address()
	stranger.Visit(kept)
	stranger.sees("broker.lost.title")
	h.clock.Advance(24 * time.Hour)
	owner.Visit(kept)
	owner.sees("broker.lost.title")
	owner.Click(h.Services[0].Name)
	owner.sees("broker.choose.title")
}

// twoTabs: sign-ins to two services are begun side by side; when one is done, the
// other is, too.
func twoTabs(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 1)
	v.reaches(h.Services[0])
	v.picks("totp")
	first := v.Address()
	v.reaches(h.Services[1])
	v.signsIn(l)
	v.refuses()
	v.See(serviceWords[v.lang].signedIn)
	v.Visit(first)
	v.states(l.TaxNumber)
	v.See(serviceWords[v.lang].signedIn)
	v.See(h.Services[0].Name)
}

// wrongPasswords: who guesses must wait, the owner at a known device need not.
func wrongPasswords(t *testing.T, h *house, b *browsertest.Browser) {
	owner, guesser, l := h.visitor(t, b), h.visitor(t, b), h.citizen("ugyfelkapu-plus", 2)
	owner.at("/enter")
	owner.signsIn(l)
	owner.sees("portal.home.hello", "Name", l.Name)
	owner.clicks("shell.signout")

	guesser.at("/enter")
	guesser.picks("totp")
	for range law.Default().WrongSecretsBeforeLock(h.clock.Now()) {
		guesser.guesses(l.Username)
		guesser.sees("password.signin.wrong")
	}
	guesser.guesses(l.Username)
	guesser.sees("password.wait", "Wait", 30*time.Second)

	owner.at("/enter")
	owner.signsIn(l)
	owner.sees("portal.home.hello", "Name", l.Name)
}

func (v visitor) guesses(username string) {
	v.types("password.signin.username", username)
	v.types("password.signin.password", "Nem-ez-a-jelszava-11")
	v.clicks("password.signin.go")
}

const plusMail = "Ügyfélkapu+ igénylése"

// enrolled is a citizen who has just requested Ügyfélkapu+, and the link of the notice.
func enrolled(t *testing.T, h *house, b *browsertest.Browser, nth int) (v visitor, l demo.Login, link string) {
	v, l = h.visitor(t, b), h.citizen("password-only", nth)
	v.at("/enter")
	v.picks("password")
	v.types("password.signin.username", l.Username)
	v.types("password.signin.password", l.Password)
	v.clicks("password.signin.go")
	l.TOTPSecret, _ = v.enrols(l.Password)
	return v, l, h.mail(l.Email, plusMail).Links[0]
}

func revocation(t *testing.T, h *house, b *browsertest.Browser) {
	intruder, l, link := enrolled(t, h, b, 0)
	owner := h.visitor(t, b)
	h.clock.Advance(law.Default().PlusRevocation(h.clock.Now()) - 4*time.Hour)
	owner.Visit(link)
	owner.sees("revocation.ask.title")
	owner.clicks("revocation.ask.go")
	owner.sees("revocation.done.title")
	intruder.at("/enter")
	intruder.typesPassword(l)
	intruder.sees("password.signin.wrong")

	code := h.mail(l.Email, "Lezártuk").Code
	owner.at("/activate")
	owner.types("activation.code.username", l.Username)
	owner.types("activation.code.code", code)
	owner.clicks("activation.code.go")
	owner.types("activation.password.password", newPassword)
	owner.clicks("activation.password.go")
	owner.sees("totp.enrol.title")
}

func revocationTooLate(t *testing.T, h *house, b *browsertest.Browser) {
	_, l, link := enrolled(t, h, b, 1)
	h.clock.Advance(law.Default().PlusRevocation(h.clock.Now()) + time.Minute)
	v := h.visitor(t, b)
	v.Visit(link)
	v.sees("revocation.gone.title")
	v.at("/enter")
	v.signsIn(l)
	v.sees("portal.home.hello", "Name", l.Name)
}

// TestLapse: who does not activate in time is forgotten, and can be registered anew.
func TestLapse(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	data, clock, n := t.TempDir(), storetest.NewClock(), newcomers[0]
	h := openIn(t, data, "", clock)
	person := h.person("ordinary", n.nth)
	h.clerkIn(t, b).registers(person, n.username, n.email)
	code := h.mail(n.email, "Aktiváló kód").Code
	clock.Advance(law.Default().ActivationPeriod(clock.Now()) + time.Second)

	citizen := h.visitor(t, b)
	citizen.at("/activate")
	citizen.types("activation.code.username", n.username)
	citizen.types("activation.code.code", code)
	citizen.clicks("activation.code.go")
	period := law.Default().ActivationPeriod(clock.Now())
	citizen.sees("activation.code.wrong", "Period", period)

	h.close()
	again := openIn(t, data, "", clock) // jobs that come round run at the start
	again.mail(n.email, "töröltük")
	again.clerkIn(t, b).registers(person, n.username, n.email)
	again.mail(n.email, "Aktiváló kód")
}
