package browsertest_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/browsertest"
)

const form = `<!doctype html><html lang="hu"><head><title>Belépés</title><link rel="stylesheet" href="/style.css"></head>
<body><header><a href="/">Kezdőlap</a></header><main><h1>Belépés</h1><form method="post" action="/in" novalidate>
<label for="u">Felhasználónév</label><input id="u" name="u" value="régi">
<fieldset><legend>Születési idő</legend><label for="y">Év</label><input id="y" name="y"></fieldset>
<fieldset><legend>Lejárat</legend><label for="z">Év</label><input id="z" name="z"></fieldset>
<label for="k">Okmány</label><select id="k" name="k"><option value="id">személyi</option><option value="pp">útlevél</option></select>
<input type="checkbox" id="c" name="c"><label for="c">Elfogadom</label>
<button>Tovább</button></form>
<details><summary>Segítség</summary><p>Írja be a nevét.</p></details>
<a href="/lap.pdf">Adatlap</a></main></body></html>`

// site is a small page with the policy the gateway's own pages have.
func site(t *testing.T) string {
	page := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'")
		fmt.Fprint(w, body)
	}
	wrap := func(body string) string {
		return `<!doctype html><html lang="hu"><head><title>Oldal</title></head><body><main><h1>Oldal</h1>` + body + `</main></body></html>`
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes", HttpOnly: true})
		page(w, form)
	})
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("/welcome?u=%s&y=%s&z=%s&k=%s&c=%s",
			r.FormValue("u"), r.FormValue("y"), r.FormValue("z"), r.FormValue("k"), r.FormValue("c")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /welcome", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		page(w, wrap(fmt.Sprintf("<p>Üdvözöljük, %s (%s, %s, %s, %s)</p>", q.Get("u"), q.Get("y"), q.Get("z"), q.Get("k"), q.Get("c"))))
	})
	mux.HandleFunc("GET /lap.pdf", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("seen"); err != nil {
			http.Error(w, "who are you", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		fmt.Fprint(w, "%PDF-")
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, "body{background:#fff} a{display:inline-block} a,input,button,select{min-height:24px} @media (prefers-color-scheme: dark){body{background:#000;color:#fff} a{color:#9cf}}")
	})
	mux.HandleFunc("GET /refused", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, wrap("<p>"+r.Header.Get("Accept-Language")+"</p>"))
	})
	mux.HandleFunc("GET /poor", func(w http.ResponseWriter, r *http.Request) {
		page(w, wrap(`<input name="nameless"><p style="color:#eee">halvány</p><img src="data:," alt="x">`))
	})
	mux.HandleFunc("GET /script", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, wrap(`<p id="p">szkript nélkül</p><script>document.getElementById("p").textContent = "szkripttel"</script>`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAVisitorsWalk(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	home := site(t)
	p.Visit(home + "/")
	if p.Title() != "Belépés" || p.Status() != http.StatusOK || p.TextOf("h1") != "Belépés" {
		t.Errorf("title %q, status %d, heading %q", p.Title(), p.Status(), p.TextOf("h1"))
	}
	if p.Sees("Írja be a nevét") {
		t.Error("a closed part of the page is seen")
	}
	p.Click("Segítség")
	p.See("Írja be a nevét")
	p.Fill("Felhasználónév", "kőszegi")
	p.In("Születési idő").Fill("Év", "1980")
	p.In("Lejárat").Fill("Év", "2031")
	p.Fill("Okmány", "útlevél")
	p.Check("Elfogadom")
	if got := p.Value("Felhasználónév"); got != "kőszegi" {
		t.Errorf("the field holds %q", got)
	}
	p.Click("Tovább")
	p.See("Üdvözöljük, kőszegi (1980, 2031, pp, on)")
	if !strings.HasPrefix(p.Address(), home+"/welcome?") {
		t.Errorf("the walk ended at %s", p.Address())
	}
}

func TestFilesComeWithTheVisitorsCookies(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	p.Visit(site(t) + "/")
	if kind, content := p.Download("Adatlap"); kind != "application/pdf" || string(content) != "%PDF-" {
		t.Errorf("got %s %q", kind, content)
	}
	p.Fill("Felhasználónév", "kőszegi")
	p.Check("Elfogadom")
	if _, content := p.DownloadForm("Tovább"); !strings.Contains(string(content), "Üdvözöljük, kőszegi (, , id, on)") {
		t.Errorf("the form brought %q", content)
	}
}

func TestVisitorsAreStrangers(t *testing.T) {
	b := browsertest.Start(t)
	home := site(t)
	first, second := b.Visitor(t), b.Visitor(t)
	first.Visit(home + "/")
	second.Visit(home + "/lap.pdf")
	if first.Status() != http.StatusOK || second.Status() != http.StatusForbidden {
		t.Errorf("statuses %d and %d, want 200 and 403", first.Status(), second.Status())
	}
}

func TestLanguageAndScripts(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	home := site(t)
	p.Visit(home + "/refused")
	p.See("hu-HU")
	p.Speak("en")
	p.Visit(home + "/refused")
	p.See("en")
	p.Visit(home + "/script")
	p.See("szkripttel")
	p.NoScripts(true)
	p.Visit(home + "/script")
	p.See("szkript nélkül")
	p.Visit(home + "/")
	p.Fill("Felhasználónév", "anna")
	p.Click("Tovább")
	p.See("Üdvözöljük, anna")
}

func TestAxeAndComplaints(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	home := site(t)
	p.Visit(home + "/")
	if found := p.Axe(); len(found) > 0 {
		t.Errorf("axe finds fault with a good page:\n%s", strings.Join(found, "\n"))
	}
	if said := p.Complaints(); len(said) > 0 {
		t.Errorf("a good page, or axe on it, makes the browser complain: %q", said)
	}
	p.Visit(home + "/poor")
	if found := strings.Join(p.Axe(), "\n"); !strings.Contains(found, "label (critical)") || !strings.Contains(found, "nameless") {
		t.Errorf("axe does not find the nameless field:\n%s", found)
	}
	if said := strings.Join(p.Complaints(), "\n"); !strings.Contains(said, "Content Security Policy") {
		t.Errorf("an inline style passes without complaint: %q", said)
	}
}

func TestScreenshot(t *testing.T) {
	p := browsertest.Start(t).Visitor(t)
	p.Visit(site(t) + "/")
	folder := filepath.Join(t.TempDir(), "new")
	light, dark := filepath.Join(folder, "light.png"), filepath.Join(folder, "dark.png")
	p.Screenshot(light, browsertest.PhoneWidth, browsertest.PhoneHeight, false)
	p.Screenshot(dark, browsertest.PhoneWidth, browsertest.PhoneHeight, true)
	a, b := corner(t, light), corner(t, dark)
	if a < 0xf000 || b > 0x0fff {
		t.Errorf("the corner's red is %x in the light and %x in the dark", a, b)
	}
}

// corner is how red the picture's first pixel is; the picture must have the phone's size.
func corner(t *testing.T, path string) uint32 {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != browsertest.PhoneWidth || size.Y != browsertest.PhoneHeight {
		t.Errorf("%s is %v", path, size)
	}
	red, _, _, _ := picture.At(0, 0).RGBA()
	return red
}
