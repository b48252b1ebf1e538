package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

type requestKey struct{}

// The alphabet of support codes leaves out I, L, O and U: read over a telephone they are mistaken (Crockford).
var supportAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const requestIDBytes = 5 // eight letters, enough to find a line within the days a log is kept

func newRequestID() string {
	b := make([]byte, requestIDBytes)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	id := supportAlphabet.EncodeToString(b)
	return id[:4] + "-" + id[4:]
}

// SupportCode is the short code of the request under ctx, "K7F2-9QXM": on refusal pages and in the log.
func SupportCode(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController through.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logged writes one line for a request: the route it matched, never its path or query, which may name a transaction,
// and no address of the visitor.
func (s *Shell) logged(h http.Handler, w http.ResponseWriter, r *http.Request) {
	start := s.now()
	sw := &statusWriter{ResponseWriter: w}
	h.ServeHTTP(sw, r)
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("request", SupportCode(r.Context())), slog.String("method", knownMethod(r.Method)),
		slog.String("route", routeOf(r)), slog.Int("status", sw.status), slog.Int("bytes", sw.bytes),
		slog.Duration("took", s.now().Sub(start).Round(time.Microsecond)))
}

func routeOf(r *http.Request) string {
	if r.Pattern == "" {
		return "unknown"
	}
	return r.Pattern
}

func knownMethod(m string) string {
	if strings.Contains(" GET HEAD POST PUT PATCH DELETE OPTIONS ", " "+m+" ") {
		return m
	}
	return "other"
}

// recovering makes a page of a panic, if nothing was written yet.
func (s *Shell) recovering(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				// The value is not logged: it may quote what was being worked on. Its type and the stack say where.
				s.log.Error("panic", "request", SupportCode(r.Context()), "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
				if sw, ok := w.(*statusWriter); !ok || sw.status == 0 {
					s.ShowError(w, r, internal(fmt.Errorf("panic %T", v)))
				}
			}
		}()
		h.ServeHTTP(w, r)
	})
}

// known passes on what the mux has a pattern for; the rest gets our pages in place of its bare 404 and 405.
func (s *Shell) known(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		bare := &bareAnswer{header: http.Header{}}
		h.ServeHTTP(bare, r)
		if bare.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", bare.header.Get("Allow"))
			s.ShowError(w, r, methodNotAllowed())
			return
		}
		s.ShowError(w, r, NotFound())
	})
}

// bareAnswer takes the mux's own refusal and keeps its status and headers.
type bareAnswer struct {
	header http.Header
	status int
}

func (b *bareAnswer) Header() http.Header         { return b.header }
func (b *bareAnswer) Write(p []byte) (int, error) { return len(p), nil }
func (b *bareAnswer) WriteHeader(status int)      { b.status = status }
