package services

import (
	"regexp"
	"slices"
	"testing"
)

var used = regexp.MustCompile(`\.T "([a-z.]+)"`)

func TestTexts(t *testing.T) {
	raw, err := files.ReadFile("page.html")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, m := range used.FindAllSubmatch(raw, -1) {
		keys["services."+string(m[1])] = true
	}
	for _, p := range []Party{Tax(), Town(), Library(), Health()} {
		keys["services.lead."+p.ID] = true
		for _, c := range slices.Concat(p.Claims, p.Consent, p.Match) {
			keys["services.claim."+string(c)] = true
		}
	}
	for _, l := range spoken {
		for key := range keys {
			if texts[l][key] == "" {
				t.Errorf("%s: %s is missing", l, key)
			}
		}
		for key := range texts[l] {
			if texts["hu"][key] == "" || texts["en"][key] == "" {
				t.Errorf("%s is in one language only", key)
			}
		}
	}
}
