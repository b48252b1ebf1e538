package provisional

import (
	"testing"

	"kapu/internal/browsertest"
)

// The clock stands still here: only what the script computes earns anything.
func TestTheScriptEarnsTheRightAndGoesOnByItself(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	w := open(t)
	for range 200 { // a crowd at the provider: more is to be computed than the form asked for
		if _, err := w.room.count(t.Context(), byDomain, "posta.example"); err != nil {
			t.Fatal(err)
		}
	}
	p.Visit(w.URL + dataPath + "?lang=hu")
	p.In("Születési neve").Fill("Családi név", "Próba")
	p.In("Születési neve").Fill("Utónév", "Ágnes")
	p.In("Anyja születési neve").Fill("Családi név", "Minta")
	p.In("Anyja születési neve").Fill("Utónév", "Éva")
	p.Fill("Születési hely", "Győr")
	p.Fill("Születési idő", "1968. 03. 14.")
	p.Fill("Felhasználónév", "ŐsziEső")
	p.Fill("E-mail-cím", "agnes@posta.example")
	p.Until(`document.querySelector("input[name=work]").value !== ""`, "the script has computed nothing")
	p.Click("Kérem a kódot")
	p.See("Erősítse meg az e-mail-címét")
	if n := len(w.Letters(t)); n != 1 {
		t.Errorf("%d letters", n)
	}
}
