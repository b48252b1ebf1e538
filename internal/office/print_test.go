package office

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/simulator/population"
	"kapu/internal/store/storetest"
)

// text is what pdftotext reads from a paper, in the order of the lines.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (Debian package poppler-utils): the paper's words cannot be read back")
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(context.Background(), tool, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return blanks.ReplaceAllString(string(out), " ")
}

func TestThePapersSayTheSameBeforeAndAfter(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	odon := s.people.In(population.Ordinary)[3] // Űrhegyi Ödön, mother Őri Tünde, Győr
	base := s.chosen(odon, "ŰrhegyiÖdön", "odon@example.hu")
	facts := []string{"Űrhegyi Ödön", "Őri Tünde", "Győr", "1997. 01. 01.", "9021 Győr, Árpád út 7. (HU)", "ŰrhegyiÖdön", "odon@example.hu",
		"útlevél", odon.Documents[0].Number, "2031. 03. 02.", strings.TrimPrefix(base, "/office/registrations/"), "Kormányablak, Kisfalud"}
	look := func() (sheet, declaration string) {
		return s.paper(t, base+"/sheet.pdf"), s.paper(t, base+"/declaration.pdf")
	}
	before, declared := look()
	for name, c := range map[string]struct {
		paper string
		more  []string
	}{
		"sheet":       {before, []string{"Regisztrációs adatlap", "SZL-", "Teendői", "5 nap", "az ügyfél aláírása", "1. oldal, összesen"}},
		"declaration": {declared, []string{"Adatszolgáltatási nyilatkozat", "tudomásul veszem", "összeveti a személyiadat- és lakcímnyilvántartással", "az ügyintéző aláírása"}},
	} {
		for _, want := range append(c.more, facts...) {
			if !strings.Contains(c.paper, want) {
				t.Errorf("the %s lacks %q:\n%s", name, want, c.paper)
			}
		}
	}
	s.follow(base+"/finish", map[string][]string{"version": {s.shown(s.get(base))}, "signed": {"yes"}})
	after, declaredAfter := look()
	if after != before || declaredAfter != declared {
		t.Errorf("printed again it differs:\n%s\n%s", before, after)
	}
}

// paper is the text of a paper; asking twice gives the same bytes.
func (s *stand) paper(t *testing.T, path string) string {
	t.Helper()
	w := s.get(path)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(w.Body.Bytes(), []byte("%PDF-")) {
		t.Fatalf("%s: %d", path, w.Code)
	}
	if again := s.get(path); !bytes.Equal(again.Body.Bytes(), w.Body.Bytes()) {
		t.Errorf("%s: not the same bytes twice", path)
	}
	if len(w.Result().Cookies()) != 0 {
		t.Error("the paper's language became the desk's")
	}
	return text(t, w.Body.Bytes())
}

func TestThePapersSpeakEnglishWhenAsked(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	foreigner := s.people.In(population.Foreigner)[0]
	base := s.chosen(foreigner, "JurgenMuller", "j@example.de")
	for path, want := range map[string]string{"/sheet.pdf?lang=en": "Registration sheet", "/declaration.pdf?lang=en": "Data declaration"} {
		paper := s.paper(t, base+path)
		for _, words := range []string{want, "Müller Jürgen", "Groß Ingeborg", "14 February 1969", "passport", "DE"} {
			if !strings.Contains(paper, words) {
				t.Errorf("%s lacks %q:\n%s", path, words, paper)
			}
		}
	}
}

func TestLongAndShortNamesFitThePaper(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	for _, situation := range []population.Situation{population.LongName, population.ShortName, population.Apostrophe, population.Hyphen} {
		e := s.people.In(situation)[0]
		base := s.checked(e)
		paper := strings.ReplaceAll(s.paper(t, base+"/declaration.pdf"), " ", "")
		for _, want := range []string{e.Person.BirthName.String(), e.Person.MotherBirthName.String(), e.Person.Address.Street} {
			if !strings.Contains(paper, strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%s: lacks %q:\n%s", situation, want, paper)
			}
		}
	}
}
