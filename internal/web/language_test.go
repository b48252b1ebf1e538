package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestLanguageChoice(t *testing.T) {
	for _, c := range []struct {
		name, query, cookie, accept string
		want                        Lang
		remembered                  bool
	}{
		{"nothing said", "", "", "", Hungarian, false},
		{"the browser says English", "", "", "en-GB,en;q=0.9", English, false},
		{"the browser prefers Hungarian", "", "", "hu;q=1,en;q=0.9", Hungarian, false},
		{"a language we do not speak", "", "", "fr, de;q=0.9", Hungarian, false},
		{"a later one we speak", "", "", "fr, en;q=0.5", English, false},
		{"the device remembers", "", "en", "hu", English, false},
		{"a forged cookie", "", "xx", "en", English, false},
		{"the switch wins", "?lang=hu", "en", "en", Hungarian, true},
		{"a service asks", "?ui_locales=de+en-US", "hu", "hu", English, false},
		{"a service asks for what we lack", "?ui_locales=de", "en", "hu", English, false},
		{"nonsense", "?lang=klingon", "", "!!", Hungarian, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := site(t, Config{})
			w := visit(h, "GET", "/portal"+c.query, func(r *http.Request) {
				r.Header.Set("Accept-Language", c.accept)
				if c.cookie != "" {
					r.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
				}
			})
			if !strings.Contains(w.Body.String(), `<html lang="`+string(c.want)+`">`) {
				t.Errorf("not in %s", c.want)
			}
			if got := w.Header().Get("Set-Cookie") != ""; got != c.remembered {
				t.Errorf("remembered: %v (%s)", got, w.Header().Get("Set-Cookie"))
			}
		})
	}
}

func TestLanguageSwitchKeepsTheAddress(t *testing.T) {
	h, _ := site(t, Config{})
	body := visit(h, "GET", "/portal?q=a%26b&lang=hu").Body.String()
	if !strings.Contains(body, `href="?lang=en&amp;q=a%26b"`) {
		t.Error(body)
	}
	if w := visit(h, "GET", "//evil.example/%2e?lang=en"); strings.Contains(w.Body.String(), "evil") {
		t.Error("the switch leads to another host")
	}
}
