package e2e

import (
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// A look is how all samples are seen once. Axe takes its time, so each sample
// is checked by it in every language, width and scheme once, but not in every
// combination; whether a page fits is asked at both widths each time.
type look struct {
	lang   web.Lang
	narrow bool
	dark   bool
}

var looks = []look{
	{web.Hungarian, false, false},
	{web.English, true, true},
}

func (l look) String() string {
	name := string(l.lang) + "-desktop"
	if l.narrow {
		name = string(l.lang) + "-phone"
	}
	if l.dark {
		return name + "-dark"
	}
	return name
}

func (l look) show(p *browsertest.Page, narrow bool) {
	if narrow {
		p.Resize(browsertest.PhoneWidth, browsertest.PhoneHeight)
	} else {
		p.Resize(browsertest.DesktopWidth, browsertest.DesktopHeight)
	}
}

// TestGallery: axe finds nothing on any page, the browser complains of nothing, and nothing is wider than the window.
func TestGallery(t *testing.T) {
	b := browsertest.Start(t)
	h := open(t, "")
	samples := h.demo.App.Shell.Samples()
	t.Run("looks", func(t *testing.T) { // ends when both do
		for _, l := range looks {
			t.Run(l.String(), func(t *testing.T) {
				t.Parallel()
				p := h.visitor(t, b).Page
				p.Dark(l.dark)
				for _, s := range samples {
					walkSample(t, p, l, h.Issuer+s.Path())
				}
				t.Logf("%d samples seen", len(samples))
			})
		}
	})
}

func walkSample(t *testing.T, p *browsertest.Page, l look, address string) {
	l.show(p, l.narrow)
	p.Visit(address + "?lang=" + string(l.lang))
	for _, v := range p.Axe() {
		t.Errorf("%s: %s", address, v)
	}
	for _, narrow := range []bool{l.narrow, !l.narrow} {
		l.show(p, narrow)
		if what := p.Overflow(); what != "" {
			t.Errorf("%s: wider than the window (narrow: %v): %s", address, narrow, what)
		}
	}
	for _, c := range p.Complaints() {
		t.Errorf("%s: the browser complained: %s", address, c)
	}
}
