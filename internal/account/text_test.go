package account_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"kapu/internal/web"
)

func TestTexts(t *testing.T) {
	if err := web.CheckTexts(os.DirFS("."), "account.way.", "account.laid."); err != nil {
		t.Error(err)
	}
}

func TestSamplesShowInBothLanguages(t *testing.T) {
	w := open(t)
	b, shown := w.Browser(t), 0
	for _, s := range w.Shell.Samples() {
		if s.Room != "account" {
			continue
		}
		shown++
		for _, lang := range web.Langs {
			b.Visit(s.Path() + "?lang=" + string(lang)).See(http.StatusOK)
			for _, bad := range []string{">account.", "account.confirm", "account.done", "no value", "%!", "{{"} {
				if strings.Contains(b.Body, bad) {
					t.Errorf("%s in %s shows %q", s.Path(), lang, bad)
				}
			}
		}
	}
	if shown < 30 {
		t.Errorf("only %d samples", shown)
	}
}
