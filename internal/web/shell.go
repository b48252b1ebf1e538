package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"time"
	_ "time/tzdata" // the pages tell Budapest time on every machine
)

//go:embed layout components pages static icons
var own embed.FS

// Config is what the shell needs to know. Only Issuer is required.
type Config struct {
	Issuer string           // our public address; https brings HSTS and secure cookies
	Now    func() time.Time // default time.Now
	Log    *slog.Logger     // default slog.Default()

	CitizenMenu, ClerkMenu []Link // header menus; the keys may belong to any room
	SignOut                string // where the header's sign-out posts to; default /signout

	// MachinePaths are path prefixes that other machines, and other sites' forms, may POST to:
	// /oidc/token, /saml/sso. They must not trust cookies for anything that changes state.
	MachinePaths []string
}

// Shell holds what all pages share: layout, components, texts, static files and the error table.
// Rooms are added while wiring; after that it is safe for concurrent use.
type Shell struct {
	log     *slog.Logger
	now     func() time.Time
	zone    *time.Location
	secure  bool
	menus   map[bool][]Link // by Visitor.Clerk
	signOut string
	machine []string

	texts   *catalogue
	static  *staticFiles
	words   map[Lang]template.FuncMap   // the template functions, bound to a language
	layout  map[Lang]*template.Template // put around every page
	parts   map[Lang]*template.Template // components, executed by the functions
	pages   *Pages                      // the shell's own
	blanks  map[Lang]map[Errand]blank   // pages that carry a form, but for what they carry
	samples []Sample
}

// New makes the shell. It fails on an issuer that is not an absolute http or https URL.
func New(c Config) (*Shell, error) {
	issuer, err := url.Parse(c.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && issuer.Scheme != "http" {
		return nil, errors.New("web: the issuer is not an absolute http(s) URL")
	}
	zone, err := time.LoadLocation("Europe/Budapest")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s := &Shell{log: c.Log, now: c.Now, zone: zone, secure: issuer.Scheme == "https", machine: c.MachinePaths,
		menus: map[bool][]Link{false: c.CitizenMenu, true: c.ClerkMenu}, signOut: c.SignOut, texts: newCatalogue()}
	s.defaults()
	return s, s.load()
}

func (s *Shell) defaults() {
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.signOut == "" {
		s.signOut = "/signout"
	}
}

// load reads the shell's own files; they are embedded, so an error is one of ours.
func (s *Shell) load() (err error) {
	if s.static, err = newStaticFiles(own, "static"); err != nil {
		return err
	}
	s.words, s.layout, s.parts = map[Lang]template.FuncMap{}, map[Lang]*template.Template{}, map[Lang]*template.Template{}
	for _, l := range Langs {
		funcs := s.funcs(l)
		s.words[l] = funcs
		if s.parts[l], err = template.New("").Funcs(funcs).ParseFS(own, "components/*.html"); err != nil {
			return fmt.Errorf("web: components: %w", err)
		}
		if s.layout[l], err = template.New("").Funcs(funcs).ParseFS(own, "layout/*.html"); err != nil {
			return fmt.Errorf("web: layout: %w", err)
		}
	}
	pages, err := fs.Sub(own, "pages")
	if err != nil {
		return err
	}
	s.pages = s.Pages("shell", pages)
	s.ownSamples()
	return s.blankForms()
}

// Text is a sentence of any room's catalogue, for a mail subject or a file name; args are names and values in turn.
// A missing key gives the key itself: the parity checker finds those in tests.
func (s *Shell) Text(l Lang, key string, args ...any) string {
	text, err := s.texts.text(l, key, s.worded(l, args)...)
	if err != nil {
		return key
	}
	return text
}

// Mount adds the static files and the shell's own pages: /accessibility and /privacy.
func (s *Shell) Mount(mux *http.ServeMux) {
	mux.Handle("GET /static/", s.static)
	mux.Handle("GET /favicon.ico", http.HandlerFunc(s.static.favicon))
	for _, page := range []string{"accessibility", "privacy"} {
		mux.HandleFunc("GET /"+page, func(w http.ResponseWriter, r *http.Request) {
			s.pages.Show(w, r, http.StatusOK, page, View{})
		})
	}
}

// Wrap is the outermost handler: request id, language, security headers, cross-origin refusal, recovery from
// panics, access log, and pages for what the mux does not know. Give it the mux itself.
func (s *Shell) Wrap(mux *http.ServeMux) http.Handler {
	h := s.recovering(s.guarded(s.known(mux)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), requestKey{}, newRequestID())
		s.setHeaders(w.Header())
		s.logged(h, w, r.WithContext(s.settleLanguage(ctx, w, r)))
	})
}
