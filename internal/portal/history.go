package portal

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	// pageOfHistory is how many entries one page of the history shows.
	pageOfHistory = 25
	// batchOfHistory is how many entries are read at a time, and mostRead how
	// many are looked through for one page when only some are wanted. The page
	// then ends where the search stopped, and goes on from there.
	batchOfHistory = 100
	mostRead       = 1000
)

// leaf says which page of the history is wanted.
type leaf struct {
	before string // id of the last entry of the page before, or ""
	sort   string // one of sorts, or "" for all
	most   int    // entries
}

// found is a page of the history.
type found struct {
	Entries []told
	Next    string // where the next page begins; "": this is the last
}

// read reads a page of a person's history: every entry stands on exactly one
// page, whatever is appended meanwhile.
func (x *Room) read(tx *store.Tx, person string, l leaf) (f found, err error) {
	last, batch := l.before, l.most+1
	if l.sort != "" {
		batch = batchOfHistory
	}
	for seen := 0; ; seen += batch {
		if seen >= mostRead {
			f.Next = last
			return f, nil
		}
		records, err := x.Ledger.History(tx, person, last, batch)
		if err != nil {
			return f, err
		}
		for _, r := range records {
			if l.wants(r.Kind) && len(f.Entries) == l.most {
				f.Next = last
				return f, nil
			}
			last = r.ID
			if !l.wants(r.Kind) {
				continue
			}
			t, err := x.tell(tx, r)
			if err != nil {
				return f, err
			}
			f.Entries = append(f.Entries, t)
		}
		if len(records) < batch {
			return f, nil
		}
	}
}

func (l leaf) wants(kind string) bool {
	t, known := tales[kind]
	if !known {
		t = unknownKind
	}
	return l.sort == "" || l.sort == t.sort
}

// historyData is the dot of the history.
type historyData struct {
	Sorts []sortLink
	Days  []day
	First string // address of the newest entries; "": these are the newest
	Next  string // address of earlier entries
	All   bool   // no sort was chosen
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
	l := leafOf(r.URL.Query())
	var page found
	err := x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		page, err = x.read(tx, broker.Of(r.Context()).Session.Person(), l)
		return err
	})
	if err != nil {
		return err
	}
	d := historyData{Sorts: sortLinks(l.sort), Days: x.days(page.Entries), All: l.sort == ""}
	if l.before != "" {
		d.First = address(l.sort, "")
	}
	if page.Next != "" {
		d.Next = address(l.sort, page.Next)
	}
	x.pages.Show(w, r, http.StatusOK, "history", web.View{Data: d})
	return nil
}

// leafOf reads an address; what it cannot read it takes for the beginning.
func leafOf(q url.Values) leaf {
	l := leaf{most: pageOfHistory}
	if s := q.Get("sort"); slices.Contains(sorts, s) {
		l.sort = s
	}
	if b := q.Get("before"); uuid.Validate(b) == nil {
		l.before = b
	}
	return l
}

func address(sort, before string) string {
	q := url.Values{}
	if sort != "" {
		q.Set("sort", sort)
	}
	if before != "" {
		q.Set("before", before)
	}
	return (&url.URL{Path: "/account/history", RawQuery: q.Encode()}).String()
}

func sortLinks(chosen string) []sortLink {
	links := []sortLink{{"portal.sort.all", address("", ""), chosen == ""}}
	for _, s := range sorts {
		links = append(links, sortLink{"portal.sort." + s, address(s, ""), chosen == s})
	}
	return links
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
