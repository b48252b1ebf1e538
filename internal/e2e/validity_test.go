package e2e

import (
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
)

const endingMail = "Hamarosan lejár ügyfélkapuja"

const (
	daysLeft     = 7 * 24 * time.Hour // more than is left of the accounts that end soon
	lastReminder = 5 * 24 * time.Hour // a day before their end
)

// extended: the letter leads to the page on which an account gets more time.
func extended(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ends-soon", 0)
	h.pass(time.Minute)
	h.pass(lastReminder)
	v.follows(l.Email, endingMail)
	v.signsIn(l)
	v.sees("account.validity.title")
	v.Check(v.said("account.validity.year", "Count", 5, "Until", ""))
	v.clicks("account.validity.go")
	v.sees("account.extended.title")
	h.mail(l.Email, "Meghosszabbították ügyfélkapuját")
	h.pass(daysLeft)
	v.at("/enter")
	v.signsIn(l)
	v.sees("portal.home.hello", "Name", l.Name)
}

// expired: who lets the time go by is forgotten; nobody gets their name, and the
// ledger of all the others stays whole.
func expired(t *testing.T, h *house, b *browsertest.Browser) {
	gone, l := h.visitor(t, b), h.citizen("ends-soon", 1)
	other, o := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	other.at("/enter")
	other.signsIn(o)
	other.sees("portal.home.hello", "Name", o.Name)
	h.pass(time.Minute)
	h.pass(lastReminder)
	h.mail(l.Email, endingMail)
	gone.at("/enter")
	gone.signsIn(l)
	gone.sees("portal.account.extend")

	h.pass(daysLeft)
	h.mail(l.Email, "Megszűnt ügyfélkapuja")
	gone.at("/account")
	gone.sees("broker.choose.title")
	gone.at("/enter")
	gone.typesPassword(l)
	gone.sees("password.signin.wrong")

	clerk, person := h.clerkIn(t, b), h.person("ordinary", 1)
	clerk.at("/office/registrations/new")
	clerk.fillsData(person)
	clerk.clicks("office.answer.go")
	clerk.types("office.account.username", l.Username)
	clerk.types("office.account.email", "toth.gabor@posta.example")
	clerk.clicks("office.account.go")
	clerk.sees("office.taken")

	h.pass(time.Minute)
	h.verifies()
	other.at("/account/history")
	other.signsIn(o)
	other.sees("portal.event.signin.succeeded", "Method", other.said("shell.method.totp"))
	other.within("portal.event.account.activated").clicks("portal.entry.receipt")
	other.sees("portal.receipt.title")
}

// newAddress: both addresses have to agree, and the old one may stop it.
func newAddress(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	v.at("/account")
	v.signsIn(l)
	first, second := "uj.cimem@posta.example", "masik.cimem@posta.example"
	v.wantsAddress(l, first)
	v.follows(first, "Erősítse meg új e-mail-címét")
	v.clicks("account.confirm.email-new.go")
	v.sees("account.done.email-new.title")
	v.follows(l.Email, "Más e-mail-címet kértek")
	v.clicks("account.confirm.email-old.go")
	v.sees("account.done.email-changed.title")
	v.at("/account")
	v.See(first)
	if v.Sees(l.Email) {
		t.Error("the old address is still there")
	}

	v.wantsAddress(l, second)
	v.follows(first, "Más e-mail-címet kértek")
	v.clicks("account.confirm.stop")
	v.sees("account.done.stop-email.title")
	v.follows(second, "Erősítse meg új e-mail-címét")
	v.sees("account.gone.title")
	v.at("/account")
	v.See(first)
}

func (v visitor) wantsAddress(l demo.Login, address string) {
	v.at("/account/email")
	v.types("account.email.new", address)
	v.types("account.password", l.Password)
	v.clicks("account.email.go")
	v.sees("account.email.stop")
}

const deletionMail = "Töröljük ügyfélkapuját"

// deleted: stopped once from the letter, carried out the second time.
func deleted(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	v.at("/account")
	v.signsIn(l)
	v.wantsDeletion(l)
	v.follows(l.Email, deletionMail)
	v.clicks("account.stop.delete.go")
	v.sees("account.done.stop-delete.title")
	h.pass(4 * 24 * time.Hour)
	v.at("/account")
	v.signsIn(l)
	v.sees("portal.account.title")

	v.wantsDeletion(l)
	h.pass(3*24*time.Hour + time.Minute)
	h.mail(l.Email, "Töröltük ügyfélkapuját")
	v.at("/enter")
	v.typesPassword(l)
	v.sees("password.signin.wrong")
	h.pass(time.Minute)
	h.verifies()
}

func (v visitor) wantsDeletion(l demo.Login) {
	v.at("/account/delete")
	v.types("account.password", l.Password)
	v.clicks("account.delete.go")
	v.sees("account.sent.title")
	v.follows(l.Email, "Erősítse meg ügyfélkapuja törlését")
	v.clicks("account.confirm.deletion.go")
	v.sees("account.done.deletion.title")
}
