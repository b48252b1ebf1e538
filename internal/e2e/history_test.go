package e2e

import (
	"strings"
	"testing"
	"time"

	"kapu/internal/browsertest"
)

// TestACitizenReadsProvesAndTakesAway: the history narrowed, the receipt of an entry
// with its witness, checked by the browser itself, and the whole as a PDF.
func TestACitizenReadsProvesAndTakesAway(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	h := open(t, "")
	v, who := h.visitor(t, b), h.citizen("ugyfelkapu-plus", 0)
	v.at("/enter")
	v.signsIn(who)
	v.sees("portal.home.hello", "Name", who.Name)
	h.pass(time.Second)     // the tree grows
	h.pass(2 * time.Minute) // and its head settles
	if seen, err := h.demo.Witness.Look(t.Context()); err != nil || seen.Size == 0 {
		t.Fatalf("the witness: %+v, %v", seen, err)
	}

	v.at("/account/history?method=totp&sort=signin")
	v.types("portal.filter.from", h.clock.Now().AddDate(0, 0, -1).Format("2006. 01. 02."))
	v.clicks("portal.filter.go")
	v.See("Belépett Ügyfélkapu+ azonosítással.")
	if strings.Contains(v.Text(), "regisztrálta") {
		t.Error("the filter lets an office's entry through")
	}
	v.Click(v.said("portal.entry.receipt"))
	v.See("witness.demo.kapu.example/w1")
	kind, receipt := v.Download(v.said("portal.receipt.download"))
	if kind != "application/json" {
		t.Errorf("the receipt is %s", kind)
	}

	v.at("/ledger/check")
	v.types("portal.checker.receipt", string(receipt))
	v.Push(v.said("portal.checker.go"))
	v.sees("portal.checker.why.genuine")
	v.See("witness.demo.kapu.example/w1")
	v.types("portal.checker.receipt", strings.Replace(string(receipt), "totp", "card", 1))
	v.Push(v.said("portal.checker.go"))
	v.sees("portal.checker.why.place")

	v.at("/account/history")
	v.clicks("portal.history.export")
	kind, file := v.DownloadForm(v.said("portal.export.pdf.go"))
	if kind != "application/pdf" {
		t.Errorf("the file is %s", kind)
	}
	words := strings.Join(strings.Fields(read(t, file)), " ")
	for _, must := range []string{"Kivonat az azonosítási naplóból", who.Name, "Belépett Ügyfélkapu+ azonosítással."} {
		if !strings.Contains(words, must) {
			t.Errorf("the file does not hold %q:\n%s", must, words)
		}
	}
	v.at("/account/history")
	v.See("Letöltötte a naplóját PDF-fájlban")
	v.at("/ledger")
	v.sees("portal.ledger.witnesses")
	v.See("witness.demo.kapu.example/w1")
	h.pass(time.Second)
	h.verifies()
}
