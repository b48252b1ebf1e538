package e2e

import (
	"regexp"
	"strings"
	"testing"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// TestPhone: a desk issues a telephone identifier to somebody without an account; the
// one-time password comes by mail, three of its digits are asked, it is changed, and
// a service that is content with little is reached.
func TestPhone(t *testing.T) {
	t.Parallel()
	b, h := browsertest.Start(t), open(t, "")
	clerk, v := h.visitor(t, b), h.visitor(t, b)
	who := h.person("ordinary", 0)

	clerk.at("/office/phones/new")
	clerk.signsIn(h.Clerks[0])
	clerk.sees("office.phone.title")
	clerk.fillsData(who)
	clerk.sees("office.phone.agrees.title")
	clerk.types("office.account.email", "anna@posta.example")
	clerk.Check(clerk.said("office.why.request"))
	clerk.clicks("office.phone.go")
	clerk.sees("office.phone.issued.title")
	identifier := regexp.MustCompile(`\d{4}[\s\x{a0}]\d{4}`).FindString(clerk.Text())
	if identifier == "" {
		t.Fatal("no identifier on the page")
	}
	password := strings.Join(regexp.MustCompile(`\d+`).FindAllString(h.mail("anna@posta.example", "Egyszer használatos jelszó").Code, -1), "")

	v.reaches(h.service("demo-library"))
	v.picks("phone")
	v.types("phone.identifier", identifier)
	v.clicks("phone.next")
	v.givesDigits(identifier, password)
	v.sees("phone.change.title")
	v.types("phone.change.new", "271828")
	v.types("phone.change.again", "271828")
	v.clicks("phone.change.go")
	v.See(serviceWords[web.Hungarian].signedIn)
	v.forgets()

	v.at("/account/phone")
	v.picks("phone")
	v.types("phone.identifier", identifier)
	v.clicks("phone.next")
	v.givesDigits(identifier, "271828")
	v.sees("phone.state.ready")
	h.verifies()
}

// givesDigits types the asked digits of a password, each into its box.
func (v visitor) givesDigits(identifier, password string) {
	v.sees("phone.digits.lead")
	asked, err := v.house.demo.App.Phones().Begin(v.house.t.Context(), identifier)
	if err != nil {
		v.house.t.Fatal(err)
	}
	for _, n := range asked.Positions {
		v.Fill(v.said("phone.digit", "Number", n), password[n-1:n])
	}
	v.clicks("phone.go")
}

// service is a service of the demo.
func (h *house) service(id string) demo.Service {
	h.t.Helper()
	for _, s := range h.Services {
		if s.ID == id {
			return s
		}
	}
	h.t.Fatalf("there is no service %q", id)
	return demo.Service{}
}
