package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/identity"
	"kapu/internal/simulator/mailbox"
	"kapu/internal/web"
)

// signsIn proves who the visitor is with password and code, from the chooser on.
func (v visitor) signsIn(l demo.Login) {
	v.picks("totp")
	v.types("password.signin.username", l.Username)
	v.types("password.signin.password", l.Password)
	v.clicks("password.signin.go")
	v.sees("totp.signin.title")
	v.Fill(v.said("totp.signin.code", "Digits", 6), v.house.code(l.TOTPSecret))
	v.clicks("totp.signin.go")
}

// picks presses a method of the chooser. The password is called by its name and its
// help at once: its name is the beginning of another's. Nobody arrives in no time.
func (v visitor) picks(method string) {
	v.house.clock.Advance(time.Second)
	v.sees("broker.choose.title")
	name := "broker.method." + method
	if method != "password" {
		v.clicks(name)
		return
	}
	v.Click(v.said(name) + v.said(name+".help"))
}

// day is a date as a Hungarian document shows it.
func day(d identity.Date) string {
	return fmt.Sprintf("%d. %02d. %02d.", d.Year, d.Month, d.Day)
}

// fillsData types everything that a document says, and sends it.
func (v visitor) fillsData(e demo.Entry) {
	v.Check(v.said("office.kind." + string(e.Document.Kind)))
	v.types("office.data.number", e.Document.Number)
	v.types("office.data.issued", day(e.Document.Issued))
	v.types("office.data.expires", day(e.Document.Expires))
	v.fillsName("birth-name", e.BirthName)
	if e.CurrentName != e.BirthName {
		v.fillsName("current-name", e.CurrentName)
	}
	v.fillsName("mother", e.MotherBirthName)
	v.types("office.field.birth-place", e.BirthPlace)
	v.types("office.field.birth-date", day(e.BirthDate))
	v.types("office.field.nationality", e.Nationality)
	v.types("office.data.postal-code", e.Address.PostalCode)
	v.types("office.data.settlement", e.Address.Settlement)
	v.types("office.data.street", e.Address.Street)
	v.types("office.data.country", e.Address.Country)
	v.clicks("office.data.go")
}

func (v visitor) fillsName(whose string, n identity.Name) {
	group := v.within("office.data." + whose)
	group.types("office.data.family", n.Family)
	group.types("office.data.given", n.Given)
}

// registers goes through a whole case at the desk for a signed-in clerk whose
// customer the register confirms.
func (v visitor) registers(e demo.Entry, username, email string) {
	v.at("/office/registrations/new")
	v.fillsData(e)
	v.sees("office.answer.agrees.title")
	v.clicks("office.answer.go")
	v.choosesAccount(username, email)
	v.finishes()
}

func (v visitor) choosesAccount(username, email string) {
	v.types("office.account.username", username)
	v.types("office.account.email", email)
	if v.lang == web.English {
		v.Check(v.said("office.lang.en"))
	}
	v.clicks("office.account.go")
	v.sees("office.declaration.title")
}

func (v visitor) finishes() {
	v.Check(v.said("office.declaration.signed"))
	v.clicks("office.declaration.go")
	v.sees("office.finished.title")
}

var mailedCode = regexp.MustCompile(`\b\d{4} \d{4}\b`)

// opensMail reads a new mail with that subject in the inbox page and returns the
// code in it.
func (v visitor) opensMail(to, subject string) string {
	v.letter(to, subject)
	return strings.ReplaceAll(mailedCode.FindString(v.Text()), " ", "")
}

// follows opens a letter and goes where it leads.
func (v visitor) follows(to, subject string) { v.Click(v.letter(to, subject).Links[0]) }

func (v visitor) letter(to, subject string) mailbox.Message {
	m := v.house.mail(to, subject)
	v.at("/inbox?to=" + to)
	v.See(m.Subject)
	v.at("/inbox/" + m.ID)
	v.See(to)
	return m
}

var activationMail = map[web.Lang]string{
	web.Hungarian: "Aktiváló kód az ügyfélkapujához",
	web.English:   "Your Ügyfélkapu activation code",
}

// activates goes from the mail to a password of one's own.
func (v visitor) activates(username, email, password string) {
	v.activatesWith(v.opensMail(email, activationMail[v.lang]), username, password)
}

// activatesWith types the code of a mail that is open.
func (v visitor) activatesWith(code, username, password string) {
	v.Click(v.house.Issuer + "/activate")
	v.sees("activation.code.title")
	v.types("activation.code.username", username)
	v.types("activation.code.code", code[:4]+"-"+code[4:])
	v.clicks("activation.code.go")
	v.sees("activation.password.title")
	v.types("activation.password.password", password)
	v.clicks("activation.password.go")
}

// enrols sets Ügyfélkapu+ up with the key on the page, and returns it with the
// removal code.
func (v visitor) enrols(password string) (key, removal string) {
	v.sees("totp.enrol.title")
	v.clicks("totp.enrol.by-hand")
	key = v.TextOf("#key")
	v.Fill(v.said("totp.enrol.code", "Digits", 6), v.house.code(key))
	v.types("totp.enrol.password", password)
	v.clicks("totp.enrol.go")
	v.sees("totp.keep.title")
	removal = v.TextOf("#removal")
	v.Check(v.said("totp.keep.kept"))
	v.clicks("totp.keep.go")
	v.sees("portal.account.title")
	return key, removal
}

// The words of the demo's services, which are houses of their own.
var serviceWords = map[web.Lang]struct{ signIn, signedIn, everywhere, here, goodbye, provisional, pseudonym string }{
	web.Hungarian: {"Belépés ügyfélkapuval", "Ön be van lépve", "Kilépek mindenhol", "Csak innen lépek ki", "Kilépett",
		"A regisztráció ideiglenes", "Álneve nálunk"},
	web.English: {"Sign in with Ügyfélkapu", "You are signed in", "Sign out everywhere", "Leave this service only", "You have left",
		"The registration is provisional", "Your pseudonym here"},
}

// reaches opens a service and asks it to sign the visitor in.
func (v visitor) reaches(s demo.Service) {
	v.Visit(s.URL)
	v.Click(serviceWords[v.lang].signIn)
}
