package e2e

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/app/demo"
	"kapu/internal/browsertest"
)

// forgotten: the username comes by mail, and so does the way to a new password;
// the second factor stays.
func forgotten(t *testing.T, h *house, b *browsertest.Browser) {
	v, l := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	v.at("/enter")
	v.picks("totp")
	v.clicks("password.signin.forgot")
	v.clicks("recovery.start.username.go")
	v.types("recovery.email", l.Email)
	v.clicks("recovery.name.go")
	v.sees("recovery.told.title")
	v.opensMail(l.Email, "Az Ön felhasználóneve")
	v.See(l.Username)

	v.asksForPassword(l.Username, "nem.enyem@posta.example")
	v.asksForPassword(l.Username, l.Email)
	v.follows(l.Email, "Új jelszó az ügyfélkapujához")
	v.types("recovery.new.password", newPassword)
	v.clicks("recovery.new.go")
	v.sees("recovery.done.title")
	v.clicks("recovery.done.go")
	old := l
	l.Password = newPassword
	v.typesPassword(old)
	v.sees("password.signin.wrong")
	v.types("password.signin.username", l.Username)
	v.types("password.signin.password", l.Password)
	v.clicks("password.signin.go")
	v.typesCode(l)
	v.clicks("totp.signin.go")
	v.sees("portal.account.title")
}

// asksForPassword is told the same whether name and address belong together or not.
func (v visitor) asksForPassword(username, email string) {
	v.at("/recover/password")
	v.types("recovery.username", username)
	v.types("recovery.email", email)
	v.clicks("recovery.password.go")
	v.sees("recovery.mailed.title")
}

const removalMail = "Kikapcsoljuk az Ügyfélkapu+"

// lostAuthenticator: the desk announces that the second factor comes off. Stopped
// from the letter the first time; after a day without a word the second.
func lostAuthenticator(t *testing.T, h *house, b *browsertest.Browser) {
	v, clerk, l := h.visitor(t, b), h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	clerk.at("/office")
	clerk.signsIn(h.Clerks[0])
	clerk.receives(l, h.documents(l))
	clerk.acts("remove-totp", "lost")
	clerk.sees("office.waiting.remove-totp")
	v.follows(l.Email, removalMail)
	v.clicks("account.stop.remove-totp.go")
	v.sees("account.done.stop-remove-totp.title")
	h.pass(25 * time.Hour)
	v.at("/account")
	v.signsIn(l)
	v.sees("portal.account.title")
	v.clicks("shell.signout")

	clerk.at("/office")
	clerk.signsIn(h.Clerks[0])
	clerk.receives(l, h.documents(l))
	clerk.acts("remove-totp", "lost")
	h.mail(l.Email, removalMail)
	h.pass(24*time.Hour + time.Minute)
	h.mail(l.Email, "Kikapcsolták az Ügyfélkapu+")
	v.at("/enter")
	v.typesPassword(l)
	l.TOTPSecret, _ = v.enrols(l.Password)
	v.reaches(h.Services[tax])
	v.states(l.TaxNumber)
	v.See(serviceWords[v.lang].signedIn)
}

// receives looks an account up because its owner stands at the desk, and proves
// by their document that it is they.
func (v visitor) receives(l demo.Login, e demo.Entry) {
	v.at("/office/accounts")
	v.types("office.account.username", l.Username)
	v.within("office.search.born").clicks("office.search")
	v.Click(l.Username)
	v.Check(v.said("office.reason.presence"))
	v.clicks("office.reason.go")
	v.clicks("office.visit.prove")
	v.sees("office.presence.title")
	v.Check(v.said("office.kind." + string(e.Document.Kind)))
	v.types("office.data.number", e.Document.Number)
	v.types("office.data.issued", day(e.Document.Issued))
	v.types("office.data.expires", day(e.Document.Expires))
	v.clicks("office.data.go")
	v.sees("office.acts.title")
}

// acts does what the owner at the desk asks for.
func (v visitor) acts(act, why string) {
	v.clicks("office.act." + act + ".title")
	v.Check(v.said("office.why." + why))
	v.clicks("office.act." + act + ".go")
	v.sees("office.done.title")
}

// review: the lot lays what one clerk did before another, and never before the first.
func review(t *testing.T, h *house, b *browsertest.Browser) {
	acting, second, l := h.clerkIn(t, b), h.atOffice(t, b, h.Clerks[1]), h.citizen("ends-soon", 0)
	acting.receives(l, h.documents(l))
	acting.acts("extend", "request")
	h.pass(2 * time.Minute) // the ledger signs its tree, and then the lot is drawn

	second.at("/office/reviews")
	second.clicks("office.act.extend.title")
	second.sees("office.review.ask.title")
	review := second.Address()
	for _, path := range []string{h.Issuer + "/office/reviews", review} {
		acting.Visit(path)
		if acting.Sees(l.Name) || acting.Sees(acting.said("office.review.act")) || strings.HasPrefix(path, review) && acting.Status() < 400 {
			t.Errorf("who did it is shown %s", path)
		}
	}
	second.clicks("office.reason.go")
	second.sees("office.review.title")
	for _, must := range []string{l.Name, l.Username, h.Clerks[0].Username, second.said("office.why.request")} {
		second.See(must)
	}
	second.Check(second.said("office.review.doubtful"))
	second.clicks("office.review.go")
	second.sees("office.review.words.missing")
	second.types("office.review.words", "Hol van az aláírt kérelem?")
	second.clicks("office.review.go")
	second.sees("office.reviews.done")
	second.sees("office.reviews.none")
}
