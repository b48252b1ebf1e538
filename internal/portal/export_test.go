package portal

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// order sends the form of the page that makes a file.
func (c *citizen) order(format string, more ...string) answer {
	c.w.t.Helper()
	q := url.Values{"format": {format}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return c.w.postAs(c.client, exportPath, q)
}

func TestAFileBringsEveryEntryWithItsReceipt(t *testing.T) {
	eachEngine(t, func(w *world) {
		anna, bela := w.citizen("Anna").signIn(), w.citizen("Bela").signIn()
		id := anna.append(ledger.Released{Service: "tax", Data: []string{"name"}, Ground: "2017. évi CL. törvény", Method: law.TOTP, Level: law.Substantial})
		bela.append(ledger.AccountActivated{})
		w.sequence()
		waiting := anna.append(ledger.PasswordSet{Occasion: "change", Account: anna.account})
		got := anna.order("json")
		if got.header.Get("Content-Type") != "application/json" || !strings.Contains(got.header.Get("Content-Disposition"), "kapu-naplo-2026-03-02.json") {
			w.t.Errorf("%v", got.header)
		}
		var file exportFile
		w.must(json.Unmarshal([]byte(got.body), &file))
		if file.Format != exportFormat || !file.Complete || file.Person != anna.person || file.Ledger != "kapu.example/ledger" || len(file.Entries) != 3 {
			w.t.Fatalf("%+v", file)
		}
		first, released := file.Entries[0], file.Entries[1]
		if first.ID != waiting || first.Place != nil || string(first.Receipt) != "null" || string(first.Fields["account"]) != `"`+anna.account+`"` {
			w.t.Errorf("the entry that waits: %+v", first)
		}
		if released.ID != id || released.Told != "Adóhivatal – eBevallás megkapta: név. Jogalap: 2017. évi CL. törvény." || string(released.Fields["service"]) != `"tax"` {
			w.t.Errorf("%+v", released)
		}
		p, err := ledger.VerifyReceipt(released.Receipt, file.Keys...)
		if err != nil || p.ID != id || p.Person != anna.person {
			w.t.Errorf("the receipt in the file: %+v, %v", p, err)
		}
		anna.get("/account/history").has(w.t, "<strong>Letöltötte</strong> a naplóját JSON-fájlban, bizonylatokkal (3 bejegyzés).")
	})
}

func TestAFileHoldsWhatWasChosen(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	anna.append(ledger.Released{Service: "tax"})
	w.clock.Advance(48 * time.Hour)
	late := anna.signIn().append(ledger.Released{Service: "town"})
	for name, c := range map[string]struct {
		chosen []string
		want   int
	}{
		"a drawer":  {[]string{"sort", "data"}, 2},
		"a service": {[]string{"service", "town"}, 1},
		"since":     {[]string{"from", "2026. 03. 04.", "sort", "data"}, 1},
		"until":     {[]string{"until", "2026-03-03", "sort", "data"}, 1},
	} {
		var file exportFile
		w.must(json.Unmarshal([]byte(anna.order("json", c.chosen...).body), &file))
		count := 0
		for _, e := range file.Entries {
			if e.Kind != "history.exported" {
				count++
			}
		}
		if count != c.want {
			t.Errorf("%s: %d entries of %s, want %d", name, count, late, c.want)
		}
	}
	if got := anna.order("json", "from", "tegnap"); got.status != http.StatusSeeOther {
		t.Errorf("a day that is none: %d", got.status)
	}
}

func TestThePDFIsInHungarianLetters(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (Debian package poppler-utils): the file's words cannot be read back")
	}
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	anna.append(ledger.LookedUp{Office: "kisfalud", Reason: "presence", Words: "űrlap, őrzés, Ödön 𠮷"})
	w.sequence()
	got := anna.order("pdf")
	if got.header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	file := filepath.Join(t.TempDir(), "naplo.pdf")
	w.must(os.WriteFile(file, []byte(got.body), 0o600))
	out, err := exec.CommandContext(t.Context(), tool, "-layout", file, "-").Output()
	w.must(err)
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{"Kivonat az azonosítási naplóból", "Kiss Anna naplója, 2026. március 2.", "megtekintette a regisztrációját, mert Ön ott volt, és kérte (űrlap, őrzés, Ödön",
		"Belépett Ügyfélkapu+ azonosítással", "1. oldal, összesen 1", "A napló lenyomata"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
}

func TestFilesAreBounded(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	w.update(func(tx *store.Tx) error {
		many := make([]ledger.Entry, mostInJSON+5)
		for i := range many {
			many[i] = ledger.Entry{Person: anna.person, Event: ledger.AccountActivated{Account: anna.account}}
		}
		return w.ledger.AppendMany(tx, many)
	})
	w.sequence()
	var file exportFile
	w.must(json.Unmarshal([]byte(anna.order("json").body), &file))
	if len(file.Entries) != mostInJSON || file.Complete {
		t.Errorf("%d entries, complete: %v", len(file.Entries), file.Complete)
	}
	pdf := anna.order("pdf")
	if pdf.status != http.StatusOK || len(pdf.body) > 2<<20 {
		t.Errorf("%d, %d bytes", pdf.status, len(pdf.body))
	}
	for range exportsAtOnce {
		w.room.exporting <- struct{}{}
	}
	if got := anna.order("json"); got.status != http.StatusServiceUnavailable {
		t.Errorf("one file too many at a time: %d", got.status)
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// What a file says of an entry is what its page says.
func TestTheFileSaysWhatThePageSays(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	for _, e := range events {
		anna.append(e)
	}
	var file exportFile
	w.must(json.Unmarshal([]byte(anna.order("json").body), &file))
	pages := ""
	for path := "/account/history"; path != ""; {
		page := anna.get(path)
		pages += strings.ReplaceAll(html.UnescapeString(tag.ReplaceAllString(page.body, "")), "**", "")
		path = ""
		if m := nextLink.FindStringSubmatch(page.body); m != nil {
			path = html.UnescapeString(m[1])
		}
	}
	for _, e := range file.Entries {
		if !strings.Contains(pages, e.Told) {
			t.Errorf("no page says %q (%s)", e.Told, e.Kind)
		}
	}
	if web.Hungarian != file.Language || len(file.Entries) < len(events) {
		t.Errorf("%s, %d entries", file.Language, len(file.Entries))
	}
}

func TestTheFilterIsAFormThatNeedsNoScript(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	anna.append(ledger.Released{Service: "tax", Data: []string{"name"}, Method: law.TOTP})
	anna.append(ledger.Released{Service: "town", Method: law.Passkey})
	page := anna.get("/account/history?service=town&sort=data")
	page.has(t, `<form class="portal-filter__in" method="get"`, `<option value="town" selected>`, `name="sort" value="data"`, "Önkormányzati ügyek</strong> azonosította", `href="/account/history?service=town"`, `href="/account/history/export?service=town&amp;sort=data"`)
	page.lacks(t, "Adóhivatal – eBevallás</strong>")
	anna.get("/account/history?method=totp&sort=data").lacks(t, "Önkormányzati ügyek</strong>")
	anna.get("/account/history?from=2026.+03.+02.&until=2026-03-02").has(t, "Adóhivatal – eBevallás</strong>", `value="2026-03-02"`)
	anna.get("/account/history?until=2026-03-01").has(t, "Ilyen bejegyzés nincs.")
	for q, want := range map[string]string{"from=tegnap": "Írjon be egy napot", "from=2026-03-03&until=2026-03-01": "Az utolsó nap nem lehet korábbi"} {
		got := anna.get("/account/history?" + q)
		got.has(t, want)
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", q, got.status)
		}
	}
	anna.get(exportPath+"?service=town&from=2026-03-01").has(t, "Csak ez a szolgáltatás: Önkormányzati ügyek", "Kezdőnap: 2026. március 1.", `name="service" value="town"`)
}
