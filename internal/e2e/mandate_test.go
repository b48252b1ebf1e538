package e2e

import (
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/web"
)

var acceptedMail = map[web.Lang]string{
	web.Hungarian: "Elfogadták a meghatalmazását: erősítse meg",
	web.English:   "Your mandate was accepted: please confirm it",
}

// mandates: a citizen lets another act for them at the tax office, which shows
// both; the next use after its end is refused.
func mandates(t *testing.T, h *house, b *browsertest.Browser) {
	client, c := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 9)
	other, o := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 10)
	words, service := serviceWords[client.lang], h.Services[tax]
	client.at("/account/mandates")
	client.signsIn(c)
	client.clicks("behalf.list.give")
	client.Check(service.Name)
	client.clicks("behalf.new.go")
	client.sees("behalf.code.title")
	code := cardCode.FindString(client.Text())

	other.at("/account/mandates/accept")
	other.signsIn(o)
	other.types("behalf.accept.code", code)
	other.clicks("behalf.accept.go")
	other.See(c.Name)
	other.clicks("behalf.offer.yes")
	other.sees("behalf.done.accepted")

	client.follows(c.Email, acceptedMail[client.lang])
	client.clicks("behalf.look")
	client.See(o.Name)
	client.clicks("behalf.confirm.yes")
	client.sees("behalf.done.given")

	other.reaches(service)
	other.sees("behalf.choose.title")
	other.Click(c.Name)
	other.See(words.signedIn)
	other.See(o.Name) // who acts
	other.See(c.Name) // for whom
	other.See(c.TaxNumber)
	if other.Sees(o.TaxNumber) {
		t.Error("the service has the representative's tax number")
	}
	client.at("/account/history")
	client.See(o.Name + " az Ön nevében járt el")
	other.at("/account/history")
	other.See(c.Name + " nevében járt el")

	client.at("/account/mandates")
	client.clicks("behalf.revoke")
	client.sees("behalf.done.ended")
	other.Visit(service.URL)
	other.Click(words.here)
	other.reaches(service)
	other.states(o.TaxNumber) // nobody is asked for whom any more
	other.See(words.signedIn)
	if other.Sees(c.TaxNumber) {
		t.Error("the mandate outlived its end")
	}
	h.verifies()
}
