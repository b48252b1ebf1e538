package e2e

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// A manner is how somebody uses the pages.
type manner struct {
	name          string
	lang          web.Lang
	width, height int
	noScripts     bool
}

var manners = []manner{
	{"hungarian-desktop", web.Hungarian, browsertest.DesktopWidth, browsertest.DesktopHeight, false},
	{"hungarian-phone-without-javascript", web.Hungarian, browsertest.PhoneWidth, browsertest.PhoneHeight, true},
	{"english-phone", web.English, browsertest.PhoneWidth, browsertest.PhoneHeight, false},
}

func (h *house) visitorWith(t testing.TB, b *browsertest.Browser, m manner) visitor {
	v := h.visitor(t, b)
	v.lang = m.lang
	v.Speak(string(m.lang))
	v.Resize(m.width, m.height)
	v.noScripts = m.noScripts
	v.NoScripts(m.noScripts)
	return v
}

// TestWalk is the house's main job: desk, mail, activation, Ügyfélkapu+, two services.
// Pages do not know the engine, so every manner walks on one of them, and one on both.
func TestWalk(t *testing.T) {
	t.Parallel()
	for engine, dsn := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			b := browsertest.Start(t)
			h := open(t, dsn(t))
			for i, m := range manners {
				if engine != "sqlite" && i > 0 {
					break
				}
				t.Run(m.name, func(t *testing.T) { walk(t, h, b, m, newcomers[i]) })
			}
			t.Run("password-alone", func(t *testing.T) { passwordAlone(t, h, b) })
		})
	}
}

// newcomers are whom each walk registers, by their place among the ordinary
// people: ő and ű, a married name, a plain one.
var newcomers = []newcomer{
	{3, "ŰrhegyiÖdön", "urhegyi.odon@posta.example"},
	{2, "VargaKatalin", "varga.katalin@posta.example"},
	{4, "FeketeZsófia", "fekete.zsofia@posta.example"},
}

type newcomer struct {
	nth             int
	username, email string
}

const newPassword = "Zöld teve a hídon 8"

func walk(t *testing.T, h *house, b *browsertest.Browser, m manner, n newcomer) {
	clerk, citizen := h.visitorWith(t, b, m), h.visitorWith(t, b, m)
	person := h.person("ordinary", n.nth)
	clerk.at("/office")
	clerk.signsIn(h.Clerks[0])
	clerk.sees("office.home.title")
	atTheDesk(t, clerk, person, n)

	citizen.activates(n.username, n.email, newPassword)
	key, _ := citizen.enrols(newPassword)
	citizen.sees("portal.account.methods")
	twoServices(citizen, person, n.email)

	citizen.leaves()
	citizen.at("/enter")
	citizen.signsIn(demo.Login{Username: n.username, Password: newPassword, TOTPSecret: key})
	citizen.sees("portal.home.hello", "Name", person.CurrentName)
}

// atTheDesk registers the person and looks at the papers.
func atTheDesk(t *testing.T, clerk visitor, person demo.Entry, n newcomer) {
	clerk.at("/office/registrations/new")
	clerk.fillsData(person)
	clerk.sees("office.answer.agrees.title")
	clerk.See(person.CurrentName.String())
	clerk.clicks("office.answer.go")
	clerk.choosesAccount(n.username, n.email)
	for _, paper := range []string{"office.print.declaration", "office.print.sheet"} {
		kind, content := clerk.Download(clerk.said(paper))
		if kind != "application/pdf" {
			t.Errorf("%s is %s", paper, kind)
		}
		words := read(t, content)
		for _, must := range []string{person.CurrentName.String(), person.MotherBirthName.String(), person.Address.Street, n.username} {
			if !strings.Contains(words, must) {
				t.Errorf("%s does not hold %q:\n%s", paper, must, words)
			}
		}
	}
	clerk.finishes()
	clerk.See(n.email)
}

// read is the text of a PDF.
func read(t *testing.T, pdf []byte) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed: the papers cannot be read (make setup brings it)")
	}
	c := exec.CommandContext(t.Context(), program, "-layout", "-", "-")
	c.Stdin = bytes.NewReader(pdf)
	words, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(words)
}

// twoServices: the first and, without a password again, the second; both are in
// the citizen's history. What the second asks for, it asks once.
func twoServices(citizen visitor, person demo.Entry, email string) {
	words := serviceWords[citizen.lang]
	for _, s := range citizen.house.Services {
		citizen.reaches(s)
		citizen.answers(s, person, email)
		citizen.See(words.signedIn)
		citizen.See(person.CurrentName.String())
	}
	citizen.at("/account/history")
	for _, s := range citizen.house.demo.App.Services {
		citizen.See(s.Name[string(citizen.lang)])
	}
	citizen.sees("portal.event.agreed")
}

// leaves ends a session at one service only, comes back without typing, and
// then leaves everything from the other.
func (v visitor) leaves() {
	words, services := serviceWords[v.lang], v.house.Services
	v.Visit(services[0].URL)
	v.Click(words.here)
	v.See(words.goodbye)
	v.reaches(services[0])
	v.See(words.signedIn)
	v.Visit(services[1].URL)
	v.Click(words.everywhere)
	v.See(words.goodbye)
	v.reaches(services[1])
	v.sees("broker.choose.title")
}

// passwordAlone: a citizen without Ügyfélkapu+ is led to requesting it, wherever they want to go.
func passwordAlone(t *testing.T, h *house, b *browsertest.Browser) {
	v := h.visitor(t, b)
	l := h.citizen("password-only", 0)
	v.at("/enter")
	v.picks("password")
	v.types("password.signin.username", l.Username)
	v.types("password.signin.password", l.Password)
	v.clicks("password.signin.go")
	v.sees("totp.enrol.title")
	for _, path := range []string{"/account", "/account/history", "/office"} {
		v.at(path)
		if v.Sees(l.Name) {
			t.Errorf("%s shows the account to a password alone", path)
		}
	}
	v.reaches(h.Services[0])
	v.sees("totp.enrol.title")
}
