package portal

import (
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// pageOfHistory is how many entries one page of the history shows.
const pageOfHistory = 25

// found is a page of the history.
type found struct {
	Entries []told
	Next    string // where the next page begins; "": this is the last
}

// read reads a page of a person's history: every entry stands on exactly one
// page, whatever is appended meanwhile.
func (x *Room) read(tx *store.Tx, person string, f ledger.Filter, before string, most int) (page found, err error) {
	some, err := x.Ledger.Search(tx, person, f, before, most)
	if err != nil {
		return page, err
	}
	page.Next = some.Next
	for _, r := range some.Records {
		t, err := x.tell(tx, r)
		if err != nil {
			return page, err
		}
		page.Entries = append(page.Entries, t)
	}
	return page, nil
}

// historyData is the dot of the history.
type historyData struct {
	Sorts    []sortLink
	Days     []day
	First    string // address of the newest entries; "": these are the newest
	Next     string // address of earlier entries
	All      bool   // nothing was chosen
	Narrowed bool   // more was chosen than a drawer
	Sort     string
	Services []any // to choose from, as the form's components take them
	Methods  []any
	Clear    string // address without the rest of the choice
	Export   string // address of the page that makes a file of this
}

type sortLink struct {
	Key, URL string
	Chosen   bool
}

// day is the entries of one calendar day in Budapest.
type day struct {
	At      time.Time
	Name    string // key of "today" or "yesterday", or ""
	Entries []told
}

// history shows a page of everything that happened in the visitor's name.
func (x *Room) history(w http.ResponseWriter, r *http.Request) error {
	c := choiceOf(r.URL.Query())
	form, status := c.form(), http.StatusOK
	filter := c.filter(form)
	var page found
	if form.OK() {
		err := x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
			page, err = x.read(tx, broker.Of(r.Context()).Session.Person(), filter, c.before, pageOfHistory)
			return err
		})
		if err != nil {
			return err
		}
	} else {
		status = http.StatusUnprocessableEntity
	}
	d := x.historyPage(web.Language(r), c, page)
	x.pages.Show(w, r, status, "history", web.View{Form: form, Data: d})
	return nil
}

func (x *Room) historyPage(l web.Lang, c choice, page found) historyData {
	d := historyData{
		Sorts: c.sortLinks(), Days: x.days(page.Entries), All: c.query() == "", Narrowed: c.narrowed(), Sort: c.Sort,
		Services: itemsOf(x.Shell.Text(l, "portal.filter.any"), x.serviceOptions(l, c.Service)),
		Methods:  itemsOf(x.Shell.Text(l, "portal.filter.any"), x.methodOptions(l)), Clear: choice{Sort: c.Sort}.address(""),
		Export: exportPath + "?" + c.query(),
	}
	if c.before != "" {
		d.First = c.address("")
	}
	if page.Next != "" {
		d.Next = c.address(page.Next)
	}
	return d
}

func (x *Room) days(entries []told) (days []day) {
	today := law.Day(x.Now())
	for _, t := range entries {
		if n := len(days); n == 0 || law.Day(days[n-1].At) != law.Day(t.At) {
			d := day{At: t.At}
			switch law.Day(t.At) {
			case today:
				d.Name = "portal.history.today"
			case today.AddDays(-1):
				d.Name = "portal.history.yesterday"
			}
			days = append(days, d)
		}
		days[len(days)-1].Entries = append(days[len(days)-1].Entries, t)
	}
	return days
}
