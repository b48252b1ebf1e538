package office

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/office/paper"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/registration/paperproof"
	"kapu/internal/store"
	"kapu/internal/web"
)

func (x *Room) sheet(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	return x.print(w, r, k, "sheet", paper.Sheet)
}

func (x *Room) declaration(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	return x.print(w, r, k, "declaration", paper.Declaration)
}

type maker func(paper.Words, paper.Facts) ([]byte, error)

// print answers with a paper of a case as PDF.
func (x *Room) print(w http.ResponseWriter, r *http.Request, k desk.Clerk, name string, make maker) error {
	c, h, err := x.paperCase(r.Context(), k, r.PathValue("case"))
	if errors.Is(err, store.ErrNotFound) || err == nil && c.Account == "" && !c.Stands().Open() {
		return web.NotFound()
	}
	if err != nil {
		return err
	}
	return x.pdf(w, r, k, name, make, c, h)
}

func (x *Room) pdf(w http.ResponseWriter, r *http.Request, k desk.Clerk, name string, make maker, c registration.Case, h desk.Holder) error {
	l := paperLang(r)
	office, err := x.officeOf(r.Context(), k)
	if err != nil {
		return err
	}
	f := x.facts(l, c, h, office)
	f.Proof = x.paperProof(paperproof.Kind(name), c.ID, office, f.Made, f.Said())
	pdf, err := make(x.paperWords(l), f)
	if err != nil {
		return err
	}
	return sendPaper(w, name, l, pdf)
}

// paperLang is Hungarian, or English if the address says ?lang=en: that asks for
// the paper's language, not for the desk's.
func paperLang(r *http.Request) web.Lang {
	if r.URL.Query().Get("lang") == string(web.English) {
		return web.English
	}
	return web.Hungarian
}

func (x *Room) paperWords(l web.Lang) paper.Words {
	return func(key string, args ...any) string { return x.Shell.Text(l, "office.paper."+key, args...) }
}

// paperHead is what stands around every paper of an office; id is the case's,
// and "" where a paper has none.
func (x *Room) paperHead(l web.Lang, office identity.Office, id string) paper.Head {
	now := x.Desk.Now()
	return paper.Head{Lang: string(l), Case: id, Office: office.Name, OfficeAddress: office.Address, Made: now, Day: day(l, law.Day(now))}
}

// paperProof is the proof that a paper is ours, from what it says.
func (x *Room) paperProof(kind paperproof.Kind, id string, office identity.Office, made time.Time, said []string) paper.Proof {
	return paper.Proof(x.Prover.Prove(paperproof.Paper{Kind: kind, ID: id, Office: office.ID, Made: made}, said))
}

// sendPaper answers with a paper, which nobody on the way keeps. The paper's
// language is not to become the desk's.
func sendPaper(w http.ResponseWriter, name string, l web.Lang, pdf []byte) error {
	head := w.Header()
	head.Del("Set-Cookie")
	head.Set("Content-Type", "application/pdf")
	head.Set("Content-Disposition", `inline; filename="`+name+"-"+string(l)+`.pdf"`)
	head.Set("Content-Length", strconv.Itoa(len(pdf)))
	head.Set("Cache-Control", "no-store")
	_, err := w.Write(pdf)
	return err
}

// facts are what a paper says: from the case while it is open, from the account
// once it is finished.
func (x *Room) facts(l web.Lang, c registration.Case, h desk.Holder, office identity.Office) paper.Facts {
	now := x.Desk.Now()
	f := paper.Facts{Head: x.paperHead(l, office, c.ID), ActivateWithin: x.Desk.Law.ActivationPeriod(now)}
	if c.Fee != nil {
		f.Fee, f.Receipt = x.Shell.Text(l, "office.further.sum", "Fee", thousands(c.Fee.Forints)), c.Fee.Receipt
	}
	if c.Account != "" {
		p := h.Person
		f.CurrentName, f.Core, f.BirthDate, f.Address, f.Nationality = p.CurrentName, p.Core, day(l, p.BirthDate), p.Address, p.Nationality
		f.Username, f.Email, f.ValidUntil = string(h.Account.Username), string(h.Account.Email), day(l, law.Day(h.Account.ValidUntil))
		f.Letters = x.Shell.Text(l, "office.lang."+h.Account.Lang)
		if c.Paper != nil {
			f.Issued = c.Paper.Issued
			f.Document, f.Trace, f.Checked = x.documentFacts(l, c.Paper.Document), c.Paper.Trace, day(l, law.Day(c.Paper.Checked))
		}
		return f
	}
	s := c.Stated
	f.CurrentName, f.Core, f.BirthDate, f.Address, f.Nationality = s.CurrentName, s.Core, day(l, s.BirthDate), s.Address, s.Nationality
	f.Document = x.documentFacts(l, s.Document)
	if c.Answer != nil {
		f.Trace, f.Checked = c.Answer.Verdict.Trace, day(l, law.Day(c.Answer.At))
	}
	if c.Choice != nil {
		f.Username, f.Email, f.ValidUntil = string(c.Choice.Username), string(c.Choice.Email), day(l, law.Day(desk.ValidUntil(now, c.Choice.Years)))
		f.Letters, f.Issued = x.Shell.Text(l, "office.lang."+c.Choice.Lang), c.Choice.Issued
	}
	return f
}

func (x *Room) documentFacts(l web.Lang, d identity.Document) paper.DocumentFacts {
	facts := paper.DocumentFacts{Kind: x.Shell.Text(l, "office.kind."+string(d.Kind)), Number: d.Number,
		Issued: day(l, d.Issued), Expires: x.Shell.Text(l, "office.paper.never")}
	if !d.Expires.IsZero() {
		facts.Expires = day(l, d.Expires)
	}
	return facts
}

// day is a day as a paper shows it: "1968. 03. 14." or "14 March 1968".
func day(l web.Lang, d identity.Date) string {
	if l == web.English {
		return d.In(time.UTC).Format("2 January 2006")
	}
	return registration.SpacedDate(d)
}
