package e2e

import (
	"testing"

	"kapu/internal/browsertest"
)

// TestNotices: a citizen adds a phone; a stranger with their secrets comes from another browser; the citizen says from
// the notice that it was not them; everybody is out, the way is closed, and a clerk opens it again when the citizen
// stands at the desk.
func TestNotices(t *testing.T) {
	t.Parallel()
	b, h := browsertest.Start(t), open(t, "")
	l := h.citizen("ugyfelkapu-plus", 0)
	owner, stranger, clerk := h.visitor(t, b), h.visitor(t, b), h.clerkIn(t, b)

	owner.at("/account/notices")
	owner.signsIn(l)
	owner.provesPhone(l.Password)

	h.pass(0)
	stranger.at("/account")
	stranger.signsIn(l)
	stranger.sees("portal.account.title")
	owner.follows(l.Email, "Belépés új eszközről")
	owner.sees("revocation.disown.title")
	stranger.at("/account")
	stranger.sees("portal.account.title") // opening the link has done nothing
	owner.clicks("revocation.disown.go")
	owner.sees("revocation.reported.done")
	for _, v := range []visitor{stranger, owner} {
		v.at("/account")
		v.sees("broker.choose.title")
	}
	h.mail(l.Email, "Megkaptuk a jelzését")

	clerk.looksAfter(l.Name)
	clerk.closes("restored", "Okmánnyal igazolta magát.")
	clerk.sees("office.report.away")
	report := clerk.Address()
	clerk.receives(l, h.documents(l))
	clerk.Visit(report[:len(report)-len("/close")])
	clerk.sees("office.report.here")
	clerk.closes("restored", "Okmánnyal igazolta magát.")
	clerk.sees("office.reports.done")
	clerk.sees("office.reports.none")

	h.mail(l.Email, "Lezártuk a bejelentését")
	owner.at("/account/history")
	owner.signsIn(l)
	owner.See("nem Ön lépett be")
	owner.See("az útját újra megnyitották")
	h.verifies()
}

// provesPhone adds a phone on the page of notices, with the code that it shows.
func (v visitor) provesPhone(password string) {
	const phone = "+36301234567"
	v.clicks("account.notices.phone.add")
	v.types("account.phone.number", "06 30 123 4567")
	v.types("account.password", password)
	v.clicks("account.phone.go")
	v.sees("account.code.title")
	code := ""
	v.house.until("a text message", func() bool {
		all := v.house.demo.Mailbox.Messages(phone)
		if len(all) > 0 {
			code = all[0].Code
		}
		return code != ""
	})
	v.types("account.code.code", code)
	v.clicks("account.code.go")
	v.sees("account.done.phone-proven.done")
	v.at("/account/notices")
	v.Check(v.said("account.notices.important"))
	v.See("…567")
}

// looksAfter takes the one case that somebody reported.
func (v visitor) looksAfter(name string) {
	v.at("/office/reports")
	v.clicks("office.report.what.signin")
	v.sees("office.report.ask.title")
	v.clicks("office.report.ask.go")
	v.sees("office.report.title")
	v.See(name)
}

// closes says what came of it.
func (v visitor) closes(result, words string) {
	v.Check(v.said("office.report." + result))
	v.types("office.report.words", words)
	v.clicks("office.report.go")
}
