package web

import (
	"net/http"
	"slices"
	"strings"
)

// Sample is a page with made-up data, shown in the gallery and walked by the browser tests.
type Sample struct {
	Room, Name, Page string
	View             View

	pages *Pages
}

// Path is the sample's address in the gallery.
func (s Sample) Path() string { return "/gallery/" + s.Room + "/" + s.Name }

// Sample registers a page with sample data. It panics if the page does not exist or the name is taken or not made
// of a–z, 0–9 and "-".
func (p *Pages) Sample(name, page string, v View) {
	taken := slices.ContainsFunc(p.shell.samples, func(s Sample) bool { return s.Room == p.room && s.Name == name })
	if p.sets[Hungarian][page] == nil || taken || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		panic("web: sample " + p.room + "/" + name + ": no such page, taken, or a name that is no address")
	}
	p.shell.samples = append(p.shell.samples, Sample{Room: p.room, Name: name, Page: page, View: v, pages: p})
}

// Samples lists every sample, by room in the order the rooms were added.
func (s *Shell) Samples() []Sample { return slices.Clone(s.samples) }

// Gallery serves /gallery, the list of all samples, and /gallery/{room}/{sample}. It is for the demo and for tests:
// the samples are not private, but nobody should take them for the real thing.
func (s *Shell) Gallery() http.Handler {
	mux := http.NewServeMux()
	s.Handle(mux, "GET /gallery", func(w http.ResponseWriter, r *http.Request) error {
		s.pages.Show(w, r, http.StatusOK, "gallery", View{Data: s.Samples()})
		return nil
	})
	s.Handle(mux, "GET /gallery/{room}/{sample}", func(w http.ResponseWriter, r *http.Request) error {
		i := slices.IndexFunc(s.samples, func(c Sample) bool { return c.Room == r.PathValue("room") && c.Name == r.PathValue("sample") })
		if i < 0 {
			return NotFound()
		}
		s.samples[i].pages.Show(w, r, http.StatusOK, s.samples[i].Page, s.samples[i].View)
		return nil
	})
	return mux
}

// ownSamples puts the shell's own pages and refusals into the gallery.
func (s *Shell) ownSamples() {
	for _, page := range []string{"accessibility", "privacy"} {
		s.pages.Sample(page, page, View{})
	}
	s.pages.Sample("refused", "refused", View{Data: fault{"invalid_request", "redirect_uri is not one of those registered, to the letter (RFC 9700, 4.1.3)"}})
	s.pages.Sample("carry-back", "carry", View{Data: carryData{ToService, "/", `<input type="hidden" name="SAMLResponse">`}})
	s.pages.Sample("carry-leave", "carry", View{Data: carryData{Key: ToSignOut, Action: "/"}})
	for _, p := range []*Problem{NotFound(), Forbidden(""), Expired(""), Busy(slowRetry), TooMany(slowRetry),
		methodNotAllowed(), crossOrigin(nil), badForm(""), internal(nil)} {
		s.pages.Sample("problem-"+p.Code, "problem", View{Data: p})
	}
}
