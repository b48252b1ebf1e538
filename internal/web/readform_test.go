package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func posted(body string) (*httptest.ResponseRecorder, *http.Request) {
	r := httptest.NewRequest(http.MethodPost, "/x?name=from-address", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return httptest.NewRecorder(), r
}

func TestReadFormCleansWhatPeopleType(t *testing.T) {
	for _, c := range []struct{ name, typed, want, wrong string }{
		{"blanks around", "  Anna \n", "Anna", ""},
		{"decomposed accents", "O\u030bri", "Őri", ""},
		{"a blank of no width breaks nothing", "Kiss Anna", "Kiss Anna", ""},
		{"too long, kept to be shortened", strings.Repeat("ő", 11), strings.Repeat("ő", 11), "shell.form.long"},
		{"just long enough", strings.Repeat("ő", 10), strings.Repeat("ő", 10), ""},
		{"a control character", "An\x00na", "", "shell.form.control"},
		{"a line break", "An\nna", "", "shell.form.control"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, r := posted(url.Values{"name": {c.typed}}.Encode())
			f, err := ReadForm(w, r, Field{Name: "name", Max: 10})
			if err != nil {
				t.Fatal(err)
			}
			wrong, _ := f.failure("name")
			if f.Value("name") != c.want || wrong.Key != c.wrong || f.OK() != (c.wrong == "") {
				t.Errorf("value %q, failure %q; want %q, %q", f.Value("name"), wrong.Key, c.want, c.wrong)
			}
		})
	}
}

func TestReadFormRefusesWhatNoBrowserSends(t *testing.T) {
	for _, c := range []struct {
		name, body, kind string
		status           int
	}{
		{"a field twice", "name=a&name=b", "application/x-www-form-urlencoded", 400},
		{"not UTF-8", "name=%ff", "application/x-www-form-urlencoded", 400},
		{"broken escapes", "name=%zz", "application/x-www-form-urlencoded", 400},
		{"too many fields", strings.Repeat("a=b&", maxFormFields), "application/x-www-form-urlencoded", 400},
		{"too large", "name=" + strings.Repeat("a", MaxForm), "application/x-www-form-urlencoded", 413},
		{"another type", `{"name":"a"}`, "application/json", 415},
		{"no type", "name=a", "", 415},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, r := posted(c.body)
			r.Header.Set("Content-Type", c.kind)
			_, err := ReadForm(w, r, Field{Name: "name"})
			var p *Problem
			if !errors.As(err, &p) || p.Status != c.status {
				t.Errorf("got %v, want a problem with status %d", err, c.status)
			}
		})
	}
}

func TestReadFormKeepsSecretsToTheByteAndNeverShowsThem(t *testing.T) {
	const secret = " O\u030b-titok "
	w, r := posted(url.Values{"password": {secret}}.Encode())
	f, err := ReadForm(w, r, Field{Name: "password", Secret: true})
	if err != nil || f.Value("password") != secret {
		t.Fatalf("%q, %v", f.Value("password"), err)
	}
	shell, pages := showroom(t, Config{})
	show := shell.Handler(func(w http.ResponseWriter, r *http.Request) error {
		pages.Show(w, r, http.StatusOK, "form", View{Form: f, Data: showroomData{Name: "A"}})
		return nil
	})
	if body := visit(show, "GET", "/").Body.String(); strings.Contains(body, "-titok") {
		t.Error("the page shows the secret")
	}
}

func TestReadFormDoesNotReadTheAddress(t *testing.T) {
	w, r := posted("other=1")
	f, err := ReadForm(w, r, Field{Name: "name"})
	if err != nil || f.Value("name") != "" || f.Value("other") != "" {
		t.Errorf("%q, %q, %v", f.Value("name"), f.Value("other"), err)
	}
}

func FuzzReadForm(f *testing.F) {
	for _, seed := range []string{"name=Anna", "name=a&name=b", "name=%ff&note=%0d%0a", "&&&=;", "name=O%CC%8B", "note=a%00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w, r := posted(body)
		form, err := ReadForm(w, r, Field{Name: "name", Max: 20}, Field{Name: "note", Max: 50, Lines: true})
		if err != nil {
			return
		}
		for _, name := range []string{"name", "note"} {
			v := form.Value(name)
			if !utf8.ValidString(v) || !norm.NFC.IsNormalString(v) || strings.ContainsAny(v, "\x00\r\x1b") {
				t.Errorf("%s = %q", name, v)
			}
			if form.OK() && utf8.RuneCountInString(v) > 50 {
				t.Errorf("%s is too long and nobody said so", name)
			}
		}
	})
}
