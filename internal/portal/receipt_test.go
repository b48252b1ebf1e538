package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kapu/internal/ledger"
)

func TestAReceiptFromEntryToProof(t *testing.T) {
	eachEngine(t, func(w *world) {
		anna := w.citizen("Anna").signIn()
		id := anna.append(ledger.Released{Service: "tax", Data: []string{"name"}})
		page := anna.get("/account/history/" + id)
		page.has(w.t, "A bizonylat készül")
		if page.header.Get("Refresh") != "2" {
			w.t.Errorf("a page that waits does not go on by itself: Refresh is %q", page.header.Get("Refresh"))
		}
		if got := anna.get("/account/history/" + id + "/receipt.json"); got.status != http.StatusSeeOther {
			w.t.Errorf("a receipt before its time: %d", got.status)
		}
		w.sequence()
		page = anna.get("/account/history/" + id)
		page.has(w.t, "most újra ellenőriztük", "/account/history/"+id+"/receipt.json", "service.reached")
		if page.header.Get("Refresh") != "" {
			w.t.Error("a finished page refreshes itself")
		}
		file := anna.get("/account/history/" + id + "/receipt.json")
		if file.header.Get("Content-Type") != "application/json" || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
			w.t.Errorf("the receipt is no file: %v", file.header)
		}
		got := w.post("/ledger/ask", url.Values{"receipt": {file.body}})
		got.has(w.t, "A bizonylat valódi.", "Adóhivatal – eBevallás</strong> megkapta: név.", anna.person)
		got = w.post("/ledger/ask", url.Values{"receipt": {strings.Replace(file.body, "tax", "tex", 1)}})
		got.has(w.t, "nem valódi")
		if got.status != http.StatusUnprocessableEntity {
			w.t.Errorf("a forged receipt: %d", got.status)
		}
	})
}

func TestThePublicLedger(t *testing.T) {
	w := sqliteWorld(t)
	w.get(w.browser(), "/ledger").has(t, "még nincs aláírt bejegyzés", "kapu.example/ledger")
	if got := w.get(w.browser(), "/ledger/checkpoint"); got.status != http.StatusNotFound {
		t.Errorf("no head yet: %d", got.status)
	}
	w.citizen("Anna").append(ledger.AccountActivated{})
	w.sequence()
	head := w.get(w.browser(), "/ledger/checkpoint")
	if !strings.HasPrefix(head.body, "kapu.example/ledger\n1\n") || !strings.HasPrefix(head.header.Get("Content-Type"), "text/plain") {
		t.Errorf("checkpoint: %q", head.body)
	}
	w.get(w.browser(), "/ledger").has(t, "<strong>1 bejegyzés</strong>", "kapu.example/ledger\n1\n")
	key := w.get(w.browser(), "/ledger/key")
	if !strings.HasPrefix(key.body, "kapu.example/ledger+") || strings.Count(key.body, "\n") != 1 {
		t.Errorf("key: %q", key.body)
	}
}

func TestPastingTooMuchOrNothing(t *testing.T) {
	w := sqliteWorld(t)
	for pasted, want := range map[string]int{"": 422, "{}": 422, strings.Repeat("x", longestReceipt+1): 422, strings.Repeat("[", 20_000): 422, strings.Repeat("x", 70_000): 413} {
		if got := w.post("/ledger/ask", url.Values{"receipt": {pasted}}); got.status != want {
			t.Errorf("%d characters: %d, want %d", len(pasted), got.status, want)
		}
	}
}

// FuzzCheckReceipt holds that whatever is posted, the page answers, and calls
// nothing genuine that the ledger did not give out.
func FuzzCheckReceipt(f *testing.F) {
	w := sqliteWorld(f)
	anna := w.citizen("Anna").signIn()
	id := anna.append(ledger.Released{Service: "tax", Data: []string{"name"}})
	w.sequence()
	genuine := anna.get("/account/history/" + id + "/receipt.json").body
	f.Add(strings.Replace(genuine, `"position": `, `"position": 1`, 1))
	f.Add(strings.Replace(genuine, "tax", "tex", 1))
	f.Add(genuine[:len(genuine)/2])
	f.Add(`{"version":1,"leaf":"","position":-1,"proof":[],"checkpoint":"","disclosures":[]}`)
	f.Add("null")
	f.Fuzz(func(t *testing.T, pasted string) {
		r := httptest.NewRequest(http.MethodPost, "/ledger/ask", strings.NewReader(url.Values{"receipt": {pasted}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		answer := httptest.NewRecorder()
		w.server.Config.Handler.ServeHTTP(answer, r)
		switch answer.Code {
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		case http.StatusOK:
			if !strings.Contains(answer.Body.String(), id) && !strings.Contains(answer.Body.String(), "signin.succeeded") {
				t.Errorf("something else was called genuine: %q", pasted)
			}
		default:
			t.Errorf("%d for %q", answer.Code, pasted)
		}
	})
}
