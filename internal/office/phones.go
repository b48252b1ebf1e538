package office

import (
	"errors"
	"net/http"
	"path"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/office/paper"
	"kapu/internal/phone"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/registration/paperproof"
	"kapu/internal/store"
	"kapu/internal/web"
)

const phones = home + "/phones"

func (x *Room) phoneRoutes() map[string]deskFunc {
	return map[string]deskFunc{
		"GET " + phones + "/new":            x.blankPhone,
		"GET " + phones:                     toNewPhone,
		"POST " + phones:                    x.askPhone,
		"GET " + phones + "/{case}":         x.phone,
		"GET " + phones + "/{case}/data":    x.phoneData,
		"POST " + phones + "/{case}/data":   x.correctPhone,
		"POST " + phones + "/{case}/issue":  x.issuePhone,
		"GET " + phones + "/{case}/issue":   back,
		"POST " + phones + "/{case}/end":    x.endPhone,
		"GET " + phones + "/{case}/end":     back,
		"GET " + phones + "/{case}/minutes": x.phoneMinutes,
	}
}

func toNewPhone(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
	return web.SeeOther(w, r, phones+"/new")
}

// phoneData is the dot of the pages that lead to a telephone identifier.
type phoneData struct {
	Visit    desk.Visit
	Base     string // "" before the case is opened
	Rows     []answerRow
	Headline string
	Count    int
	Own      *phone.Own // that the person has; nil for none
	Reasons  []any
}

// Ended tells whether the identifier was ended in this case.
func (d phoneData) Ended() bool {
	return len(d.Visit.Done) > 0 && d.Visit.Done[len(d.Visit.Done)-1].Act == desk.EndPhone
}

func phoneOf(v desk.Visit, own *phone.Own) phoneData {
	d := phoneData{Visit: v, Base: phones + "/" + v.ID, Own: own, Reasons: itemsOf("office.why.", desk.Reasons())}
	if v.Answer != nil {
		c := registration.Case{Contents: registration.Contents{Stated: v.Stated, Answer: v.Answer}}
		d.Rows = answerRows(c.Stated, *c.Answer)
		d.Headline, d.Count = headline(c)
	}
	return d
}

func (x *Room) blankPhone(w http.ResponseWriter, r *http.Request, _ desk.Clerk) error {
	return x.phoneForm(w, r, http.StatusOK, phoneData{}, blankForm())
}

func (x *Room) phoneForm(w http.ResponseWriter, r *http.Request, status int, d phoneData, f *web.Form) error {
	x.pages.Show(w, r, status, "phoneform", web.View{Form: f, Data: d})
	return nil
}

// askPhone begins a case with what was typed, and asks the register.
func (x *Room) askPhone(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	stated := readStated(f)
	var v desk.Visit
	if f.OK() {
		v, err = x.Desk.AskPhone(r.Context(), k, stated)
	}
	if !f.OK() || refusedPhone(f, err) {
		return x.phoneForm(w, r, http.StatusUnprocessableEntity, phoneData{}, f)
	}
	if err != nil {
		return x.awryPhone(w, r, err)
	}
	return web.SeeOther(w, r, phones+"/"+v.ID)
}

// refusedPhone says at the fields what the law has against what was typed.
func refusedPhone(f *web.Form, err error) bool {
	var refused *desk.Refused
	if errors.As(err, &refused) && refused.Why == desk.RefusedPhoneAge {
		f.Fail("birth-date", "office.refused.phone-age")
		return true
	}
	return refusedAt(f, err)
}

func (x *Room) phoneData(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, own, err := x.Desk.PhoneVisit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryPhone(w, r, err)
	}
	return x.phoneForm(w, r, http.StatusOK, phoneOf(v, own), filled(v.Stated))
}

func (x *Room) correctPhone(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	f, err := web.ReadForm(w, r, dataFields...)
	if err != nil {
		return err
	}
	v, own, err := x.Desk.PhoneVisit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryPhone(w, r, err)
	}
	stated := readStated(f)
	if f.OK() {
		_, err = x.Desk.CheckPhone(r.Context(), k, v.ID, version(f), stated)
	}
	if !f.OK() || refusedPhone(f, err) {
		return x.phoneForm(w, r, http.StatusUnprocessableEntity, phoneOf(v, own), f)
	}
	if err != nil {
		return x.awryPhone(w, r, err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// phone shows where the case stands: the register's answer, the way to the
// identifier, or what was done.
func (x *Room) phone(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	return x.phonePage(w, r, k, http.StatusOK, web.NewForm(map[string]string{"medium": "mail", "lang": "hu"}))
}

func (x *Room) phonePage(w http.ResponseWriter, r *http.Request, k desk.Clerk, status int, f *web.Form) error {
	v, own, err := x.Desk.PhoneVisit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryPhone(w, r, err)
	}
	x.pages.Show(w, r, status, "phone", web.View{Form: f, Data: phoneOf(v, own)})
	return nil
}

var phoneFields = []web.Field{
	{Name: "medium", Max: longestShort}, {Name: "email", Max: longestPlace}, {Name: "phone", Max: longestShort}, {Name: "lang", Max: longestShort},
	{Name: "reason", Max: longestShort}, {Name: "words", Max: longestPlace}, versionField,
}

// readContact reads where the one-time password goes: to one address, never to both.
func readContact(f *web.Form) (c store.PhoneContact) {
	c.Lang = f.Value("lang")
	if c.Lang != "en" {
		c.Lang = "hu"
	}
	if f.Value("medium") == "sms" {
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
	order := desk.PhoneOrder{Contact: readContact(f), Order: desk.Order{Reason: readWhy(f, desk.Reasons()), Words: f.Value("words")}}
	if f.OK() {
		err = x.Desk.GivePhone(r.Context(), k, r.PathValue("case"), version(f), order)
	}
	if !f.OK() || refusedPhone(f, err) {
		return x.phonePage(w, r, k, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return x.awryPhone(w, r, err)
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
		return x.awryPhone(w, r, err)
	}
	return web.SeeOther(w, r, path.Dir(r.URL.Path))
}

// awryPhone makes a page of what went wrong on the way to an identifier.
func (x *Room) awryPhone(w http.ResponseWriter, r *http.Request, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NotFound()
	case errors.Is(err, desk.ErrOwn):
		return web.Forbidden("office.own")
	case errors.Is(err, desk.ErrAway):
		return web.SeeOther(w, r, phones+"/"+r.PathValue("case"))
	case errors.Is(err, store.ErrStale):
		x.pages.Show(w, r, http.StatusConflict, "moved", web.View{Data: awayData{Base: phones + "/" + r.PathValue("case")}})
		return nil
	}
	return err
}

// phoneMinutes prints that an identifier was issued, with the identifier and
// without the password, or that it ended.
func (x *Room) phoneMinutes(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, own, err := x.Desk.PhoneVisit(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryPhone(w, r, err)
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
		m.Heading = x.Shell.Text(l, "office.paper.phone.title")
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
