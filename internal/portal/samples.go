package portal

import (
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// samples puts the portal's pages into the gallery, each in its states.
func (x *Room) samples() {
	x.sampleHome()
	x.sampleAccount()
	x.sampleHistory()
	x.sampleReceipts()
	x.sampleLedger()
	x.pages.Sample("register", "register", web.View{Data: x.guide()})
	x.pages.Sample("help", "help", web.View{Data: x.guide()})
}

var sampleCitizen = &web.Visitor{Name: "Kiss Anna"}

func (x *Room) sampleGreeting() greeting {
	now := x.Now()
	until := now.AddDate(2, 10, 2)
	return greeting{Name: "Kiss Anna", Until: until, Days: daysLeft(until, now), Since: now.Add(-2 * time.Minute), Day: "today", Method: methodKey(law.TOTP)}
}

func (x *Room) sampleSoon() greeting {
	g := x.sampleGreeting()
	g.Until = x.Now().AddDate(0, 0, 6)
	g.Days, g.Soon, g.Day, g.Since = 6, true, "before", x.Now().AddDate(0, 0, -1)
	return g
}

func sampleServices(search string) (list []offer, found int) {
	for _, s := range []*catalogue.Service{
		{ID: "tax", Name: map[string]string{"hu": "Adóhivatal – eBevallás", "en": "Tax Office – eReturn"}, About: map[string]string{"hu": "Bevallások, befizetések, adószámla"},
			Level: "substantial", Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate, catalogue.TaxNumber}, Demands: []catalogue.Claim{catalogue.TaxNumber}, Match: []catalogue.Claim{catalogue.TAJ}},
		{ID: "health", Name: map[string]string{"hu": "Egészségügyi adattár"}, About: map[string]string{"hu": "Leletek, receptek"},
			Level: "high", Claims: []catalogue.Claim{catalogue.Name, catalogue.BirthDate, catalogue.TAJ}},
		{ID: "town", Name: map[string]string{"hu": "Önkormányzati ügyek"}, About: map[string]string{"hu": "Helyi adók, kérelmek, bejelentések"},
			Level: "substantial", Claims: []catalogue.Claim{catalogue.Name}, ConsentClaims: []catalogue.Claim{catalogue.Address, catalogue.Email}},
		{ID: "library", Name: map[string]string{"hu": "Könyvtári foglalás"}, Level: "low"},
	} {
		o := offerOf(s, web.Hungarian)
		if o.Hidden = !o.answers([]string{search}); !o.Hidden {
			found++
		}
		list = append(list, o)
	}
	return list, found
}

func (x *Room) sampleHome() {
	who, soon, clerk := x.sampleGreeting(), x.sampleSoon(), x.sampleGreeting()
	clerk.Name, clerk.Office = "Nagy Péter", "Kormányablak, Kisfalud"
	services, found := sampleServices("")
	none, _ := sampleServices("hajózás")
	show := func(name, page string, d homeData, v *web.Visitor) {
		x.pages.Sample(name, page, web.View{Data: d, Visitor: v})
	}
	all := homeData{Services: services, Found: found}
	show("welcome", "welcome", all, nil)
	show("welcome-no-services", "welcome", homeData{}, nil)
	all.Half = true
	show("welcome-password-only", "welcome", all, nil)
	show("home", "home", homeData{Services: services, Found: found, Who: &who, Recent: x.sampleEntries()[:4]}, sampleCitizen)
	show("home-phone", "home", homeData{Services: services, Found: found, Who: &who, Rests: true}, sampleCitizen)
	show("home-new", "home", homeData{Services: services, Found: found, Who: &who}, sampleCitizen)
	show("home-soon", "home", homeData{Services: services, Found: found, Who: &soon, Recent: x.sampleEntries()[3:6]}, sampleCitizen)
	show("home-search-none", "home", homeData{Search: "hajózás", Services: none, Who: &who}, sampleCitizen)
	show("home-clerk", "home", homeData{Services: services, Found: found, Who: &clerk}, &web.Visitor{Name: clerk.Name, Office: clerk.Office, Clerk: true})
}

// sampleEntries are made-up entries of every look, newest first.
func (x *Room) sampleEntries() (list []told) {
	now := x.Now()
	for i, s := range []struct {
		ago   time.Duration
		event ledger.Event
	}{
		{time.Second, ledger.Released{Service: "Adóhivatal – eBevallás", Data: []string{"name", "birthdate", "tax_number"}, Ground: "2017. évi CL. törvény", Method: law.TOTP, Level: law.Substantial}},
		{2 * time.Minute, ledger.Identified{Method: law.TOTP, Level: law.Substantial, Address: "192.0.2.17", Device: "Firefox, Windows"}},
		{23 * time.Hour, ledger.LookedUp{Office: "Kormányablak, Kisfalud", Reason: "presence", Words: "adatváltozás"}},
		{26 * time.Hour, ledger.Throttled{Method: law.Password, Scope: "account"}},
		{50 * time.Hour, ledger.SignedOut{Reason: "citizen"}},
		{51 * time.Hour, ledger.Released{Service: "Könyvtári foglalás", Method: law.TOTP, Level: law.Substantial}},
		{51 * time.Hour, ledger.Released{Service: "Önkormányzati ügyek", Data: []string{"name", "email"}, Consented: []string{"email"}, Ground: "2011. évi CLXXXIX. törvény", Method: law.TOTP, Level: law.Substantial}},
		{51 * time.Hour, ledger.ConsentDecided{Service: "Önkormányzati ügyek", Allowed: []string{"email"}, Refused: []string{"address"}}},
		{51 * time.Hour, ledger.Matched{Service: "Adóhivatal – eBevallás", Asked: []string{"mother_birth_name", "taj"}, Agreed: []string{"mother_birth_name"}, Differing: []string{"taj"}}},
		{51 * time.Hour, ledger.IdentifierStated{Service: "Adóhivatal – eBevallás", Name: "tax_number"}},
		{52 * time.Hour, ledger.FactorAdded{Method: law.TOTP}},
		{53 * time.Hour, ledger.NoticeSent{Template: "plus-requested", Medium: "mail"}},
		{54 * time.Hour, ledger.PasswordSet{Occasion: "activation"}},
		{55 * time.Hour, ledger.AccountActivated{}},
		{77 * time.Hour, ledger.RegistrationFinished{Office: "Kormányablak, Kisfalud"}},
	} {
		position := int64(400 - i)
		if i == 0 {
			position = -1
		}
		list = append(list, toldOf(ledger.Record{ID: store.NewID(), At: now.Add(-s.ago), Kind: s.event.Kind(), Event: s.event, Intact: true, Position: position}))
	}
	return list
}

func (x *Room) sampleAccount() {
	who, soon, now := x.sampleGreeting(), x.sampleSoon(), x.Now()
	person := identity.Person{
		CurrentName: identity.Name{Family: "Kiss", Given: "Anna"},
		Core: identity.Core{BirthName: identity.Name{Family: "Nagy", Given: "Anna"}, MotherBirthName: identity.Name{Family: "Tóth", Given: "Erzsébet"},
			BirthPlace: "Hódmezővásárhely", BirthDate: identity.Date{Year: 1968, Month: time.March, Day: 14}},
		Address:    identity.Address{Country: "HU", PostalCode: "6800", Settlement: "Hódmezővásárhely", Street: "Kossuth tér 1. 2/3."},
		PersonalID: "26803140010", TaxNumber: "8248911234", TAJ: "123456788",
	}
	d := accountData{
		Who: &who, Person: person, Identifiers: identifiersOf(person), Address: addressLine(person.Address), Registered: "Kormányablak, Kisfalud", Accounts: 1,
		Account: identity.Account{Username: "KissAnna", Email: "anna@pelda.hu", Activated: now.AddDate(-2, -1, -27)},
		Methods: sampleMethods(now.AddDate(-1, -3, 0), now.AddDate(0, -5, 0)),
		Session: sessionData{Until: now.Add(x.Law.SessionLife(now)), Idle: x.Law.SessionIdle(now), Services: []string{"Adóhivatal – eBevallás"}},
		Recent:  x.sampleEntries()[:recentOnAccount],
	}
	x.pages.Sample("account", "account", web.View{Data: d, Visitor: sampleCitizen})
	d.Who, d.Session.Services = &soon, nil
	x.pages.Sample("account-soon", "account", web.View{Data: d, Visitor: sampleCitizen})
	provisional := soon
	provisional.Provisional = true
	d.Who, d.Registered = &provisional, ""
	x.pages.Sample("account-provisional", "account", web.View{Data: d, Visitor: sampleCitizen})
	due := now.Add(x.Law.DeletionCoolingOff(now))
	d.Who, d.Accounts, d.Waiting = &who, 2, waitingOf([]store.PendingAct{{Kind: "remove-totp", Due: due}, {Kind: "email", Due: due}, {Kind: "delete", Due: due}}, now)
	x.pages.Sample("account-waiting", "account", web.View{Data: d, Visitor: sampleCitizen})
	d.Accounts, d.Waiting = 1, nil
	d.Who, d.Recent, d.Methods = &who, nil, sampleMethods(time.Time{}, now)
	x.pages.Sample("account-new", "account", web.View{Data: d, Visitor: sampleCitizen})
}

func sampleMethods(plus, password time.Time) []method {
	all := methods()
	all[0].Since, all[1].Since = plus, password
	return all
}

func (x *Room) sampleHistory() {
	entries := x.sampleEntries()
	entries[4].Intact, entries[4].Odd = false, true
	show := func(name string, c choice, page found) {
		form := c.form()
		c.filter(form)
		x.pages.Sample(name, "history", web.View{Form: form, Data: x.historyPage(web.Hungarian, c, page), Visitor: sampleCitizen})
	}
	show("history", choice{}, found{entries, store.NewID()})
	show("history-filtered", choice{Sort: "account", Service: "library", Method: string(law.TOTP), From: "2026-01-01", Until: "2026-12-31", before: store.NewID()}, found{Entries: entries[6:]})
	show("history-wrong", choice{From: "tegnap", Until: "2026-02-30"}, found{})
	show("history-new", choice{}, found{})
	show("history-none", choice{Sort: "office"}, found{})
	show("history-further", choice{Sort: "office", Service: "library"}, found{Next: store.NewID()})
	export := func(name string, c choice, nothing bool) {
		d := x.exportPage(web.Hungarian, c)
		d.Nothing = nothing
		x.pages.Sample(name, "export", web.View{Data: d, Visitor: sampleCitizen})
	}
	export("export", choice{}, false)
	export("export-filtered", choice{Sort: "data", Method: string(law.TOTP), From: "2026-01-01", Until: "2026-01-31"}, false)
	export("export-nothing", choice{Sort: "office"}, true)
}

func (x *Room) sampleReceipts() {
	entries, now := x.sampleEntries(), x.Now()
	proven := &ledger.Proven{ID: entries[1].ID, At: entries[1].At, Kind: entries[1].Kind, Position: 399, Size: 412, Signed: now}
	damaged := entries[4]
	damaged.Intact = false
	show := func(name string, d receiptData) {
		d.URL = "/account/history/" + d.Entry.ID + "/receipt.json"
		x.pages.Sample(name, "receipt", web.View{Data: d, Visitor: sampleCitizen})
	}
	show("receipt", receiptData{Entry: entries[1], Proven: proven})
	witnessed := *proven
	witnessed.Witnesses = []ledger.Witnessed{{Name: "witness.example/w1", At: now}, {Name: "tanu.example/egyetem", At: now}}
	show("receipt-witnessed", receiptData{Entry: entries[1], Proven: &witnessed, Watched: true})
	show("receipt-unwitnessed", receiptData{Entry: entries[1], Proven: proven, Watched: true})
	show("receipt-pending", receiptData{Entry: entries[0], Pending: true})
	show("receipt-damaged", receiptData{Entry: damaged})
}

func (x *Room) sampleLedger() {
	now, entry := x.Now(), x.sampleEntries()[2]
	head := ledger.Head{Size: 412, At: now, VerifierKeys: []string{"kapu.example/ledger+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
		Note: "kapu.example/ledger\n412\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n2026-03-02T09:00:00.000Z\n\n— kapu.example/ledger x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"}
	witnesses := []ledger.Standing{{Witness: "witness.example/w1", Key: "witness.example/w1+c336d4c5+BAAHDhUcIyoxOD9GTVRbYmlwd36FjJOaoaivtr3Ey9LZ", Size: 400, At: now.Add(-3 * time.Minute)}, {Witness: "tanu.example/egyetem", Key: "tanu.example/egyetem+0badcafe+BAAHDhUcIyoxOD9GTVRbYmlwd36FjJOaoaivtr3Ey9LZ"}}
	x.pages.Sample("ledger", "ledger", web.View{Data: ledgerData{Head: head, Witnesses: witnesses}})
	x.pages.Sample("ledger-empty", "ledger", web.View{Data: ledgerData{Head: ledger.Head{VerifierKeys: head.VerifierKeys}, Empty: true}})
	x.pages.Sample("check", "check", web.View{Data: checkData{Keys: head.VerifierKeys, Doubts: doubts, Names: checkNames}})
	x.pages.Sample("ask", "ask", web.View{Data: ledgerData{}})
	wrong := web.NewForm(map[string]string{"receipt": `{"version": 1}`})
	wrong.Fail("receipt", "portal.check.false")
	x.pages.Sample("ask-false", "ask", web.View{Form: wrong, Data: ledgerData{}})
	proven := &ledger.Proven{ID: entry.ID, At: entry.At, Kind: entry.Kind, Person: store.NewID(), Position: 398, Size: 412, Signed: now}
	x.pages.Sample("ask-genuine", "ask", web.View{Data: ledgerData{Proven: proven, Entry: &entry}})
}
