package activation

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/store/storetest"
)

func FuzzDigitsOf(f *testing.F) {
	for _, seed := range []string{"12345678", "1234 5678", "1234-5678", "1234–5678\u00a0", "", "１２３４", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got := digitsOf(typed)
		if strings.ContainsFunc(got, unicode.IsSpace) || digitsOf(got) != got {
			t.Errorf("digitsOf(%q) = %q", typed, got)
		}
		digits := func(s string) string {
			return strings.Map(func(c rune) rune {
				if c < '0' || c > '9' {
					return -1
				}
				return c
			}, s)
		}
		if digits(got) != digits(typed) {
			t.Errorf("digitsOf(%q) = %q loses digits", typed, got)
		}
	})
}

// Nobody but the gateway makes a cookie that proves anything.
func FuzzRecall(f *testing.F) {
	clock := storetest.NewClock()
	x := &Room{Config: Config{Broker: &broker.Broker{Config: broker.Config{Ring: storetest.Ring(f), Law: law.Default(), Now: clock.Now}}}}
	w := httptest.NewRecorder()
	if err := x.remember(w, proven{Account: "a", Code: "c", At: clock.Now()}); err != nil {
		f.Fatal(err)
	}
	genuine := w.Result().Cookies()[0].Value
	f.Add("")
	f.Add(genuine[:len(genuine)-4] + "AAAA")
	f.Add("eyJhIjoiYSJ9")
	f.Fuzz(func(t *testing.T, value string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: value})
		if _, ok := x.recall(r); ok && !strings.HasPrefix(value, genuine[:len(genuine)-1]) { // the last letter has spare bits
			t.Errorf("%q proves something", value)
		}
	})
}
