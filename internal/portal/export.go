package portal

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	exportPath = "/account/history/export"
	// mostInJSON and mostInPDF are how many entries a file may hold: some 3 KiB each
	// with their receipts, and some forty pages.
	mostInJSON, mostInPDF = 1000, 500
	// exportsAtOnce is how many files a process makes at a time, and exportWait how
	// long whoever finds it busy is asked to wait.
	exportsAtOnce = 2
	exportWait    = 10 * time.Second
)

// exportData is the dot of the page on which a file is ordered.
type exportData struct {
	Hidden  []option // the choice, as the form carries it
	Words   []string // the choice in words
	Back    string
	InJSON  int
	InPDF   int
	Nothing bool // what was chosen holds no entry
}

// askExport says what a file will hold, and in which forms it can be had.
func (x *Room) askExport(w http.ResponseWriter, r *http.Request) error {
	c := choiceOf(r.URL.Query())
	form := c.form()
	f := c.filter(form)
	if !form.OK() {
		return web.SeeOther(w, r, c.address(""))
	}
	d := x.exportPage(web.Language(r), c)
	err := x.DB.View(r.Context(), func(tx *store.Tx) error {
		some, err := x.Ledger.Search(tx, broker.Of(r.Context()).Session.Person(), f, "", 1)
		d.Nothing = len(some.Records) == 0 && some.Next == ""
		return err
	})
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "export", web.View{Data: d})
	return nil
}

func (x *Room) exportPage(l web.Lang, c choice) exportData {
	d := exportData{Words: x.choiceWords(l, c), Back: c.address(""), InJSON: mostInJSON, InPDF: mostInPDF}
	for _, name := range []string{"sort", "service", "method", "from", "until"} {
		if v := *c.fields()[name]; v != "" {
			d.Hidden = append(d.Hidden, option{name, v})
		}
	}
	return d
}

// choiceWords are the choice in words, a line each.
func (x *Room) choiceWords(l web.Lang, c choice) (words []string) {
	say := func(chosen, key string, args ...any) {
		if chosen != "" {
			words = append(words, x.Shell.Text(l, key, args...))
		}
	}
	say(c.Sort, "portal.filter.said.sort", "Sort", x.Shell.Text(l, "portal.sort."+c.Sort))
	say(c.Service, "portal.filter.said.service", "Service", told{Service: x.serviceName(c.Service)}.ServiceIn(l))
	say(c.Method, "portal.filter.said.method", "Method", x.Shell.Text(l, methodKey(law.Method(c.Method))))
	say(c.From, "portal.filter.said.from", "Day", x.Shell.Date(l, dayOf(c.From)))
	say(c.Until, "portal.filter.said.until", "Day", x.Shell.Date(l, dayOf(c.Until)))
	return words
}

// export makes the file, and records that it was made before it leaves.
func (x *Room) export(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Field{Name: "format"}, web.Field{Name: "sort"}, web.Field{Name: "service"},
		web.Field{Name: "method"}, web.Field{Name: "from"}, web.Field{Name: "until"})
	if err != nil {
		return err
	}
	q := url.Values{}
	for _, name := range []string{"sort", "service", "method", "from", "until"} {
		q.Set(name, form.Value(name))
	}
	c := choiceOf(q)
	f := c.filter(form)
	if !form.OK() {
		return web.SeeOther(w, r, c.address(""))
	}
	select {
	case x.exporting <- struct{}{}:
		defer func() { <-x.exporting }()
	default:
		return web.Busy(exportWait)
	}
	made, err := x.extract(r, c, f, form.Value("format") == "pdf")
	if err != nil {
		return err
	}
	return made.send(w)
}

// extract is a part of one's history, ready to leave.
type extract struct {
	name, kind string
	content    []byte
}

func (x *Room) extract(r *http.Request, c choice, f ledger.Filter, asPDF bool) (made extract, err error) {
	at := law.Day(x.Now()).String()
	made = extract{name: "kapu-naplo-" + at + ".json", kind: "application/json"}
	make, most := x.exportJSON, mostInJSON
	if asPDF {
		made = extract{name: "kapu-naplo-" + at + ".pdf", kind: "application/pdf"}
		make, most = x.exportPDF, mostInPDF
	}
	p := portion{lang: web.Language(r), name: web.VisitorOf(r.Context()).Name, person: broker.Of(r.Context()).Session.Person(), choice: c, made: x.Now()}
	if err = x.DB.View(r.Context(), func(tx *store.Tx) error { return x.gather(tx, &p, f, most) }); err != nil {
		return made, err
	}
	if made.content, err = make(p); err != nil {
		return made, err
	}
	err = x.DB.Update(r.Context(), func(tx *store.Tx) error {
		format := map[bool]string{false: "json", true: "pdf"}[asPDF]
		_, err := x.Ledger.Append(tx, p.person, ledger.HistoryExported{Format: format, Entries: len(p.entries), From: f.From, Till: f.Till})
		return err
	})
	return made, err
}

func (m extract) send(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Content-Type", m.kind)
	h.Set("Content-Disposition", `attachment; filename="`+m.name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(m.content)))
	h.Set("Cache-Control", "no-store")
	_, err := w.Write(m.content)
	return err
}

// portion is what a file is made of.
type portion struct {
	lang         web.Lang
	name, person string
	choice       choice
	made         time.Time
	entries      []ledger.Exported
	tales        []told
	next         string // there is more: what comes after the last entry
	head         ledger.Head
	witnesses    []ledger.Standing
}

func (x *Room) gather(tx *store.Tx, p *portion, f ledger.Filter, most int) (err error) {
	if p.entries, p.next, err = x.Ledger.Export(tx, p.person, f, "", most); err != nil {
		return err
	}
	for _, e := range p.entries {
		t, err := x.tell(tx, e.Record)
		if err != nil {
			return err
		}
		p.tales = append(p.tales, t)
	}
	if p.head, err = x.Ledger.Head(tx); errors.Is(err, store.ErrNotFound) {
		p.head.VerifierKeys, err = x.Ledger.VerifierKeys(tx.Now)
	}
	if err != nil {
		return err
	}
	p.witnesses, err = x.Ledger.Witnesses(tx)
	return err
}

// exportFormat names the shape of the file; docs/history-export.md describes it.
const exportFormat = "kapu-history/1"

type exportFile struct {
	Format    string          `json:"format"`
	Ledger    string          `json:"ledger"`
	Person    string          `json:"person"`
	Made      time.Time       `json:"made"`
	Language  web.Lang        `json:"language"`
	Filter    choice          `json:"filter"`
	Complete  bool            `json:"complete"`
	Keys      []string        `json:"keys"`
	Witnesses []string        `json:"witnesses"`
	Entries   []exportedEntry `json:"entries"`
}

type exportedEntry struct {
	ID      string                     `json:"id"`
	At      time.Time                  `json:"at"`
	Kind    string                     `json:"kind"`
	Told    string                     `json:"told"`
	Place   *int64                     `json:"place"`
	Intact  bool                       `json:"intact"`
	Fields  map[string]json.RawMessage `json:"fields"`
	Receipt json.RawMessage            `json:"receipt"`
}

func (x *Room) exportJSON(p portion) ([]byte, error) {
	file := exportFile{Format: exportFormat, Ledger: x.Ledger.Origin, Person: p.person, Made: p.made.UTC(), Language: p.lang, Filter: p.choice,
		Complete: p.next == "", Keys: p.head.VerifierKeys, Witnesses: x.Ledger.WitnessKeys, Entries: []exportedEntry{}}
	for i, e := range p.entries {
		one := exportedEntry{ID: e.ID, At: e.At.UTC(), Kind: e.Kind, Told: x.say(p.lang, p.tales[i]), Intact: e.Intact, Fields: e.Fields, Receipt: e.Receipt}
		if e.Position >= 0 {
			one.Place = &e.Position
		}
		file.Entries = append(file.Entries, one)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err := encoder.Encode(file)
	return b.Bytes(), err
}
