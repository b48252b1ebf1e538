package web

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 2, 9, 42, 0, 0, time.UTC) // 11.42 in Budapest

// showroom is a shell with a room of pages that use every component.
func showroom(t testing.TB, c Config) (*Shell, *Pages) {
	t.Helper()
	if c.Issuer == "" {
		c.Issuer = "https://kapu.example"
	}
	c.Now, c.Log = func() time.Time { return noon }, slog.New(slog.DiscardHandler)
	shell, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	pages := shell.Pages("showroom", showroomFiles())
	addShowroomSamples(pages)
	return shell, pages
}

func showroomFiles() fs.FS { return os.DirFS("testdata/showroom") }

type showroomData struct {
	Name      string
	Until, At time.Time
	Services  []string
}

func addShowroomSamples(pages *Pages) {
	data := showroomData{"Kiss Anna", time.Date(2029, 3, 4, 0, 0, 0, 0, time.UTC), noon.Add(-time.Hour),
		[]string{"Adóhivatal – eBevallás", "Egészségügyi adattár", "Önkormányzati ügyek"}}
	wrong := NewForm(map[string]string{"username": "kisAnna", "document": "passport"})
	wrong.Fail("username", "showroom.form.username.empty")
	wrong.Fail("code", "showroom.form.code.wrong")
	citizen, clerk := &Visitor{Name: "Kiss Anna"}, &Visitor{Name: "Nagy Péter", Office: "Kormányablak, Kisfalud", Clerk: true}
	pages.Sample("chooser", "chooser", View{Strip: &Strip{Service: data.Services[0], Mark: MarkOf(data.Services[0]), Level: 2}})
	pages.Sample("form", "form", View{Data: data})
	pages.Sample("form-wrong", "form", View{Data: data, Form: wrong})
	pages.Sample("portal", "portal", View{Data: data, Visitor: citizen})
	pages.Sample("rest", "rest", View{Data: data, Visitor: citizen})
	pages.Sample("desk", "desk", View{Data: data, Visitor: clerk})
}

// visit asks the handler for a page as a browser of our own would.
func visit(h http.Handler, method, target string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestGalleryShowsEverySampleInBothLanguages(t *testing.T) {
	shell, _ := showroom(t, Config{})
	if w := visit(shell.Gallery(), "GET", "/gallery"); w.Code != http.StatusOK {
		t.Errorf("list: %d", w.Code)
	}
	for _, sample := range shell.Samples() {
		for _, l := range Langs {
			w := visit(shell.Gallery(), "GET", sample.Path()+"?lang="+string(l))
			if w.Code != http.StatusOK || w.Header().Get("Content-Length") == "" {
				t.Errorf("%s in %s: %d\n%s", sample.Path(), l, w.Code, w.Body)
			}
		}
	}
	if w := visit(shell.Gallery(), "GET", "/gallery/shell/none"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown sample: %d", w.Code)
	}
}
