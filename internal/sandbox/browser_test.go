package sandbox

import (
	"strings"
	"testing"

	"kapu/internal/browsertest"
)

// A developer opens the page with a code, in a browser without scripts, in both
// languages.
func TestADeveloperReadsThePage(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	h := newHouse(t)
	for _, e := range sampleExchanges() {
		keep(t, h.keeper, "tax", e)
	}
	p.NoScripts(true)
	p.Visit(h.URL + Path("tax"))
	p.Fill("Belépőkód", "ABCD-EFGH")
	p.Click("Megnyitás")
	p.See("Ez a kód nem nyitja az oldalt")
	p.Fill("Belépőkód", h.code("tax"))
	p.Click("Megnyitás")
	for _, words := range []string{"Homokozó fejlesztőknek", "invalid_client", "A bejegyzése szerint így kellene: private_key_jwt", "••• (412 karakter)"} {
		p.See(words)
	}
	if strings.Contains(p.Address(), "?") {
		t.Errorf("the address is %s", p.Address())
	}
	p.NoScripts(false)
	for _, lang := range []string{"hu", "en"} {
		p.Visit(h.URL + Path("tax") + "?lang=" + lang)
		for _, narrow := range []bool{true, false} {
			width, height := browsertest.DesktopWidth, browsertest.DesktopHeight
			if narrow {
				width, height = browsertest.PhoneWidth, browsertest.PhoneHeight
			}
			p.Resize(width, height)
			p.Dark(narrow)
			if wide := p.Overflow(); wide != "" {
				t.Errorf("%s: wider than the window: %s", lang, wide)
			}
			for _, v := range p.Axe() {
				t.Errorf("%s: %s", lang, v)
			}
		}
	}
	p.See("a JWT; its header says")
}
