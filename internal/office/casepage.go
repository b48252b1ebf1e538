package office

import (
	"net/http"
	"strconv"

	"kapu/internal/identity"
	"kapu/internal/register"
	"kapu/internal/registration"
	desk "kapu/internal/registration/office"
	"kapu/internal/web"
)

// caseData is the dot of every page of a case.
type caseData struct {
	Case     registration.Case
	Base     string // address of the case; "" before it is opened
	Steps    []step
	Outdated bool // the register must be asked again

	Rows     []answerRow        // of the register's answer
	Headline string             // which of the answer's titles
	Count    int                // of data that differ
	Accounts []identity.Account // that the person has already
	Fee      string             // of a further account, in forints; "" when the law sets none
	Paid     string             // what is recorded of it, in forints
	Years    []int              // of validity, to choose from
	Holder   desk.Holder        // of a finished case
	Done     desk.Result

	Provisional []identity.Account // with the same four data, made on the web
	Sealed      string             // the first password, for the sheet to be printed
}

// Abroad says whether the case is one of a consulate.
func (d caseData) Abroad() bool { return d.Case.Channel == identity.ChannelConsulate }

// step is a line of the checklist.
type step struct{ Kind, Key, URL string }

const (
	stepData        = iota
	stepAnswer      //
	stepAccount     //
	stepDeclaration //
	stepDone        //
)

var stepPaths = []string{"data", "answer", "account", "", ""}

// reached is how far a case in a state has come.
func reached(s registration.State) int {
	switch s {
	case registration.Data, registration.Unchecked, registration.Differs:
		return stepAnswer
	case registration.Checked:
		return stepAccount
	case registration.Declaration:
		return stepDeclaration
	}
	return stepDone
}

// checklist is the list on the left, seen from the step that the page shows.
func checklist(c registration.Case, base string, now int) (steps []step) {
	far := stepData
	if base != "" {
		far = reached(c.Stands())
	}
	for i, path := range stepPaths {
		s := step{Kind: "todo", Key: "office.step." + strconv.Itoa(i+1)}
		switch {
		case i == now:
			s.Kind = "now"
		case i < far:
			s.Kind = "done"
		}
		if base != "" && i != now && i <= far && far < stepDone {
			s.URL = base + "/" + path
		}
		steps = append(steps, s)
	}
	return steps
}

func (x *Room) caseData(c registration.Case, now int) caseData {
	base := registrations + "/" + c.ID
	d := caseData{Case: c, Base: base, Steps: checklist(c, base, now), Outdated: c.Stands().Open() && x.Desk.Outdated(c)}
	if c.Fee != nil {
		d.Paid = thousands(c.Fee.Forints)
	}
	return d
}

func (x *Room) show(w http.ResponseWriter, r *http.Request, status int, page string, d caseData, f *web.Form) error {
	x.pages.Show(w, r, status, page, web.View{Form: f, Data: d})
	return nil
}

// answerRow is a line of the register's answer beside what was typed.
type answerRow struct {
	Field   string   // key of the label: office.field.<Field>
	Typed   []string // lines
	Date    identity.Date
	Kind    identity.DocumentKind
	Result  string   // "same", "differs" or "unknown"
	Answers []string // keys of what the register says
}

var results = map[register.Result]string{register.Match: "same", register.Differs: "differs", register.NotChecked: "unknown"}

// answerRows lays the register's answer beside what was typed.
func answerRows(s registration.Stated, a registration.Answer) (rows []answerRow) {
	rows = append(rows, documentRow(s.Document, a.Verdict))
	for _, l := range []struct {
		field register.Field
		typed string
		date  identity.Date
	}{
		{field: register.BirthName, typed: s.BirthName.String()}, {field: register.CurrentName, typed: s.CurrentName.String()},
		{field: register.MotherBirthName, typed: s.MotherBirthName.String()}, {field: register.BirthPlace, typed: s.BirthPlace},
		{field: register.BirthDate, date: s.BirthDate}, {field: register.Address, typed: addressLine(s.Address)},
	} {
		row := answerRow{Field: string(l.field), Date: l.date}
		if l.typed != "" {
			row.Typed = []string{l.typed}
		}
		row.Result, row.Answers = findingWords(a.Verdict.Of(l.field))
		rows = append(rows, row)
	}
	nationality := a.Nationality(s)
	return append(rows, answerRow{Field: "nationality", Typed: []string{s.Nationality},
		Result: results[nationality], Answers: []string{"office.result." + string(nationality)}})
}

func findingWords(f register.Finding) (result string, keys []string) {
	for _, part := range f.Parts {
		keys = append(keys, "office.part."+string(part))
	}
	if keys == nil {
		keys = []string{"office.result." + string(f.Result)}
	}
	return results[f.Result], keys
}

// documentRow is the document: both what the register knows of it and what differs.
func documentRow(d identity.Document, v register.Verdict) answerRow {
	row := answerRow{Field: "document", Kind: d.Kind, Typed: []string{d.Number}}
	found := v.Of(register.Document)
	row.Result, row.Answers = findingWords(found)
	switch {
	case v.Document != register.DocumentValid && v.Person != register.PersonUnknown:
		row.Result = "differs"
		if found.Result != register.Differs {
			row.Answers = nil
		}
		row.Answers = append([]string{"office.document." + string(v.Document)}, row.Answers...)
	case found.Result == register.Match:
		row.Answers = []string{"office.document.valid"}
	}
	return row
}

// addressLine is an address in one line; "" for people without one, who live abroad.
func addressLine(a identity.Address) string {
	if a == (identity.Address{}) {
		return ""
	}
	line := a.PostalCode + " " + a.Settlement + ", " + a.Street
	if a.Country != identity.Hungary {
		line += " (" + a.Country + ")"
	}
	return line
}

// headline chooses the title of the answer's page: the gravest of what it says.
func headline(c registration.Case) (title string, count int) {
	v := c.Answer.Verdict
	count = len(c.Answer.Differing(c.Stated))
	switch {
	case c.Answer.Agrees(c.Stated):
		return "agrees", 0
	case v.Person == register.PersonUnknown:
		return "unknown", 0
	case v.Person == register.Deceased:
		return "deceased", 0
	case v.Document == register.DocumentLost || v.Document == register.DocumentExpired:
		return "document-" + string(v.Document), 0
	case v.Document == register.DocumentUnknown && count <= 1:
		return "document-unknown", 0
	}
	return "differs", count
}
