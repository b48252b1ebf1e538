package e2e

import (
	"fmt"
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

// tabsEach is how many tabs share the samples of one look, so that a machine with
// more cores is done sooner.
const tabsEach = 3

// TestGallery: axe finds nothing on any page, the browser complains of nothing, and nothing is wider than the window.
func TestGallery(t *testing.T) {
	b := browsertest.Start(t)
	h := open(t, "")
	samples := h.demo.App.Shell.Samples()
	for _, l := range looks {
		for nth := range tabsEach {
			t.Run(fmt.Sprintf("%s-%d", l, nth+1), func(t *testing.T) {
				t.Parallel()
				p := h.visitor(t, b).Page
				p.Dark(l.dark)
				for i := nth; i < len(samples); i += tabsEach {
					walkSample(t, p, l, h.Issuer+samples[i].Path())
				}
			})
		}
	}
	t.Logf("%d samples to be seen in %d looks", len(samples), len(looks))
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
