package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Pages are the pages of one room, parsed once for each language.
type Pages struct {
	shell *Shell
	room  string
	sets  map[Lang]map[string]*template.Template
}

// Pages parses the room's *.html at the root of fsys and its texts in text/hu.json and text/en.json; files under
// static/ are served as "room/name". A file whose name begins with "_" holds templates for all pages of the room.
// It panics on a broken template or catalogue: both are embedded, so this is a mistake of the program.
func (s *Shell) Pages(room string, fsys fs.FS) *Pages {
	p := &Pages{shell: s, room: room, sets: map[Lang]map[string]*template.Template{}}
	if err := p.load(fsys); err != nil {
		panic(fmt.Sprintf("web: room %s: %v", room, err))
	}
	return p
}

func (p *Pages) load(fsys fs.FS) error {
	if err := p.shell.texts.add(fsys); err != nil {
		return err
	}
	if err := p.shell.static.add(fsys, p.room); err != nil {
		return err
	}
	files, err := fs.Glob(fsys, "*.html")
	if err != nil {
		return err
	}
	for _, l := range Langs {
		if p.sets[l], err = parseRoom(p.shell.layout[l], fsys, files); err != nil {
			return err
		}
	}
	return nil
}

func parseRoom(layout *template.Template, fsys fs.FS, files []string) (map[string]*template.Template, error) {
	base, err := layout.Clone()
	if err != nil {
		return nil, err
	}
	var pages []string
	for _, file := range files {
		if !strings.HasPrefix(file, "_") {
			pages = append(pages, file)
		} else if base, err = base.ParseFS(fsys, file); err != nil {
			return nil, err
		}
	}
	set := map[string]*template.Template{}
	for _, file := range pages {
		page, err := parsePage(base, fsys, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		set[strings.TrimSuffix(file, path.Ext(file))] = page
	}
	return set, nil
}

func parsePage(base *template.Template, fsys fs.FS, file string) (*template.Template, error) {
	page, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if page, err = page.ParseFS(fsys, file); err != nil {
		return nil, err
	}
	for _, part := range []string{"title", "main"} {
		if page.Lookup(part) == nil {
			return nil, fmt.Errorf("does not define %q", part)
		}
	}
	// html/template finds contexts it cannot escape only when it first runs; let that be now.
	var escape *template.Error
	if err := page.ExecuteTemplate(io.Discard, "layout", nil); errors.As(err, &escape) {
		return nil, escape
	}
	return page, nil
}

// model is the dot of every page.
type model struct {
	View
	Lang, Other Lang
	OtherURL    string
	Visitor     Visitor
	Menu        []Link
	SignOut     string
	Code        string // the support code of this request
}

// Show writes the page with the status. A page that cannot be rendered becomes the internal error page.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, status int, page string, v View) {
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	if err := p.render(buf, r, page, v); err != nil {
		p.shell.fail(w, r, fmt.Errorf("page %s/%s: %w", p.room, page, err))
		return
	}
	if f := v.Refresh; f != nil {
		w.Header().Set("Refresh", f.header()) // as <meta http-equiv="refresh"> does (HTML, 4.2.5.3)
	}
	writePage(w, status, buf.Bytes())
}

func (p *Pages) render(out io.Writer, r *http.Request, page string, v View) error {
	l := Language(r)
	t, ok := p.sets[l][page]
	if !ok {
		return errors.New("no such page")
	}
	m := model{View: v, Lang: l, Visitor: VisitorOf(r.Context()), SignOut: p.shell.signOut, Code: SupportCode(r.Context())}
	if v.Visitor != nil {
		m.Visitor = *v.Visitor
	}
	if m.Visitor != (Visitor{}) {
		m.Menu = p.shell.menus[m.Visitor.Clerk]
	}
	m.Other, m.OtherURL = otherLanguage(r)
	return t.ExecuteTemplate(out, "layout", m)
}

func writePage(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the visitor may have gone; there is nobody left to tell
}

const largestPooled = 256 << 10 // bytes; a larger page is rare and its buffer is not kept

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func release(b *bytes.Buffer) {
	if b.Cap() <= largestPooled {
		b.Reset()
		buffers.Put(b)
	}
}
