package portal

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kapu/internal/law"
	"kapu/internal/ledger"
)

var (
	receiptLink = regexp.MustCompile(`href="/account/history/([0-9a-f-]{36})"`)
	nextLink    = regexp.MustCompile(`href="([^"]*)" rel="next"`)
)

// walk follows the history from page to page and returns the ids in its order.
func (c *citizen) walk(path string, between func()) (ids []string, pages int) {
	c.w.t.Helper()
	for path != "" {
		page := c.get(path)
		if page.status != http.StatusOK {
			c.w.t.Fatalf("%s: %d", path, page.status)
		}
		for _, m := range receiptLink.FindAllStringSubmatch(page.body, -1) {
			ids = append(ids, m[1])
		}
		if pages++; pages > 50 {
			c.w.t.Fatal("the history has no end")
		}
		path = ""
		if m := nextLink.FindStringSubmatch(page.body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
		between()
	}
	return ids, pages
}

func TestTheHistoryIsCompleteAndHoldsNothingTwice(t *testing.T) {
	eachEngine(t, func(w *world) {
		anna, bela := w.citizen("Anna").signIn(), w.citizen("Bela")
		signedIn, _ := anna.walk("/account/history", func() {})
		var all, data []string
		for i := range 70 {
			if i%3 == 0 {
				bela.append(ledger.Released{Service: "town"})
			}
			id := anna.append(ledger.AccountActivated{})
			if i%5 == 0 {
				id2 := anna.append(ledger.Released{Service: "tax", Data: []string{"name"}})
				all, data = append(all, id), append(data, id2)
				id = id2
			}
			all = append(all, id)
		}
		slices.Reverse(all)
		slices.Reverse(data)
		// Entries that come while somebody reads do not move the pages.
		read := 0
		got, pages := anna.walk("/account/history", func() {
			if read++; read == 1 {
				anna.append(ledger.PasswordSet{Occasion: "change"})
			}
		})
		if want := append(all, signedIn...); !slices.Equal(got, want) || pages != (len(want)+pageOfHistory-1)/pageOfHistory {
			w.t.Errorf("%d entries on %d pages, of %d", len(got), pages, len(want))
		}
		if got, _ := anna.walk("/account/history?sort=data", func() {}); !slices.Equal(got, data) {
			w.t.Errorf("data handed over: %d entries, of %d", len(got), len(data))
		}
	})
}

func TestAFilteredHistoryReadsSoMuchAtATimeAndGoesOn(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	oldest := anna.append(ledger.Released{Service: "tax"})
	const mostRead = 1024 // by the ledger's search, for one page
	for range mostRead + 5 {
		anna.append(ledger.Released{Service: "town"})
	}
	const filtered = "/account/history?service=tax"
	anna.get(filtered).has(t, "a korábbiak között még lehet")
	if ids, pages := anna.walk(filtered, func() {}); !slices.Equal(ids, []string{oldest}) || pages != 2 {
		t.Errorf("%d entries on %d pages", len(ids), pages)
	}
}

func TestAHistoryNobodyMadeSense(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	for _, q := range []string{"?sort=nonsense", "?before=nonsense", "?before=%00", "?before=00000000-0000-0000-0000-000000000000", "?sort=office&sort=data", "?service=nothing", "?method=nothing", "?method=%00&service=%ff"} {
		if got := anna.get("/account/history" + q); got.status != http.StatusOK {
			t.Errorf("%s: %d", q, got.status)
		}
	}
	anna.get("/account/history?sort=office").has(t, "Ilyen bejegyzés nincs.")
}

func TestTheHistoryIsToldByDay(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	anna.append(ledger.LookedUp{Office: "kisfalud", Reason: "presence", Words: "adatváltozás"})
	anna.append(ledger.Throttled{Method: law.Password, Scope: "account"})
	page := anna.get("/account/history")
	page.has(t, "Ma, 2026. március 2.", "kisfalud</strong> megtekintette a regisztrációját, mert Ön ott volt, és kérte (adatváltozás).", "portal-entry--odd")
	if n := strings.Count(page.body, `class="portal-day"`); n != 1 {
		t.Errorf("%d days", n)
	}
}

func TestSomebodyElsesEntryIsNotFound(t *testing.T) {
	eachEngine(t, func(w *world) {
		anna, bela := w.citizen("Anna").signIn(), w.citizen("Bela").signIn()
		id := anna.append(ledger.Released{Service: "tax", Data: []string{"name"}})
		w.sequence()
		for _, path := range []string{"/account/history/%s", "/account/history/%s/receipt.json"} {
			if got := anna.get(fmt.Sprintf(path, id)); got.status != http.StatusOK {
				w.t.Errorf("one's own "+path+": %d", id, got.status)
			}
			for _, stranger := range []string{id, "00000000-0000-7000-8000-000000000000", "nonsense", id + "0", strings.ToUpper(id)} {
				if got := bela.get(fmt.Sprintf(path, stranger)); got.status != http.StatusNotFound {
					w.t.Errorf("somebody else's "+path+": %d", stranger, got.status)
				}
			}
		}
		if got := w.get(w.browser(), "/account/history/"+id); got.status != http.StatusSeeOther {
			w.t.Errorf("nobody's: %d", got.status)
		}
	})
}
