package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

const (
	immutable  = "public, max-age=31536000, immutable" // the name changes with the content
	hashLength = 12                                    // hexadecimal digits in a file's name
)

// staticFiles serves embedded files under names that hold a hash of their content, compressed once at start.
type staticFiles struct {
	names map[string]string     // "kapu.css" → "/static/kapu.1a2b3c.css"
	files map[string]staticFile // by that address
}

type staticFile struct {
	kind        string
	plain, gzip []byte // gzip is nil if it does not pay
}

func newStaticFiles(fsys fs.FS, dir string) (*staticFiles, error) {
	s := &staticFiles{names: map[string]string{}, files: map[string]staticFile{}}
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	return s, s.addAll(sub, "")
}

// add takes in the static/ folder of a room, if it has one.
func (s *staticFiles) add(fsys fs.FS, room string) error {
	sub, err := fs.Sub(fsys, "static")
	if err != nil {
		return err
	}
	if _, err := fs.Stat(sub, "."); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return s.addAll(sub, room+"/")
}

// addAll adds style sheets last, since they name other files, fonts, whose addresses must be known by then.
func (s *staticFiles) addAll(fsys fs.FS, prefix string) error {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return err
	}
	for _, last := range []bool{false, true} {
		for _, e := range entries {
			if e.IsDir() || strings.HasSuffix(e.Name(), ".css") != last {
				continue
			}
			if err := s.addOne(fsys, prefix, e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *staticFiles) addOne(fsys fs.FS, prefix, name string) error {
	body, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	ext := path.Ext(name)
	kind := contentType(ext)
	if kind == "" {
		return fmt.Errorf("static file %s: unknown kind", name)
	}
	if ext == ".css" {
		body = s.resolve(body, prefix)
	}
	sum := sha256.Sum256(body)
	at := "/static/" + prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:hashLength] + ext
	s.names[prefix+name] = at
	s.files[at] = staticFile{kind: kind, plain: body, gzip: compressed(body)}
	return nil
}

func contentType(ext string) string {
	if ext == ".woff2" {
		return "font/woff2" // not in every machine's table
	}
	return mime.TypeByExtension(ext)
}

var cssURL = regexp.MustCompile(`url\(["']?([A-Za-z0-9._-]+)["']?\)`)

// resolve puts the hashed addresses of other files into a style sheet.
func (s *staticFiles) resolve(css []byte, prefix string) []byte {
	return cssURL.ReplaceAllFunc(css, func(m []byte) []byte {
		if at, ok := s.names[prefix+string(cssURL.FindSubmatch(m)[1])]; ok {
			return []byte(`url("` + at + `")`)
		}
		return m
	})
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = z.Write(body)                                  // a bytes.Buffer takes everything
	_ = z.Close()
	if b.Len() > len(body)*9/10 {
		return nil
	}
	return b.Bytes()
}

// asset is the address of a static file, for templates; a room's files are named "room/file".
func (s *staticFiles) asset(name string) (string, error) {
	at, ok := s.names[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return at, nil
}

func (s *staticFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.serve(w, r)
}

// favicon answers browsers that ask for it by its old name.
func (s *staticFiles) favicon(w http.ResponseWriter, r *http.Request) {
	s.files[s.names["favicon.svg"]].serve(w, r)
}

func (f staticFile) serve(w http.ResponseWriter, r *http.Request) {
	h, body := w.Header(), f.plain
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", immutable)
	h.Set("Vary", "Accept-Encoding")
	if f.gzip != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the visitor may have gone
}
