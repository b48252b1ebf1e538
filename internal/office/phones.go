package office

import (
	"context"
	"net/http"
	"path"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/office/paper"
	"kapu/internal/phone"
	desk "kapu/internal/registration/office"
	"kapu/internal/registration/paperproof"
	"kapu/internal/store"
	"kapu/internal/web"
)

const phones = home + "/phones"

// phoneWay leads to a telephone identifier.
func (x *Room) phoneWay() walkIn {
	visit := func(ctx context.Context, k desk.Clerk, id string) (desk.Visit, error) {
		v, _, err := x.Desk.PhoneVisit(ctx, k, id)
		return v, err
	}
	age := func() int { return x.Desk.Law.TelephoneAge(x.Desk.Now()) }
	return walkIn{path: phones, words: "phone", age: age, ask: x.Desk.AskPhone, visit: visit, check: x.Desk.CheckPhone}
}

func (x *Room) phoneRoutes() map[string]deskFunc {
	return x.walkInRoutes(x.phoneWay(), x.phone, map[string]deskFunc{
		"POST " + phones + "/{case}/issue":  x.issuePhone,
		"GET " + phones + "/{case}/issue":   back,
		"POST " + phones + "/{case}/end":    x.endPhone,
		"GET " + phones + "/{case}/end":     back,
		"GET " + phones + "/{case}/minutes": x.phoneMinutes,
	})
}

// phoneData is the dot of the page that leads to a telephone identifier.
type phoneData struct {
	walkInData
	Own   *phone.Own // that the person has; nil for none
	Texts bool       // the one-time password may go to a phone
}

// Ended tells whether the identifier was ended in this case.
func (d phoneData) Ended() bool {
	return len(d.Visit.Done) > 0 && d.Visit.Done[len(d.Visit.Done)-1].Act == desk.EndPhone
}

func (x *Room) phoneOf(v desk.Visit, own *phone.Own) phoneData {
	return phoneData{walkInData: x.phoneWay().of(v), Own: own, Texts: x.Texts}
}

// phone shows where the case stands: the register's answer, the way to the
// identifier, or what was done.
func (x *Room) phone(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	return x.phonePage(w, r, k, http.StatusOK, web.NewForm(map[string]string{"medium": "mail", "lang": "hu"}))
}

func (x *Room) phonePage(w http.ResponseWriter, r *http.Request, k desk.Clerk, status int, f *web.Form) error {
	v, own, err := x.Desk.PhoneVisit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryWalkIn(w, r, x.phoneWay(), err)
	}
	x.pages.Show(w, r, status, "phone", web.View{Form: f, Data: x.phoneOf(v, own)})
	return nil
}

var phoneFields = []web.Field{
	{Name: "medium", Max: longestShort}, {Name: "email", Max: longestPlace}, {Name: "phone", Max: longestShort}, {Name: "lang", Max: longestShort},
	{Name: "reason", Max: longestShort}, {Name: "words", Max: longestPlace}, versionField,
}

// readContact reads where the one-time password goes: to one address, never to both.
func (x *Room) readContact(f *web.Form) (c store.PhoneContact) {
	c.Lang = f.Value("lang")
	if c.Lang != "en" {
		c.Lang = "hu"
	}
	if x.Texts && f.Value("medium") == "sms" {
		number, err := identity.ParsePhone(f.Value("phone"))
		refusedAt(f, err)
		c.Phone = number.String()
		return c
	}
	email, err := identity.ParseEmail(f.Value("email"))
	refusedAt(f, err)
	c.Email = email.String()
	return c
}

// issuePhone issues an identifier, or another one-time password.
func (x *Room) issuePhone(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, phoneFields...)
	if err != nil {
		return err
	}
	order := desk.PhoneOrder{Contact: x.readContact(f), Order: desk.Order{Reason: readWhy(f, desk.Reasons()), Words: f.Value("words")}}
	if f.OK() {
		err = x.Desk.GivePhone(r.Context(), k, r.PathValue("case"), version(f), order)
	}
	if !f.OK() || x.phoneWay().refused(f, err) {
		return x.phonePage(w, r, k, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return x.awryWalkIn(w, r, x.phoneWay(), err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// endPhone ends the identifier of who stands here.
func (x *Room) endPhone(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "reason", Max: longestShort}, web.Field{Name: "words", Max: longestPlace}, versionField)
	if err != nil {
		return err
	}
	order := desk.Order{Reason: readWhy(f, desk.Reasons()), Words: f.Value("words")}
	if !f.OK() {
		return x.phonePage(w, r, k, http.StatusUnprocessableEntity, f)
	}
	if err := x.Desk.EndPhone(r.Context(), k, r.PathValue("case"), version(f), order); err != nil {
		return x.awryWalkIn(w, r, x.phoneWay(), err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// phoneHeading is what the minutes call themselves: the identifier is new, or only its password.
func phoneHeading(done desk.Done, own phone.Own) string {
	if own.Issued.Before(done.At.Truncate(time.Millisecond)) { // as the store keeps it
		return "office.paper.phone.again.title"
	}
	return "office.paper.phone.title"
}

// phoneMinutes prints that an identifier was issued, with the identifier and
// without the password, or that it ended.
func (x *Room) phoneMinutes(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, own, err := x.Desk.PhoneVisit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryWalkIn(w, r, x.phoneWay(), err)
	}
	if v.Stands() != desk.Issued || len(v.Done) == 0 {
		return web.NotFound()
	}
	done, l := v.Done[len(v.Done)-1], paperLang(r)
	office, err := x.officeOf(r.Context(), k)
	if err != nil {
		return err
	}
	clerk, err := x.clerkName(r, k)
	if err != nil {
		return err
	}
	m := paper.Record{Head: x.paperHead(l, office, ""), Title: x.Shell.Text(l, "office.act."+string(done.Act)+".title"),
		Person: x.personLines(l, v.Stated, identity.Account{}), Act: x.actLines(l, done, clerk), Sentences: x.sentences(l, done)}
	if done.Act == desk.IssuePhone && own != nil {
		m.Heading = x.Shell.Text(l, phoneHeading(done, *own))
		m.Act = append([]paper.Line{{Key: "phone-identifier", Value: own.Identifier[:4] + " " + own.Identifier[4:]}, {Key: "phone-issued", Value: day(l, law.Day(own.Issued))},
			{Key: "phone-sent", Value: done.Phone}}, m.Act...)
	}
	m.Proof = x.paperProof(paperproof.Handover, done.Entry, office, m.Made, m.Said())
	pdf, err := paper.Minutes(x.paperWords(l), m)
	if err != nil {
		return err
	}
	return sendPaper(w, "minutes", l, pdf)
}
