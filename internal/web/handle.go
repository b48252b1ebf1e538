package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"
)

// HandlerFunc is a handler that returns what went wrong. It must not have written anything when it returns an error.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// Handle adds a handler whose errors become pages by the one table: a *Problem its own page, anything else a 500.
func (s *Shell) Handle(mux *http.ServeMux, pattern string, h HandlerFunc) {
	mux.Handle(pattern, s.Handler(h))
}

// Handler is h with its errors made pages, for a middleware to wrap.
func (s *Shell) Handler(h HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.ShowError(w, r, err)
		}
	})
}

// SeeOther answers a POST by sending the browser to a page, so that a reload repeats nothing (RFC 9110, 15.4.4).
func SeeOther(w http.ResponseWriter, r *http.Request, url string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// ShowError shows the page of an error and logs what is worth a line.
func (s *Shell) ShowError(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	s.note(r.Context(), p)
	if p.RetryAfter > 0 {
		RetryAfter(w, p.RetryAfter)
	}
	s.pages.Show(w, r, p.Status, "problem", View{Data: p})
}

// problemOf is the error table.
func problemOf(err error) *Problem {
	var p *Problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.DeadlineExceeded):
		return &Problem{Status: http.StatusServiceUnavailable, Code: "slow", Key: "shell.problem.busy", RetryAfter: slowRetry, Cause: err}
	default:
		return internal(err)
	}
}

const slowRetry = 10 * time.Second // what we ask of a browser when something behind us was too slow

func (s *Shell) note(ctx context.Context, p *Problem) {
	level := slog.LevelInfo
	if p.Status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.log.Log(ctx, level, "problem", "request", SupportCode(ctx), "code", p.Code, "status", p.Status, "cause", p.Cause)
}

// problemText is one of the three texts of a problem: "title", "why" or "now".
func (s *Shell) problemText(l Lang) func(*Problem, string) (string, error) {
	return func(p *Problem, part string) (string, error) {
		return s.texts.text(l, p.Key+"."+part, s.worded(l, p.Args)...)
	}
}

// fail is for a page that cannot be rendered, which may be the problem page itself: then plain words, by hand.
func (s *Shell) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := internal(err)
	s.note(r.Context(), p)
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	if err := s.pages.render(buf, r, "problem", View{Data: p}); err != nil {
		http.Error(w, s.Text(Language(r), p.Key+".title")+" "+SupportCode(r.Context()), p.Status)
		return
	}
	writePage(w, p.Status, buf.Bytes())
}

// RetryAfter says in the answer's header in how many seconds to come again, rounded
// up (RFC 9110, 10.2.3).
func RetryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}
