package e2e

import (
	"fmt"
	"testing"

	"kapu/internal/browsertest"
	"kapu/internal/web"
)

// A look is how all samples are seen once. Axe takes its time, so it checks the
// first sample of a page in both looks and the further ones, which are the same
// page with other words, in one or the other; whether a page fits is asked of
// every sample at both widths each time.
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
	t.Parallel()
	b := browsertest.Start(t)
	h := open(t, "")
	samples := h.demo.App.Shell.Samples()
	for which, l := range looks {
		checked := checkedIn(which, samples)
		for nth := range tabsEach {
			t.Run(fmt.Sprintf("%s-%d", l, nth+1), func(t *testing.T) {
				t.Parallel()
				p := h.visitor(t, b).Page
				p.Dark(l.dark)
				for i := nth; i < len(samples); i += tabsEach {
					walkSample(t, p, l, h.Issuer+samples[i].Path(), checked[i])
				}
			})
		}
	}
	t.Logf("%d samples to be seen in %d looks", len(samples), len(looks))
}

// checkedIn tells of each sample whether axe checks it in the look of that number.
func checkedIn(which int, samples []web.Sample) []bool {
	checked, seen := make([]bool, len(samples)), map[[2]string]int{}
	for i, s := range samples {
		page := [2]string{s.Room, s.Page}
		checked[i] = seen[page] == 0 || seen[page]%len(looks) == which
		seen[page]++
	}
	return checked
}

func walkSample(t *testing.T, p *browsertest.Page, l look, address string, checked bool) {
	l.show(p, l.narrow)
	p.Visit(address + "?lang=" + string(l.lang))
	if checked {
		for _, v := range p.Axe() {
			t.Errorf("%s: %s", address, v)
		}
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
