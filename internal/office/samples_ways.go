package office

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// feeSamples are the further account (R7).
func (x *Room) feeSamples(add addSample) {
	d := samplePage(registration.Checked, sampleVerdict(nil), stepAnswer)
	d.Accounts, d.Fee = []identity.Account{sampleAccount(identity.Active), sampleAccount(identity.Pending)}, x.fee(sampleTime)
	wrong := web.NewForm(map[string]string{"forints": "2500", "receipt": "A-123/2026"})
	wrong.Fail("forints", "office.further.forints.wrong", "Fee", d.Fee)
	wrong.Fail("receipt", "office.further.receipt.used")
	add("further", "further", nil, d)
	add("further-wrong", "further", wrong, d)
	d.Fee = ""
	add("further-duty", "further", nil, d)

	paid := samplePage(registration.Declaration, sampleVerdict(nil), stepDeclaration)
	paid.Case.Fee, paid.Paid = &registration.Fee{Forints: 3000, Receipt: "A-123/2026"}, thousands(3000)
	add("declaration-further", "declaration", nil, paid)
	paid.Accounts = d.Accounts
	paid.Rows, paid.Headline = answerRows(paid.Case.Stated, *paid.Case.Answer), "agrees"
	add("answer-further", "answer", nil, paid)
}

// provisionalSamples are the registrations that a provisional one precedes (R8, R11).
func (x *Room) provisionalSamples(add addSample) {
	before := sampleAccount(identity.Active)
	before.Provisional, before.ValidUntil = true, sampleTime.AddDate(0, 0, 12)
	d := samplePage(registration.Checked, sampleVerdict(nil), stepAccount)
	d.Provisional, d.Years = []identity.Account{before}, validYears(x.Desk.Law.LongestLife(sampleTime))
	d.Rows, d.Headline = answerRows(d.Case.Stated, *d.Case.Answer), "agrees"
	add("answer-provisional", "answer", nil, d)

	named := map[string]string{"username": "kissanna", "years": "5"}
	wrong := web.NewForm(named)
	wrong.Fail("username", "office.final.not-named")
	add("final", "final", web.NewForm(map[string]string{"years": "5"}), d)
	add("final-wrong", "final", wrong, d)
	add("ending", "ending", nil, d)
	both := web.NewForm(map[string]string{"username": "KissAnna", "disowned": "yes"})
	both.Fail("username", "office.ending.both")
	add("ending-wrong", "ending", both, d)

	sign := samplePage(registration.Declaration, sampleVerdict(nil), stepDeclaration)
	sign.Case.Choice.Final = before.ID
	add("declaration-final", "declaration", nil, sign)
}

// firstSamples are the accounts that the office hands out (R13).
func (x *Room) firstSamples(add addSample) {
	sign := samplePage(registration.Declaration, sampleVerdict(nil), stepDeclaration)
	sign.Case.Choice.Username, sign.Case.Choice.Issued = "bedofamuna", true
	add("declaration-issued", "declaration", nil, sign)

	d := samplePage(registration.Finished, nil, stepDone)
	d.Case.Paper = &registration.Paper{Issued: true}
	d.Holder = sampleHolder(identity.Pending)
	d.Holder.Account.Username = "bedofamuna"
	d.Done = desk.Result{Account: d.Holder.Account, Until: sampleTime.Add(5 * 24 * time.Hour)}
	add("finished-issued", "finished", nil, d)
	d.Done.First, d.Sealed = "k7m4x-9rtph-2wnca", "sample"
	add("finished-first", "finished", nil, d)
}
