package witness

import (
	"io"
	"net/http"
)

// ServeHTTP shows what this witness signed last, at /checkpoint, and its public
// key, at /key: whoever compares that with what the gateway shows them needs to
// trust neither.
func (w *Witness) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	text := ""
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Error(out, "method not allowed", http.StatusMethodNotAllowed)
		return
	case r.URL.Path == "/key":
		text = w.Signer.Key() + "\n"
	case r.URL.Path == "/checkpoint":
		text = w.Last()
	}
	if text == "" {
		http.NotFound(out, r)
		return
	}
	out.Header().Set("Content-Type", "text/plain; charset=utf-8")
	out.Header().Set("Cache-Control", "no-cache")
	_, _ = io.WriteString(out, text) // whoever asked may have gone
}
