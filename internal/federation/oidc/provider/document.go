package provider

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kapu/internal/web"
)

// document is what everybody may read and keep for a while, ready to be sent: in
// both codings, with the lines of its headers.
type document struct {
	plain, zipped        coded
	kind, lifetime, etag []string
	hash                 string // what makes the etag this document's
}

// coded is the text in one coding, with its length as a header says it.
type coded struct {
	text   []byte
	length []string
}

func newDocument(kind string, age time.Duration, text []byte) *document {
	sum := sha256.Sum256(text)
	hash := `"` + base64.RawURLEncoding.EncodeToString(sum[:]) + `"`
	var zipped bytes.Buffer
	w, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // a level that there is
	_, _ = w.Write(text)                                       // to memory: neither fails
	_ = w.Close()
	return &document{
		plain: newCoded(text), zipped: newCoded(zipped.Bytes()), kind: []string{kind}, hash: hash,
		lifetime: []string{"public, max-age=" + strconv.Itoa(int(age.Seconds()))},
		etag:     []string{"W/" + hash}, // weak: it is that of both codings (RFC 9110, 8.8.1)
	}
}

func newCoded(text []byte) coded { return coded{text, []string{strconv.Itoa(len(text))}} }

// Header lines that all documents share.
var anyOrigin, byCoding, inGzip = []string{"*"}, []string{"Accept-Encoding"}, []string{"gzip"}

// show sends the document, or only that it is still the one that the reader has
// (RFC 9110, 13.1.2).
func (d *document) show(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	web.NoPage(h)
	h["Access-Control-Allow-Origin"], h["Cache-Control"], h["Etag"], h["Vary"] = anyOrigin, d.lifetime, d.etag, byCoding
	if strings.Contains(r.Header.Get("If-None-Match"), d.hash) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := d.plain
	if takesGzip(r) {
		body, h["Content-Encoding"] = d.zipped, inGzip
	}
	h["Content-Type"], h["Content-Length"] = d.kind, body.length
	_, _ = w.Write(body.text) // the reader may have gone; there is nobody left to tell
}

// takesGzip tells whether the reader takes gzip without a reserve (RFC 9110, 12.5.3).
func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.TrimSpace(coding) == "gzip" {
			return true
		}
	}
	return false
}
