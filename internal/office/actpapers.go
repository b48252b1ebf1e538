package office

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/office/paper"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/registration/paperproof"
	"kapu/internal/store"
	"kapu/internal/web"
)

// minutes prints what was done today on an account, for both to sign.
func (x *Room) minutes(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	o, err := x.Desk.Visited(r.Context(), k, r.PathValue("account"))
	if err != nil {
		return x.awry(w, r, err)
	}
	i := slices.IndexFunc(o.Visit.Done, func(d desk.Done) bool { return d.Entry == r.PathValue("entry") })
	if i < 0 {
		return web.NotFound()
	}
	p := o.Person
	stated := registration.Stated{CurrentName: p.CurrentName, Core: p.Core, Address: p.Address, Document: o.Visit.Stated.Document}
	return x.printMinutes(w, r, k, stated, o.Account, o.Visit.Done[i])
}

// cardMinutes prints that the code of a card was handed over.
func (x *Room) cardMinutes(w http.ResponseWriter, r *http.Request, k desk.Clerk) error {
	v, err := x.Desk.CardCode(r.Context(), k, r.PathValue("case"))
	if err != nil {
		return x.awryWalkIn(w, r, x.cardWay(), err)
	}
	if v.Stands() != desk.Issued {
		return web.NotFound()
	}
	return x.printMinutes(w, r, k, v.Stated, identity.Account{}, v.Done[len(v.Done)-1])
}

func (x *Room) printMinutes(w http.ResponseWriter, r *http.Request, k desk.Clerk, s registration.Stated, a identity.Account, done desk.Done) error {
	office, err := x.officeOf(r.Context(), k)
	if err != nil {
		return err
	}
	clerk, err := x.clerkName(r, k)
	if err != nil {
		return err
	}
	l := paperLang(r)
	title := x.Shell.Text(l, "office.act."+string(done.Act)+".title")
	m := paper.Record{Head: x.paperHead(l, office, ""), Title: title, Person: x.personLines(l, s, a),
		Act: x.actLines(l, done, clerk), Sentences: x.sentences(l, done)}
	kind, id := paperproof.Minutes, a.ID
	if id == "" { // whom no account stands for, the entry does
		kind, id = paperproof.Handover, done.Entry
	}
	m.Proof = x.paperProof(kind, id, office, m.Made, m.Said())
	pdf, err := paper.Minutes(x.paperWords(l), m)
	if err != nil {
		return err
	}
	return sendPaper(w, "minutes", l, pdf)
}

func (x *Room) clerkName(r *http.Request, k desk.Clerk) (name string, err error) {
	err = x.Desk.DB.View(r.Context(), func(tx *store.Tx) error {
		p, err := tx.Person(k.Person)
		name = p.CurrentName.String()
		return err
	})
	return name, err
}

func (x *Room) personLines(l web.Lang, s registration.Stated, a identity.Account) []paper.Line {
	document := x.documentFacts(l, s.Document)
	return []paper.Line{
		{Key: "current-name", Value: s.CurrentName.String()}, {Key: "birth-name", Value: s.BirthName.String()},
		{Key: "mother", Value: s.MotherBirthName.String()}, {Key: "birth-place", Value: s.BirthPlace}, {Key: "birth-date", Value: day(l, s.BirthDate)},
		{Key: "document-kind", Value: document.Kind}, {Key: "document-number", Value: document.Number}, {Key: "username", Value: string(a.Username)},
	}
}

func (x *Room) actLines(l web.Lang, d desk.Done, clerk string) []paper.Line {
	lines := []paper.Line{{Key: "act", Value: x.Shell.Text(l, "office.act."+string(d.Act)+".title")}}
	if d.Kind != "" {
		lines[0].Value += ": " + x.Shell.Text(l, "office.waiting."+d.Kind)
	}
	lines[0].Value += x.changeWords(l, d)
	return append(lines, paper.Line{Key: "email", Value: string(d.Email)}, paper.Line{Key: "reason", Value: x.Shell.Text(l, "office.why."+d.Reason)},
		paper.Line{Key: "words", Value: d.Words}, paper.Line{Key: "at", Value: moment(l, d.At)}, paper.Line{Key: "clerk", Value: clerk},
		paper.Line{Key: "entry", Value: d.Entry})
}

// sentences are what the citizen signs: that they asked for it, and what follows.
func (x *Room) sentences(l web.Lang, d desk.Done) []string {
	until := moment(l, d.Until)
	if d.Act == desk.Extend {
		until = day(l, law.Day(d.Until))
	}
	return []string{x.Shell.Text(l, "office.minutes.asked"), x.Shell.Text(l, "office.minutes."+string(d.Act), "Until", until, "With", d.With), x.Shell.Text(l, "office.minutes.ledger")}
}

// changeWords are what of a disposition was changed, or at which services somebody
// may act, as the minutes say it.
func (x *Room) changeWords(l web.Lang, d desk.Done) (words string) {
	if c := d.Change; c != nil {
		words = ": " + x.Shell.Text(l, "office.changed."+string(c.Act))
		if c.Method != "" {
			words += " – " + x.Shell.Text(l, catalogue.MethodKey(c.Method))
		}
		if c.Act == disposition.Least {
			words += " – " + x.Shell.Text(l, "office.least."+strconv.Itoa(int(c.Level)))
		}
		for _, k := range c.Kinds {
			words += "; " + x.Shell.Text(l, catalogue.KindKey(k))
		}
	}
	for _, id := range d.Services {
		if s := x.Catalogue.Service(id); s != nil {
			words += "; " + catalogue.In(s.Name, string(l))
		}
	}
	return words
}

// moment is a moment as a paper shows it, on the clock of Budapest.
func moment(l web.Lang, at time.Time) string {
	clock := map[web.Lang]string{web.Hungarian: "15.04", web.English: "15:04"}
	return day(l, law.Day(at)) + " " + at.In(law.Budapest).Format(clock[l])
}

// shownOfCard is how much of a card's number its letter shows: the whole would
// complete the code.
const shownOfCard = 4

// envelope answers with the letter that brings a card's code, this once.
func (x *Room) envelope(w http.ResponseWriter, r *http.Request, k desk.Clerk, e desk.Envelope) error {
	office, err := x.officeOf(r.Context(), k)
	if err != nil {
		return err
	}
	l, s := paperLang(r), e.Visit.Stated
	letter := paper.Letter{Head: x.paperHead(l, office, ""), Name: s.CurrentName, Address: s.Address, Card: s.Document.Number[len(s.Document.Number)-shownOfCard:],
		Code: e.Code, Expires: day(l, law.Day(e.Expires)), Link: x.CardLink}
	letter.Proof = x.paperProof(paperproof.Envelope, e.ID, office, letter.Made, letter.Said())
	pdf, err := paper.Envelope(x.paperWords(l), letter)
	if err != nil {
		return err
	}
	return sendPaper(w, "envelope", l, pdf)
}
