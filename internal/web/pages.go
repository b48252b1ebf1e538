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
	"slices"
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
		if p.sets[l], err = p.shell.parseRoom(l, fsys, files); err != nil {
			return err
		}
	}
	return nil
}

// parseRoom parses each page with what the room's pages share, and without the
// layout: that is one for all pages, put around what they say.
func (s *Shell) parseRoom(l Lang, fsys fs.FS, files []string) (map[string]*template.Template, error) {
	var shared, pages []string
	for _, file := range files {
		if strings.HasPrefix(file, "_") {
			shared = append(shared, file)
		} else {
			pages = append(pages, file)
		}
	}
	set := map[string]*template.Template{}
	for _, file := range pages {
		page, err := template.New("").Funcs(s.words[l]).ParseFS(fsys, append(slices.Clip(shared), file)...)
		if err == nil {
			err = checkPage(page)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		set[strings.TrimSuffix(file, path.Ext(file))] = page
	}
	return set, nil
}

// The parts of a page. Only the first two must be there.
const titlePart, mainPart, shapePart, scriptsPart = "title", "main", "shape", "scripts"

func checkPage(page *template.Template) error {
	for _, part := range []string{titlePart, mainPart} {
		if page.Lookup(part) == nil {
			return fmt.Errorf("does not define %q", part)
		}
	}
	// html/template finds contexts it cannot escape only when it first runs; let that be now.
	var escape *template.Error
	for _, part := range []string{titlePart, mainPart, shapePart, scriptsPart} {
		if page.Lookup(part) == nil {
			continue
		}
		if err := page.ExecuteTemplate(io.Discard, part, nil); errors.As(err, &escape) {
			return escape
		}
	}
	return nil
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
	m := model{View: v, Lang: Language(r), Visitor: VisitorOf(r.Context()), SignOut: p.shell.signOut, Code: SupportCode(r.Context())}
	if v.Visitor != nil {
		m.Visitor = *v.Visitor
	}
	if m.Visitor != (Visitor{}) {
		m.Menu = p.shell.menus[m.Visitor.Clerk]
	}
	m.Other, m.OtherURL = otherLanguage(r)
	return p.write(out, page, m)
}

// write writes a page for a model, whatever request that is of.
func (p *Pages) write(out io.Writer, page string, m model) error {
	t, ok := p.sets[m.Lang][page]
	if !ok {
		return errors.New("no such page")
	}
	f := frame{model: m, Shape: narrow}
	if err := f.fill(t); err != nil {
		return err
	}
	return p.shell.layout[m.Lang].ExecuteTemplate(out, "layout", f)
}

// frame is the dot of the layout: what the page says, already written.
type frame struct {
	model
	Title, Main, Scripts template.HTML
	Shape                string
}

// narrow is the shape of a page that does not name another.
const narrow = "kapu-narrow"

func (f *frame) fill(page *template.Template) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	write := func(part string) (string, error) {
		buf.Reset()
		err := page.ExecuteTemplate(buf, part, f.model)
		return buf.String(), err
	}
	for part, into := range map[string]*template.HTML{titlePart: &f.Title, mainPart: &f.Main, scriptsPart: &f.Scripts} {
		if page.Lookup(part) == nil {
			continue
		}
		text, err := write(part)
		if err != nil {
			return err
		}
		*into = template.HTML(text)
	}
	if page.Lookup(shapePart) == nil {
		return nil
	}
	shape, err := write(shapePart)
	f.Shape = shape
	return err
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
