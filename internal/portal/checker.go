package portal

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

//go:embed check.tmpl check.css _checker.html static/receipt.js static/check.js
var checkFiles embed.FS

// checkData is the dot of the page that checks a receipt in the browser, and of
// the same page as a file.
type checkData struct {
	Keys, WitnessKeys []string
	Doubts, Names     []string

	// Of the file alone.
	Lang         web.Lang
	Ledger, Made string
	Script       template.JS
	Style        template.CSS
	Hash         template.HTMLAttr
	StyleHash    template.HTMLAttr
}

// doubts are what the script may say, by the names of [ledger.Doubt] and its own:
// a genuine receipt, a key that is none, a browser that cannot check signatures.
var doubts = []string{
	"genuine", string(ledger.NotReceipt), string(ledger.WrongHead), string(ledger.WrongSigner), string(ledger.WrongWitness), string(ledger.WrongPlace),
	string(ledger.WrongEntry), string(ledger.WrongValue), string(ledger.Unvouched), string(ledger.Unwitnessed), "key", "unsupported",
}

var checkNames = []string{"kind", "at", "person", "id", "ledger", "place", "signed", "witness"}

func (x *Room) checkData(r *http.Request) (d checkData, err error) {
	d = checkData{WitnessKeys: x.Ledger.WitnessKeys, Doubts: doubts, Names: checkNames}
	err = x.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		d.Keys, err = x.Ledger.VerifierKeys(tx.Now)
		return err
	})
	return d, err
}

// check is the page on which a receipt is checked by the visitor's own browser.
func (x *Room) check(w http.ResponseWriter, r *http.Request) error {
	d, err := x.checkData(r)
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "check", web.View{Data: d})
	return nil
}

// checkFile is the same page as one file that needs nothing else, to be kept and
// opened without any server: whoever does not trust this gateway tomorrow has it
// from today. Its own policy lets it load and send nothing.
func (x *Room) checkFile(w http.ResponseWriter, r *http.Request) error {
	d, err := x.checkData(r)
	if err != nil {
		return err
	}
	d.Lang = web.Language(r)
	d.Ledger, d.Made = x.Ledger.Origin, x.Shell.DateAndTime(d.Lang, x.Now())
	page, err := x.standalone(d)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="kapu-check.html"`)
	h.Set("Content-Length", strconv.Itoa(len(page)))
	_, err = w.Write(page)
	return err
}

func (x *Room) standalone(d checkData) ([]byte, error) {
	script := own("static/receipt.js") + own("static/check.js")
	d.Script, d.Hash = template.JS(script), hashOf(script)
	style := own("check.css")
	d.Style, d.StyleHash = template.CSS(style), hashOf(style)
	words := template.FuncMap{"t": func(key string, args ...any) string { return x.Shell.Text(d.Lang, key, args...) }}
	page, err := template.New("").Funcs(words).ParseFS(checkFiles, "check.tmpl", "_checker.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.ExecuteTemplate(&b, "check.tmpl", d)
	return b.Bytes(), err
}

// own is a file of ours, which is always there.
func own(name string) string {
	text, err := checkFiles.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(string(text), "\r", "")
}

// hashOf is how a policy names an inline script or style (Content Security Policy 3, 2.3.1).
func hashOf(text string) template.HTMLAttr {
	sum := sha256.Sum256([]byte(text))
	return template.HTMLAttr("'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
}
