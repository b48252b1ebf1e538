package broker

import (
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/law"
	"kapu/internal/web"
)

// samples puts the broker's pages into the gallery.
func (b *Broker) samples() {
	strip := &web.Strip{Service: "Adóhivatal – eBevallás", Mark: web.MarkOf("Adóhivatal – eBevallás"), Level: int(law.Substantial)}
	cards := []choice{{Name: law.TOTP, Level: int(law.Substantial), Last: true}, {Name: law.Passkey, Level: int(law.Substantial)}, {Name: law.Password, Level: int(law.NoLevel)}}
	weak := []choice{{Name: law.Password}, {Name: law.TOTP, Level: int(law.Substantial), Weak: true}}
	refused := refuseData{Service: strip.Service, Level: int(law.High), LeaveURL: "/"}
	wrong := web.NewForm(nil)
	wrong.Fail("method", "broker.choose.missing")
	given := []catalogue.Claim{catalogue.Name, catalogue.BirthDate, catalogue.TaxNumber}
	b.pages.Sample("choose", "choose", web.View{Strip: strip, Data: chooseData{Choices: cards, Service: true, Data: given, LeaveURL: "/"}})
	b.pages.Sample("choose-weak", "choose", web.View{Strip: strip, Data: chooseData{Choices: weak, Service: true, LeaveURL: "/"}})
	b.pages.Sample("choose-wrong", "choose", web.View{Strip: strip, Form: wrong, Data: chooseData{Choices: cards, LeaveURL: "/"}})
	b.pages.Sample("refuse", "refuse", web.View{Strip: strip, Data: refused})
	b.pages.Sample("forbidden", "forbidden", web.View{Strip: strip, Data: refused})
	b.pages.Sample("locked", "locked", web.View{Strip: strip, Data: refused})
	b.pages.Sample("self", "self", web.View{Strip: strip, Data: refused})
	b.pages.Sample("provisional", "provisional", web.View{Strip: strip, Data: refused})
	b.pages.Sample("lost", "lost", web.View{Data: lostData{}})
	b.pages.Sample("lost-service", "lost", web.View{Strip: strip, Data: lostData{Service: strip.Service, URL: "/"}})
	b.pages.Sample("ended", "ended", web.View{Data: endedData{b.Now(), "/"}})
	b.pages.Sample("ended-service", "ended", web.View{Strip: strip, Data: endedData{b.Now().Add(-time.Hour), "/"}})
	b.pages.Sample("signout", "signout", web.View{Data: signOutData{Services: []string{strip.Service}}})
	b.pages.Sample("signedout", "signedout", web.View{Data: farewell{SignedIn: true, Told: []string{strip.Service}}})
	b.pages.Sample("signedout-open", "signedout", web.View{Data: farewell{SignedIn: true, Told: []string{strip.Service},
		Asked: []string{"Kisfalud – Önkormányzati ügyek"}, Open: []string{"Kisfalud – Városi könyvtár"}, After: "/"}})
	b.pages.Sample("signedout-nobody", "signedout", web.View{Data: farewell{}})
}
