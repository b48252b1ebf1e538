package office

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kapu/internal/store/storetest"
	"kapu/internal/web"
)

func TestEverySampleIsShownInBothLanguages(t *testing.T) {
	db, clock := storetest.SQLite(t)
	s := newStand(t, db, clock)
	shell, err := web.New(web.Config{Issuer: "https://kapu.example", Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	New(Config{Texts: true, Gate: signedIn{s}, Shell: shell, Desk: s.desk})
	shown := 0
	for _, sample := range shell.Samples() {
		if sample.Room != "office" {
			continue
		}
		shown++
		for _, l := range web.Langs {
			w := s.get(sample.Path() + "?lang=" + string(l))
			if w.Code != http.StatusOK {
				t.Errorf("%s in %s: %d", sample.Path(), l, w.Code)
			}
			for _, bad := range []string{"office.", "<no value>", "%!"} {
				if strings.Contains(words(w), bad) {
					t.Errorf("%s in %s shows %q", sample.Path(), l, bad)
				}
			}
		}
	}
	if shown < 40 {
		t.Errorf("only %d samples", shown)
	}
}

var placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)

func TestBothLanguagesSayTheSame(t *testing.T) {
	texts := map[web.Lang]map[string]any{}
	for _, l := range web.Langs {
		raw, err := files.ReadFile("text/" + string(l) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var flat map[string]any
		if err := json.Unmarshal(raw, &flat); err != nil {
			t.Fatal(err)
		}
		texts[l] = flat
	}
	for key, hu := range texts[web.Hungarian] {
		en, ok := texts[web.English][key]
		if !ok || !slices.Equal(held(hu), held(en)) {
			t.Errorf("%s differs between the languages", key)
		}
	}
	if len(texts[web.Hungarian]) != len(texts[web.English]) {
		t.Error("one language has more keys")
	}
}

// held are the placeholders of a text, sorted.
func held(text any) []string {
	raw, _ := json.Marshal(text)
	found := placeholder.FindAllString(string(raw), -1)
	slices.Sort(found)
	return found
}
