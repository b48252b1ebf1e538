package portal

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kapu/internal/browsertest"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/ledger/cosign"
	"kapu/internal/store"
)

// witnessed has a witness sign the ledger as it stands.
func (w *world) witnessed() (key string) {
	w.t.Helper()
	private, public, err := cosign.NewKey("witness.example/w1")
	w.must(err)
	w.ledger.WitnessKeys, w.room.Ledger.WitnessKeys = []string{public}, []string{public}
	signer, err := cosign.NewSigner(private, w.clock.Now)
	w.must(err)
	w.clock.Advance(2 * time.Minute)
	settled := w.get(w.browser(), "/ledger/settled")
	keys, err := w.ledger.VerifierKeys(w.clock.Now())
	w.must(err)
	v, err := note.NewVerifier(keys[0])
	w.must(err)
	n, err := note.Open([]byte(settled.body), note.VerifierList(v))
	w.must(err)
	signed, err := note.Sign(n, signer)
	w.must(err)
	r, err := http.Post(w.server.URL+"/ledger/cosignatures", "text/plain", strings.NewReader(string(signed)))
	w.must(err)
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("the signature was not taken: %d", r.StatusCode)
	}
	return public
}

// verdicts has the script of the page judge receipts, and returns what it doubts of each.
func verdicts(t *testing.T, p *browsertest.Page, receipts []string, options string) (doubts []string) {
	t.Helper()
	list, err := json.Marshal(receipts)
	if err != nil {
		t.Fatal(err)
	}
	p.Until(fmt.Sprintf("(window.asked = Promise.all(%s.map((r) => kapuReceipt.check(r, %s).then((v) => v.doubt, String))).then((all) => { document.title = JSON.stringify(all); }), true)", list, options), "the script is not there")
	p.Until(`document.title.startsWith("[")`, "the script gives no verdict")
	if err := json.Unmarshal([]byte(p.Title()), &doubts); err != nil {
		t.Fatal(err)
	}
	p.Until(`(document.title = "", true)`, "")
	return doubts
}

// The page and the command must say the same of every receipt: of the genuine one,
// of one that was changed in any byte, and without keys or witnesses.
func TestThePageJudgesAsTheCommandDoes(t *testing.T) {
	b := browsertest.Start(t)
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	for range 5 {
		anna.append(ledger.Released{Service: "tax"})
	}
	id := anna.append(ledger.Identified{Method: law.TOTP, Level: law.Substantial, Account: anna.account, Device: "Űrhajó 1"})
	anna.append(ledger.Released{Service: "town"})
	w.sequence()
	witness := w.witnessed()
	genuine := anna.get("/account/history/" + id + "/receipt.json").body
	keys, err := w.ledger.VerifierKeys(w.clock.Now())
	w.must(err)

	receipts := []string{genuine, "", "{}", "null", genuine[:len(genuine)/2], genuine + "x", strings.Replace(genuine, `"leaf"`, `"LEAF"`, 1), strings.Replace(genuine, `"position"`, `"position": 0, "more"`, 1)}
	for i := range len(genuine) {
		if genuine[i] < 0x80 { // one byte of a letter alone is not text that a page can hold
			receipts = append(receipts, genuine[:i]+string(genuine[i]^1)+genuine[i+1:])
		}
	}
	p := b.Visitor(t)
	p.Visit(w.server.URL + "/ledger/check")
	for name, c := range map[string]struct {
		trust   ledger.Trust
		options map[string]any
		all     []string
	}{
		"all of it":         {ledger.Trust{Keys: keys, Witnesses: []string{witness}, Need: 1}, map[string]any{"keys": keys, "witnesses": []string{witness}, "need": 1}, receipts},
		"no key":            {ledger.Trust{}, map[string]any{}, receipts[:8]},
		"too few witnesses": {ledger.Trust{Keys: keys, Witnesses: []string{witness}, Need: 2}, map[string]any{"keys": keys, "witnesses": []string{witness}, "need": 2}, receipts[:8]},
	} {
		options, err := json.Marshal(c.options)
		w.must(err)
		got := verdicts(t, p, c.all, string(options))
		for i, receipt := range c.all {
			_, err := c.trust.Verify([]byte(receipt))
			want, _ := err.(ledger.Doubt)
			if (got[i] == "") != (err == nil) || i < 8 && got[i] != string(want) {
				t.Errorf("%s, receipt %d: the page says %q, the command %v", name, i, got[i], err)
			}
		}
		if name == "all of it" && got[0] != "" {
			t.Errorf("the genuine receipt is doubted: %q", got[0])
		}
	}
}

func TestAReceiptIsCheckedInTheBrowserAndFromAFile(t *testing.T) {
	b := browsertest.Start(t)
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	id := anna.append(ledger.Released{Service: "tax", Data: []string{"name"}})
	w.sequence()
	w.witnessed()
	genuine := anna.get("/account/history/" + id + "/receipt.json").body
	saved := w.get(w.browser(), "/ledger/check.html")
	file := filepath.Join(t.TempDir(), "kapu-check.html")
	w.must(os.WriteFile(file, []byte(saved.body), 0o600))
	if !strings.Contains(saved.header.Get("Content-Disposition"), "attachment") || strings.Contains(saved.body, "src=") || strings.Contains(saved.body, "href=") {
		t.Errorf("the file is not one by itself: %v", saved.header)
	}
	p := b.Visitor(t)
	for _, address := range []string{w.server.URL + "/ledger/check", "file://" + file} {
		for _, c := range []struct{ text, says string }{
			{genuine, "A bizonylat valódi."},
			{strings.Replace(genuine, "tax", "tex", 1), "ez a bejegyzés nem áll az aláírt naplóban"},
			{"x", "Ez nem bizonylat"},
		} {
			p.Visit(address)
			p.Fill("Vagy másolja be a szövegét", c.text)
			p.Push("Ellenőrzés")
			p.See(c.says)
		}
		p.Visit(address)
		p.Fill("Vagy másolja be a szövegét", genuine)
		p.Push("Ellenőrzés")
		p.See("witness.example/w1")
		p.See("service.reached")
	}
	p.NoScripts(true)
	p.Visit(w.server.URL + "/ledger/check")
	p.See("kapu verify receipt")
	p.Click("ellenőrzés a kapuval")
	p.See("Ellenőrzés a kapuval")
}

func TestWitnessesAreShownAndStrangersAreNot(t *testing.T) {
	w := sqliteWorld(t)
	anna := w.citizen("Anna").signIn()
	id := anna.append(ledger.AccountActivated{})
	if got := w.get(w.browser(), "/ledger/settled"); got.status != http.StatusNotFound {
		t.Errorf("nothing is settled yet: %d", got.status)
	}
	w.sequence()
	w.get(w.browser(), "/ledger").has(t, "egyetlen külső tanú sem figyeli")
	anna.get("/account/history/"+id).lacks(t, "külső tanúk")
	w.witnessed()
	w.get(w.browser(), "/ledger").has(t, "witness.example/w1", "Az első 2 bejegyzést látta")
	anna.get("/account/history/"+id).has(t, "<strong>witness.example/w1</strong> külső tanúként látta")
	later := anna.append(ledger.AccountActivated{})
	w.sequence()
	anna.get("/account/history/"+later).has(t, "még nem írták alá")

	for path, want := range map[string]int{"?old=1&new=2": 200, "?old=2&new=2": 200, "?old=0&new=2": 404, "?old=2&new=1": 404, "?old=1&new=99": 404, "?old=x&new=2": 404, "": 404} {
		if got := w.get(w.browser(), "/ledger/consistency"+path); got.status != want {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	settled := w.get(w.browser(), "/ledger/settled").body
	for name, c := range map[string]struct {
		body string
		want int
	}{"nothing": {"", 403}, "our head alone": {settled[:strings.Index(settled, "\n— witness")+1], 403}, "too much": {strings.Repeat("x", maxCosigned+1), 413}, "again": {settled, 200}} {
		r, err := http.Post(w.server.URL+"/ledger/cosignatures", "text/plain", strings.NewReader(c.body))
		w.must(err)
		r.Body.Close()
		if r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, r.StatusCode, c.want)
		}
	}
	w.must(w.db.View(t.Context(), func(tx *store.Tx) error {
		report, err := w.ledger.Verify(t.Context(), ledger.Watch{Need: 1})
		if err != nil || !report.Sound() {
			t.Errorf("%v, %v", report, err)
		}
		return nil
	}))
}
