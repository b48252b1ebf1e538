package activation

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/store/storetest"
)

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
