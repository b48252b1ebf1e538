package office

import (
	"kapu/internal/authn"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/life"
	"kapu/internal/register"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/store"
	"kapu/internal/web"
)

func sampleVisit(state desk.VisitState, a *registration.Answer, done ...desk.Done) *desk.Visit {
	return &desk.Visit{Case: store.Case{ID: "sample", State: string(state), Version: 1},
		VisitContents: desk.VisitContents{Stated: sampleStated(), Answer: a, Done: done}}
}

// sampleOpened is an opened account on which everything is possible.
func sampleOpened(v *desk.Visit) desk.Opened {
	o := desk.Opened{Holder: sampleHolder(identity.Active), Visit: v}
	o.Office.Address = "9025 Kisfalud, Fő tér 1."
	for _, act := range desk.Acts() {
		o.Offers = append(o.Offers, desk.Offer{Act: act})
	}
	return o
}

func (x *Room) holderOf(o desk.Opened) holderData {
	return holderData{Opened: o, Base: accounts + "/sample", Until: sampleTime.AddDate(0, 0, 5), Address: addressLine(o.Person.Address)}
}

func sampleDone(act desk.Act) desk.Done {
	return desk.Done{Entry: "sample", Act: act, At: sampleTime, Reason: "lost", Until: sampleTime.AddDate(0, 0, 1), Email: "uj@example.hu", Kind: life.Email, With: "Nagy Béla"}
}

// holderSamples are an opened account, without and with its owner at the desk.
func (x *Room) holderSamples(add addSample) {
	for _, state := range []identity.AccountState{identity.Active, identity.Pending, identity.Closed} {
		o := desk.Opened{Holder: sampleHolder(state), Others: []identity.Account{sampleAccount(identity.Closed)}}
		add("holder-"+string(state), "holder", nil, x.holderOf(o))
	}
	provisional := desk.Opened{Holder: sampleHolder(identity.Active)}
	provisional.Account.Provisional, provisional.Office = true, identity.Office{}
	add("holder-provisional", "holder", nil, x.holderOf(provisional))
	add("holder-arrived", "holder", nil, x.holderOf(sampleOpened(sampleVisit(desk.Arrived, nil))))
	add("holder-refuted", "holder", nil, x.holderOf(sampleOpened(sampleVisit(desk.Refuted, sampleVerdict(nil)))))

	present := sampleOpened(sampleVisit(desk.Present, sampleVerdict(nil)))
	add("holder-present", "holder", nil, x.holderOf(present))
	for _, act := range desk.Acts() {
		present.Visit.Done = append(present.Visit.Done, sampleDone(act))
	}
	for i, why := range []string{desk.WhyLongest, desk.WhyElsewhere, desk.WhyState, desk.WhyNothing, desk.WhyWaiting} {
		present.Offers[i].Why = why
	}
	present.Waiting = []life.Pending{{Kind: life.RemoveTOTP, Due: sampleTime.AddDate(0, 0, 1)}, {Kind: life.Delete, Due: sampleTime.AddDate(0, 0, 3)},
		{Kind: life.Email, Due: sampleTime.AddDate(0, 0, 1), NeedsNew: true}}
	add("holder-busy", "holder", nil, x.holderOf(present))
}

// proofSamples are the ways in which proving an owner ends.
func (x *Room) proofSamples(add addSample) {
	wrong := filled(sampleStated())
	wrong.Fail("document-expires", "office.refused.expired")
	arrived := proofOf(sampleOpened(sampleVisit(desk.Arrived, nil)))
	add("presence", "presence", filled(sampleStated()), arrived)
	add("presence-wrong", "presence", wrong, arrived)
	add("proof-unanswered", "proof", nil, proofOf(sampleOpened(sampleVisit(desk.Unanswered, nil))))
	for name, change := range map[string]func(*register.Verdict){
		"differs":  func(v *register.Verdict) { v.Findings[5].Result = register.Differs },
		"unknown":  func(v *register.Verdict) { v.Person = register.PersonUnknown },
		"deceased": func(v *register.Verdict) { v.Person = register.Deceased },
		"lost":     func(v *register.Verdict) { v.Document = register.DocumentLost },
		"expired":  func(v *register.Verdict) { v.Document = register.DocumentExpired },
		"strange":  func(v *register.Verdict) { v.Document = register.DocumentUnknown },
	} {
		add("proof-"+name, "proof", nil, proofOf(sampleOpened(sampleVisit(desk.Refuted, sampleVerdict(change)))))
	}
	other := sampleVisit(desk.Refuted, sampleVerdict(nil))
	other.Other = true
	add("proof-other", "proof", nil, proofOf(sampleOpened(other)))
	add("away", "away", nil, awayData{Base: accounts + "/sample"})
	add("moved", "moved", nil, awayData{Base: accounts + "/sample"})
}

var sampleMethods = []authn.Method{{Name: law.TOTP, Level: law.Substantial}, {Name: law.Passkey, Level: law.Substantial}, {Name: law.MailCode, Level: law.Substantial}}

// actSamples are the acts on an account, each with what can be wrong with it.
func (x *Room) actSamples(add addSample) {
	o := sampleOpened(sampleVisit(desk.Present, sampleVerdict(nil)))
	o.Account.ValidUntil = sampleTime.AddDate(2, 0, 0)
	o.Waiting = []life.Pending{{Kind: life.Delete, Due: sampleTime.AddDate(0, 0, 3)}, {Kind: life.Email, Due: sampleTime.AddDate(0, 0, 1)}}
	wrong := web.NewForm(map[string]string{"reason": "other", "email": "anna@"})
	wrong.Fail("words", "office.reason.words.missing")
	wrong.Fail("email", "identity.reason.email.format")
	shorter := web.NewForm(map[string]string{"reason": "request", "years": "3"})
	shorter.Fail("years", "office.act.extend.shorter")
	o.Laid = authn.Disposition{Forbidden: []law.Method{law.MailCode}, Kinds: map[law.Method][]string{law.Passkey: {"tax", "health"}}, Least: law.Substantial, Locked: true}
	o.Methods, o.Neighbours = sampleMethods, []desk.Neighbour{{Account: "1", Name: "Nagy Béla"}, {Account: "2", Name: "Szabó Éva"}}
	o.Held = []desk.Held{{ID: "1", Name: "Nagy Béla", Mine: true, Until: sampleTime.AddDate(0, 6, 0)}, {ID: "2", Name: "Szabó Éva", Until: sampleTime.AddDate(0, 3, 0)}}
	for _, act := range desk.Acts() {
		d := x.actOf(o, act, web.Hungarian)
		d.Years = yearChoices(x.Desk.Law.LongestLife(sampleTime), sampleTime, o.Account.ValidUntil)
		add("act-"+string(act), "act", web.NewForm(nil), d)
		switch act {
		case desk.ChangeEmail:
			add("act-wrong", "act", wrong, d)
		case desk.Extend:
			add("act-shorter", "act", shorter, d)
		case desk.GiveMandate:
			d.Boxes, d.Ends = []box{{ID: "tax", Name: "Adóhivatal – eBevallás"}}, x.monthChoices()
			missing := web.NewForm(map[string]string{"reason": "request"})
			missing.Fail("other", "office.act.mandate.services.missing")
			missing.Fail("months", "office.act.mandate.months.missing")
			add("act-mandate-wrong", "act", missing, d)
		}
	}
	for _, why := range []string{desk.WhyLongest, desk.WhyElsewhere, desk.WhyState, desk.WhyNothing, desk.WhyWaiting} {
		d := x.actOf(o, desk.Delete, web.Hungarian)
		d.Why = why
		add("impossible-"+why, "impossible", nil, d)
	}
}

// reviewSamples are the acts that the lot gave to a second clerk.
func (x *Room) reviewSamples(add addSample) {
	r := desk.Review{Review: store.Review{ID: "sample", Act: string(desk.RemoveFactor), At: sampleTime, State: store.ReviewOpen},
		Office: identity.Office{Name: "Kormányablak, Kisfalud"}, Acting: "SzantoErika", Intact: true,
		Account: sampleAccount(identity.Active), Person: sampleHolder(identity.Active).Person,
		Acted: ledger.DeskActed{Reason: "other", Words: "a telefonját ellopták, KF/31/2026"}}
	foreign := r
	foreign.Act, foreign.Office.Name = "finalise", "Kormányablak, Nagyfalu"
	add("reviews", "reviews", nil, reviewsData{Reviews: reviewsOf(desk.Page[desk.Review]{Lines: []desk.Review{r, foreign}}), Next: reviews})
	add("reviews-empty", "reviews", nil, reviewsData{Done: true})
	silent := web.NewForm(map[string]string{"verdict": "doubtful"})
	silent.Fail("words", "office.review.words.missing")
	d := reviewOf(r)
	add("review", "review", nil, d)
	add("review-wrong", "review", silent, d)
	d.Intact, d.Acting, d.Account, d.Acted = false, "", identity.Account{}, ledger.DeskActed{Reason: "presence"}
	add("review-altered", "review", nil, d)
	add("reviewask", "reviewask", nil, d)
	add("reviewed", "reviewed", nil, d)
}

// cardSamples lead to the registration code of an electronic identity card.
func (x *Room) cardSamples(add addSample) {
	wrong := filled(sampleStated())
	wrong.Fail("document-kind", "office.refused.not-electronic")
	add("cardcode-new", "walkin", blankForm(), x.cardWay().blank())
	add("cardcode-wrong", "walkin", wrong, x.cardWay().blank())
	in := func(state desk.VisitState, a *registration.Answer) cardData {
		return cardData{walkInData: x.cardWay().of(*sampleVisit(state, a))}
	}
	add("cardcode", "card", web.NewForm(nil), in(desk.Present, sampleVerdict(nil)))
	add("cardcode-unanswered", "card", nil, in(desk.Unanswered, nil))
	add("cardcode-differs", "card", nil, in(desk.Refuted, sampleVerdict(func(v *register.Verdict) { v.Findings[5].Result = register.Differs })))
	add("cardcode-issued", "card", nil, cardData{walkInData: x.cardWay().of(*sampleVisit(desk.Issued, sampleVerdict(nil), sampleDone(desk.IssueCardCode)))})
	has := in(desk.Present, sampleVerdict(nil))
	has.Accounts = []identity.Account{sampleAccount(identity.Active)}
	add("cardcode-has", "card", nil, has)
}
