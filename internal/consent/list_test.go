package consent_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"kapu/internal/web"
)

func TestTheListAndTakingBack(t *testing.T) {
	w := open(t)
	anna, bela := w.citizen("KissAnna"), w.citizen("NagyBela")
	b := w.asked(w.Browser(t), anna, askTown)
	decides(t, b, "ticked", "email").See(http.StatusOK)
	b.Visit("/account/consents").See(http.StatusOK, "Kisfalud", "Engedélyezte", "e-mail-cím", "Nem engedélyezte", "lakcím", "Törvény alapján kapja", "2011. évi CLXXXIX. törvény")

	// Whose it is not finds nothing, and takes nothing back.
	other := w.asked(w.Browser(t), bela, `/ask?q={"s":"town"}`)
	other.Visit("/account/consents").See(http.StatusOK, "Még egyetlen szolgáltatásról sem döntött")
	other.Post("/account/consents", "service", "town").See(http.StatusOK)
	if len(w.decision(anna.PersonID).Allows) != 1 || w.count(bela.PersonID, "consent.withdrawn") != 0 {
		t.Error("another took it back")
	}
	twin := b.Twin()
	b.Post("/account/consents", "service", "town").At("/account/consents").See(http.StatusOK, "Visszavonta a döntését", "Még egyetlen")
	twin.Post("/account/consents", "service", "town").See(http.StatusOK, "Visszavonta a döntését")
	if n := w.count(anna.PersonID, "consent.withdrawn"); n != 1 {
		t.Errorf("%d withdrawals", n)
	}
	w.asked(b, anna, askTown).At(decidePath)
	if strings.Contains(b.Body, " checked") {
		t.Error("what was taken back is ticked")
	}
	w.Browser(t).Visit("/account/consents").At("/signin/choose")
	b.Visit("/account/consents?withdrawn=%3Cb%3E").See(http.StatusOK)
	if strings.Contains(b.Body, "Visszavonta") {
		t.Error("the page says what did not happen")
	}
}

func TestAServiceThatIsGone(t *testing.T) {
	w := open(t)
	anna := w.citizen("KissAnna")
	b := w.asked(w.Browser(t), anna, askTown)
	page := b.URL.String()
	w.check(w.Broker.Catalogue.Replace(services()[1:]))
	b.Visit(page).See(http.StatusGone)
	w.check(w.Broker.Catalogue.Replace(services()))
	b.Visit(page)
	decides(t, b, "ticked", "email").See(http.StatusOK)
	w.check(w.Broker.Catalogue.Replace(services()[1:]))
	b.Visit("/account/consents").See(http.StatusOK, ">town<", "e-mail-cím").Post("/account/consents", "service", "town").See(http.StatusOK, "Még egyetlen")
}

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

func TestSamplesShowInBothLanguages(t *testing.T) {
	w := open(t)
	b, shown := w.Browser(t), 0
	for _, s := range w.Shell.Samples() {
		if s.Room != "consent" {
			continue
		}
		shown++
		for _, lang := range web.Langs {
			b.Visit(s.Path() + "?lang=" + string(lang)).See(http.StatusOK)
			for _, bad := range []string{">consent.", "no value", "%!", "{{"} {
				if strings.Contains(b.Body, bad) {
					t.Errorf("%s in %s shows %q", s.Path(), lang, bad)
				}
			}
		}
	}
	if shown < 15 {
		t.Errorf("only %d samples", shown)
	}
}
