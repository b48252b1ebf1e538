package mailbox

import (
	"embed"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

const perPage = 50 // messages on a page of the list

// The HTML of a mail is a stranger's page: it may be drawn, and nothing else. The sandbox gives it an origin of its own.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

type room struct {
	box    *Box
	prefix string
	pages  *web.Pages
}

// Mount adds the inbox at prefix ("/inbox"): the list, PREFIX/ID with one message and PREFIX/ID/html with a mail as
// its sender drew it. The list is also JSON; see the package comment.
func (b *Box) Mount(mux *http.ServeMux, shell *web.Shell, prefix string) {
	r := &room{box: b, prefix: prefix, pages: shell.Pages("mailbox", files)}
	shell.Handle(mux, "GET "+prefix, r.list)
	shell.Handle(mux, "GET "+prefix+"/{id}", r.message)
	shell.Handle(mux, "GET "+prefix+"/{id}/html", r.drawn)
	r.samples()
}

// listing is the data of the list.
type listing struct {
	Prefix, To    string
	Messages      []Message
	Count         int
	Before, After string // addresses of the neighbouring pages
}

func (r *room) list(w http.ResponseWriter, req *http.Request) error {
	to := req.URL.Query().Get("to")
	found := r.box.Messages(to)
	w.Header().Set("Vary", "Accept")
	if strings.Contains(req.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		return json.NewEncoder(w).Encode(found)
	}
	page, err := strconv.Atoi(req.URL.Query().Get("page"))
	if err != nil {
		page = 1
	}
	r.pages.Show(w, req, http.StatusOK, "list", web.View{
		Form: web.NewForm(map[string]string{"to": to}), Data: r.listing(found, to, page)})
	return nil
}

func (r *room) listing(found []Message, to string, page int) listing {
	last := max(1, (len(found)+perPage-1)/perPage)
	page = min(max(page, 1), last)
	l := listing{Prefix: r.prefix, To: to, Count: len(found),
		Messages: found[(page-1)*perPage : min(page*perPage, len(found))]}
	if page > 1 {
		l.Before = r.pageURL(to, page-1)
	}
	if page < last {
		l.After = r.pageURL(to, page+1)
	}
	return l
}

func (r *room) pageURL(to string, page int) string {
	q := url.Values{"page": {strconv.Itoa(page)}}
	if to != "" {
		q.Set("to", to)
	}
	return r.prefix + "?" + q.Encode()
}

// shown is the data of one message.
type shown struct {
	Message
	Back, Drawn string // addresses: the list; the HTML, "" if there is none
	Pieces      []piece
}

func (r *room) message(w http.ResponseWriter, req *http.Request) error {
	m, ok := r.box.Message(req.PathValue("id"))
	if !ok {
		return web.NotFound()
	}
	r.pages.Show(w, req, http.StatusOK, "message", web.View{Data: r.shown(m)})
	return nil
}

func (r *room) shown(m Message) shown {
	s := shown{Message: m, Back: r.prefix, Pieces: pieces(strings.TrimSpace(m.Text))}
	if m.HTML != "" {
		s.Drawn = r.prefix + "/" + m.ID + "/html"
	}
	return s
}

func (r *room) drawn(w http.ResponseWriter, req *http.Request) error {
	m, ok := r.box.Message(req.PathValue("id"))
	if !ok || m.HTML == "" {
		return web.NotFound()
	}
	h := w.Header()
	h.Set("Content-Security-Policy", mailPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(m.HTML)) // the visitor may have gone
	return nil
}

// samples puts the pages into the gallery.
func (r *room) samples() {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	text := "Tisztelt Ügyfelünk!\n\nAz Ön aktiváló kódja:\n\n    1234 5678\n\nAz ügyfélkapu aktiválása:\nhttps://kapu.example/activate\n"
	mail := Message{ID: "2", Medium: Mail, To: "anna@example.hu", From: "ertesites@kapu.example", Subject: "Aktiváló kód az ügyfélkapujához",
		Text: text, HTML: "<p>", Links: linksIn(text), Code: codeInMail(text), Received: at, Encrypted: true, DKIM: "kapu.example"}
	words := "Új eszközről léptek be az ügyfélkapujába. Ha nem Ön volt, zárja le: https://kapu.example/revoke?c=Zm9vYmFy"
	sms := Message{ID: "1", Medium: SMS, To: "+36301234567", From: smsSender, Text: words, Received: at, Encoding: "ucs-2", Segments: 2}
	r.pages.Sample("list", "list", web.View{Data: r.listing([]Message{mail, sms}, "", 1)})
	r.pages.Sample("list-empty", "list", web.View{Data: r.listing(nil, "", 1)})
	r.pages.Sample("mail", "message", web.View{Data: r.shown(mail)})
	r.pages.Sample("sms", "message", web.View{Data: r.shown(sms)})
}
