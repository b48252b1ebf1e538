package account

import (
	"slices"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/life"
	"kapu/internal/web"
)

// sampleCitizen is whom the pages of the gallery greet.
var sampleCitizen = &web.Visitor{Name: "Kis Anna"}

// samples puts the pages into the gallery, each in its states.
func (x *Room) samples() {
	x.sampleValidity()
	x.sampleEmail()
	x.sampleDeletion()
	x.sampleMore()
	x.sampleLinks()
	x.sampleMethods()
	x.sampleNotices()
}

func (x *Room) sampleMethods() {
	ways := func(where ...string) (list []way) {
		for i, m := range []law.Method{law.TOTP, law.Passkey, law.Phone} {
			w := way{Name: m, Level: int(x.Broker.Law.Level(m, x.Broker.Now())), Has: i == 0, Where: where[i]}
			if w.Where == some {
				w.Kinds = []string{"tax", "health"}
			}
			for _, k := range catalogue.Kinds() {
				w.Chosen = append(w.Chosen, choice{k, slices.Contains(w.Kinds, k)})
			}
			list = append(list, w)
		}
		return list
	}
	level := web.NewForm(map[string]string{"level": "0"})
	x.sample("methods", "methods", level, methodsData{Ways: ways(everywhere, everywhere, nowhere)})
	x.sample("methods-strict", "methods", web.NewForm(map[string]string{"level": "2"}), methodsData{Ways: ways(everywhere, some, nowhere), Locked: true, Laid: x.sampleLaid()})
	x.sample("methods-last", "methods", sampleForm(map[string]string{"level": "3"}, "level", "account.methods.level.last"), methodsData{Ways: ways(everywhere, nowhere, nowhere)})
	one := func(name, where string, form *web.Form, last bool) {
		x.sample(name, "method", form, methodData{ways(everywhere, some, nowhere)[map[string]int{everywhere: 0, some: 1, nowhere: 2}[where]], last})
	}
	one("method", everywhere, web.NewForm(map[string]string{"where": everywhere}), false)
	one("method-some", some, web.NewForm(map[string]string{"where": some}), false)
	one("method-last", everywhere, sampleForm(map[string]string{"where": nowhere}, "sure", "account.method.sure.missing"), true)
	one("method-own", nowhere, sampleForm(map[string]string{"where": everywhere}, "where", "account.method.own"), false)
	x.sample("lock", "lock", nil, nil)
	x.sample("disposition", "done", nil, outcome{What: "disposition"})
	x.sample("disposition-closed", "done", nil, outcome{What: "disposition-closed"})
}

// sample shows a page as its owner sees it after signing in.
func (x *Room) sample(name, page string, form *web.Form, data any) {
	x.pages.Sample(name, page, web.View{Visitor: sampleCitizen, Form: form, Data: data})
}

// sampleForm is a form that came back: what was typed, and what is wrong with it.
func sampleForm(typed map[string]string, field, key string, args ...any) *web.Form {
	f := web.NewForm(typed)
	f.Fail(field, key, args...)
	return f
}

func (x *Room) sampleValidity() {
	now, rules := x.Broker.Now(), x.Broker.Law
	until := func(years int, provisional bool, days int) validityData {
		end := now.AddDate(years, 0, days)
		return x.validity(identity.Account{State: identity.Active, ValidUntil: end, Provisional: provisional})
	}
	x.sample("validity", "validity", x.longestFirst(), until(0, false, 20))
	x.sample("validity-some", "validity", x.longestFirst(), until(2, false, 100))
	x.sample("validity-longest", "validity", x.longestFirst(), until(rules.LongestLife(now), false, 0))
	x.sample("validity-unchosen", "validity", sampleForm(nil, "years", "account.validity.choose"), until(1, false, 3))
	x.sample("validity-provisional", "validity", x.longestFirst(), until(0, true, 12))
	x.sample("extended", "extended", nil, until(rules.LongestLife(now), false, 0))
}

func (x *Room) sampleEmail() {
	now, rules := x.Broker.Now(), x.Broker.Law
	show := func(name string, form *web.Form, waiting *life.Pending) {
		x.sample(name, "email", form, emailData{Username: "KisAnna", Present: "anna@pelda.hu", Waiting: waiting, LinkLife: rules.LinkLife(now)})
	}
	waits := func(needsNew, needsOld bool) *life.Pending {
		return &life.Pending{Kind: life.Email, Due: now.Add(rules.LinkLife(now)), Email: "kis.anna@pelda.hu", NeedsNew: needsNew, NeedsOld: needsOld}
	}
	typed := map[string]string{"email": "anna@pelda.hu"}
	show("email", nil, nil)
	show("email-same", sampleForm(typed, "email", "account.email.same"), nil)
	show("email-wrong", sampleForm(map[string]string{"email": "anna@pelda"}, "email", "identity.reason.email.format"), nil)
	show("email-password", sampleForm(map[string]string{"email": "kis.anna@pelda.hu"}, "password", "password.confirm.wrong"), nil) // the password room's words
	show("email-often", sampleForm(map[string]string{"email": "kis.anna@pelda.hu"}, "", "account.often"), nil)
	show("email-waiting", nil, waits(true, true))
	show("email-half", nil, waits(true, false))
	show("email-announced", nil, waits(false, false))
}

func (x *Room) sampleDeletion() {
	now, rules := x.Broker.Now(), x.Broker.Law
	show := func(name, page string, form *web.Form, change func(d *deletionData)) {
		d := deletionData{Username: "KisAnna", Email: "anna@pelda.hu", Rest: rules.UsernameRest(now), Cooling: rules.DeletionCoolingOff(now), LinkLife: rules.LinkLife(now)}
		change(&d)
		x.sample(name, page, form, d)
	}
	sent := func(d *deletionData) { d.Sent = now.Add(d.LinkLife - time.Hour) }
	show("delete", "delete", nil, func(*deletionData) {})
	show("delete-others", "delete", nil, func(d *deletionData) { d.Others = 2 })
	show("delete-sent", "delete", nil, sent)
	show("delete-wrong", "delete", sampleForm(nil, "password", "password.confirm.wrong"), func(*deletionData) {})
	show("delete-waiting", "delete", nil, func(d *deletionData) { d.Waiting = &life.Pending{Kind: life.Delete, Due: now.Add(d.Cooling)} })
	show("delete-clerk", "delete", nil, func(d *deletionData) { d.Office = "Kormányablak, Kisfalud" })
	show("sent", "sent", nil, sent)
}

func (x *Room) sampleMore() {
	now := x.Broker.Now()
	d := moreData{Free: x.Broker.Law.FreeAccounts(now)}
	d.Fee, d.FeeSet = x.Broker.Law.FurtherAccountFee(now)
	list := func(accounts ...identity.Account) (all []listed) {
		for i, a := range accounts {
			a.ID = a.Username.String()
			all = append(all, listedOf(a, accounts[0].Username.String(), now))
			all[i].Here = i == 0
		}
		return all
	}
	own := identity.Account{Username: "KisAnna", State: identity.Active, ValidUntil: now.AddDate(3, 1, 0)}
	d.Accounts = list(own)
	x.sample("more", "more", nil, d)
	d.Accounts = list(own, identity.Account{Username: "KisAnnaVállalkozó", State: identity.Pending}, identity.Account{Username: "RégiAnna", State: identity.Closed, ValidUntil: now.AddDate(1, 0, 0)},
		identity.Account{Username: "LejártAnna", State: identity.Active, ValidUntil: now.AddDate(0, 0, -1)})
	x.sample("more-several", "more", nil, d)
	own.Provisional, own.ValidUntil = true, now.AddDate(0, 0, 20)
	d.Accounts, d.Unproved = list(own), true
	x.sample("more-provisional", "more", nil, d)
}

// sampleLinks are the pages of the links, as somebody sees them who is not signed in.
func (x *Room) sampleLinks() {
	due := x.Broker.Now().Add(x.Broker.Law.LinkLife(x.Broker.Now()))
	show := func(name, page string, data any) { x.pages.Sample(name, page, web.View{Data: data}) }
	for _, kind := range []string{life.DeletionLink, life.EmailNewLink, life.EmailOldLink} {
		show("confirm-"+kind, "confirm", linkData{life.Link{Kind: kind, Due: due}, "/"})
		show("done-"+kind, "done", outcome{kind, due})
	}
	for _, act := range []string{life.Delete, life.Email, life.RemoveTOTP} {
		show("stop-"+act, "stop", linkData{life.Link{Kind: life.StopLink, Act: act, Due: due}, "/"})
		show("done-stop-"+act, "done", outcome{What: stopped + act})
	}
	show("done-email-changed", "done", outcome{What: emailChanged})
	show("gone", "gone", nil)
}
