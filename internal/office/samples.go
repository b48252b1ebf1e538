package office

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/register"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// samples puts every state of every page into the gallery.
func (x *Room) samples() {
	clerk := &web.Visitor{Name: "Nagy Péter", Office: "Kormányablak, Kisfalud", Clerk: true}
	add := func(name, page string, f *web.Form, d any) {
		x.pages.Sample(name, page, web.View{Visitor: clerk, Form: f, Data: d})
	}
	x.deskSamples(add)
	x.answerSamples(add)
	x.finishSamples(add)
	x.feeSamples(add)
	x.provisionalSamples(add)
	x.firstSamples(add)
	x.accountSamples(add)
	x.holderSamples(add)
	x.proofSamples(add)
	x.actSamples(add)
	x.reviewSamples(add)
	x.reportSamples(add)
	x.cardSamples(add)
	x.phoneSamples(add)
	x.pages.Sample("keys", "keys", web.View{Visitor: clerk})
}

type addSample func(name, page string, f *web.Form, d any)

var sampleTime = time.Date(2026, 3, 2, 9, 42, 0, 0, time.UTC)

func sampleStated() registration.Stated {
	return registration.Stated{
		CurrentName: identity.Name{Family: "Kiss", Given: "Anna"},
		Core: identity.Core{BirthName: identity.Name{Family: "Kiss", Given: "Anna"}, MotherBirthName: identity.Name{Family: "Őri", Given: "Borbála"},
			BirthPlace: "Győr", BirthDate: identity.Date{Year: 1968, Month: time.March, Day: 14}},
		Address:     identity.Address{Country: identity.Hungary, PostalCode: "9025", Settlement: "Kisfalud", Street: "Fő utca 3."},
		Nationality: identity.Hungarian,
		Document: identity.Document{Kind: identity.IdentityCard, Number: "123456AB",
			Issued: identity.Date{Year: 2023, Month: time.May, Day: 15}, Expires: identity.Date{Year: 2033, Month: time.May, Day: 15}},
	}
}

// sampleVerdict agrees in everything until it is changed.
func sampleVerdict(change func(*register.Verdict)) *registration.Answer {
	s := sampleStated()
	v := register.Verdict{Trace: "SZL-2026-0001", Person: register.Alive, Document: register.DocumentValid, Reference: "sample",
		Record: &identity.Person{CurrentName: s.CurrentName, Core: s.Core, Address: s.Address, Nationality: s.Nationality}}
	for _, field := range register.Fields() {
		v.Findings = append(v.Findings, register.Finding{Field: field, Result: register.Match})
	}
	if change != nil {
		change(&v)
		v.Reference, v.Record = "", nil
	}
	return &registration.Answer{At: sampleTime, Verdict: v}
}

func sampleCase(state registration.State, a *registration.Answer) registration.Case {
	c := registration.Case{Contents: registration.Contents{Stated: sampleStated(), Answer: a}}
	c.ID, c.State, c.Version, c.Opened, c.Changed = "01957f3e-0000-7000-8000-000000000001", string(state), 1, sampleTime, sampleTime
	if state == registration.Declaration {
		c.Choice = &registration.Choice{Username: "KissAnna", Email: "anna@example.hu", Lang: "hu", Years: 5}
	}
	return c
}

func samplePage(state registration.State, a *registration.Answer, now int) caseData {
	c := sampleCase(state, a)
	base := registrations + "/" + c.ID
	return caseData{Case: c, Base: base, Steps: checklist(c, base, now)}
}

func sampleAccount(state identity.AccountState) identity.Account {
	return identity.Account{ID: "01957f3e-0000-7000-8000-000000000002", State: state, Username: "KissAnna", Email: "anna@example.hu", Lang: "hu",
		Created: sampleTime, ValidUntil: sampleTime.AddDate(5, 0, 0)}
}

func (x *Room) deskSamples(add addSample) {
	open := desk.Page[registration.Case]{Lines: []registration.Case{
		sampleCase(registration.Declaration, sampleVerdict(nil)), sampleCase(registration.Differs, sampleVerdict(nil)), sampleCase(registration.Unchecked, nil)}}
	noName := web.NewForm(nil)
	noName.Fail("family", "identity.reason.family.empty")
	add("home", "home", nil, homeData{Cases: open, Next: home})
	add("home-empty", "home", nil, homeData{})
	add("home-found", "home", web.NewForm(map[string]string{"family": "Kiss", "given": "Anna"}), homeData{Found: true, Cases: open})
	add("home-none", "home", web.NewForm(map[string]string{"family": "Kiss"}), homeData{Found: true})
	add("home-wrong", "home", noName, homeData{})

	wrong := filled(sampleStated())
	wrong.Fail("document-kind", "identity.reason.document-kind.kind")
	wrong.Fail("document-issued", "office.refused.too-old")
	wrong.Fail("mother-family", "identity.reason.mother-family.empty")
	wrong.Fail("birth-date", "identity.reason.birth-date.date")
	blank := caseData{Steps: checklist(registration.Case{}, "", stepData)}
	add("data", "data", blankForm(), blank)
	add("data-wrong", "data", wrong, blank)
	blank.Case.Channel = identity.ChannelConsulate
	add("data-consulate", "data", blankAbroad(), blank)
	add("data-correct", "data", filled(sampleStated()), samplePage(registration.Differs, sampleVerdict(nil), stepData))
}

func (x *Room) answerSamples(add addSample) {
	answered := func(name string, state registration.State, change func(*register.Verdict)) {
		d := samplePage(state, sampleVerdict(change), stepAnswer)
		d.Rows = answerRows(d.Case.Stated, *d.Case.Answer)
		d.Headline, d.Count = headline(d.Case)
		add(name, "answer", nil, d)
	}
	differ := func(v *register.Verdict, field int, parts ...register.Part) {
		v.Findings[field].Result, v.Findings[field].Parts = register.Differs, parts
	}
	answered("answer-agrees", registration.Checked, nil)
	answered("answer-differs", registration.Differs, func(v *register.Verdict) { differ(v, 4, register.Day) })
	answered("answer-differs-more", registration.Differs, func(v *register.Verdict) {
		differ(v, 2, register.Given)
		differ(v, 3)
		differ(v, 5, register.PostalCode, register.Street)
	})
	answered("answer-deceased", registration.Differs, func(v *register.Verdict) { v.Person = register.Deceased })
	answered("answer-unknown", registration.Differs, func(v *register.Verdict) {
		v.Person, v.Document = register.PersonUnknown, register.DocumentUnknown
		for i := range v.Findings {
			v.Findings[i].Result = register.NotChecked
		}
	})
	for _, status := range []register.DocumentStatus{register.DocumentLost, register.DocumentExpired, register.DocumentUnknown} {
		answered("answer-document-"+string(status), registration.Differs, func(v *register.Verdict) { v.Document = status })
	}
	outdated := samplePage(registration.Checked, sampleVerdict(nil), stepAnswer)
	outdated.Rows, outdated.Headline, outdated.Outdated = answerRows(outdated.Case.Stated, *outdated.Case.Answer), "agrees", true
	add("answer-outdated", "answer", nil, outdated)
	add("unchecked", "unchecked", nil, samplePage(registration.Unchecked, nil, stepAnswer))
}

func (x *Room) finishSamples(add addSample) {
	choose := samplePage(registration.Checked, sampleVerdict(nil), stepAccount)
	choose.Years = validYears(x.Desk.Law.LongestLife(sampleTime))
	wrong := web.NewForm(map[string]string{"username": "kissanna", "email": "anna@", "lang": "hu", "years": "5", "way": wayChosen})
	wrong.Fail("username", "office.taken")
	wrong.Fail("email", "identity.reason.email.format")
	add("account", "account", web.NewForm(map[string]string{"way": wayChosen, "lang": "hu", "years": "5"}), choose)
	add("account-wrong", "account", wrong, choose)

	sign := samplePage(registration.Declaration, sampleVerdict(nil), stepDeclaration)
	unsigned := web.NewForm(nil)
	unsigned.Fail("signed", "office.declaration.unsigned")
	add("declaration", "declaration", nil, sign)
	add("declaration-unsigned", "declaration", unsigned, sign)
	sign.Outdated = true
	add("declaration-outdated", "declaration", nil, sign)

	for _, state := range []identity.AccountState{identity.Pending, identity.Active} {
		d := samplePage(registration.Finished, nil, stepDone)
		d.Case.Paper = &registration.Paper{}
		d.Holder, d.Done = sampleHolder(state), desk.Result{Account: sampleAccount(state), Until: sampleTime.AddDate(0, 0, 5)}
		add("finished-"+string(state), "finished", nil, d)
	}
	add("closed", "closed", nil, samplePage(registration.Withdrawn, nil, stepDone))
	add("withdraw", "withdraw", nil, samplePage(registration.Differs, nil, stepAnswer))
	add("stale", "stale", nil, caseData{Base: registrations + "/sample"})
}

func sampleHolder(state identity.AccountState) desk.Holder {
	s := sampleStated()
	return desk.Holder{Account: sampleAccount(state), Office: identity.Office{Name: "Kormányablak, Kisfalud"},
		Person: identity.Person{CurrentName: s.CurrentName, Core: s.Core, Address: s.Address, Nationality: s.Nationality}}
}

func (x *Room) accountSamples(add addSample) {
	some := desk.Page[identity.Account]{Lines: []identity.Account{sampleAccount(identity.Active), sampleAccount(identity.Pending), sampleAccount(identity.Closed)}}
	typed := web.NewForm(map[string]string{"username": "KissAnna"})
	nothing := web.NewForm(nil)
	nothing.Fail("username", "office.accounts.nothing")
	add("accounts", "accounts", nil, accountsData{Accounts: some, Next: accounts})
	add("accounts-empty", "accounts", nil, accountsData{})
	add("accounts-found", "accounts", typed, accountsData{Found: true, Accounts: desk.Page[identity.Account]{Lines: some.Lines[:1]}})
	some.After = some.Lines[2].ID
	add("accounts-many", "accounts", typed, accountsData{Found: true, Accounts: some})
	add("accounts-none", "accounts", typed, accountsData{Found: true})
	add("accounts-wrong", "accounts", nothing, accountsData{})

	silent := web.NewForm(map[string]string{"reason": "other"})
	silent.Fail("words", "office.reason.words.missing")
	add("reason", "reason", nil, reasonData{"sample", reasons})
	add("reason-wrong", "reason", silent, reasonData{"sample", reasons})
	add("resent", "resent", nil, desk.Result{Account: sampleAccount(identity.Pending), Until: sampleTime.AddDate(0, 0, 5)})
}
