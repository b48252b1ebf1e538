package browsertest

import (
	"context"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Resize makes the page so many CSS pixels wide and high.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	p.tab.width, p.tab.height = width, height
	p.look(width, height, p.tab.dark)
}

// Dark lets the visitor prefer a dark page, or a light one again.
func (p *Page) Dark(dark bool) {
	p.t.Helper()
	p.tab.dark = dark
	p.look(p.tab.width, p.tab.height, dark)
}

// Screenshot writes a PNG of the page at the given size; height 0 means the whole page, however long. The
// page's own size and colours come back afterwards. Folders are made as needed.
func (p *Page) Screenshot(path string, width, height int, dark bool) {
	p.t.Helper()
	whole := height == 0
	if whole {
		height = p.tab.height
	}
	p.look(width, height, dark)
	defer p.look(p.tab.width, p.tab.height, p.tab.dark)
	p.settle()
	var picture []byte
	p.do("taking a picture", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = page.CaptureScreenshot().WithCaptureBeyondViewport(whole).Do(ctx)
		return err
	}))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// tooWide finds the first thing that makes the page wider than the window.
const tooWide = `(() => {
	const window = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= window) return "";
	const out = [...document.body.querySelectorAll("*")].find((e) => e.getBoundingClientRect().right > window + 1);
	return out ? "<" + out.localName + " class=" + out.className + ">" : "the page itself";
})()`

// Overflow names what makes the page wider than its window, so that one must scroll sideways; "" when all fits.
func (p *Page) Overflow() string {
	p.t.Helper()
	p.settle()
	return p.ask(tooWide)
}

// look sets size and colours. Motion is always reduced: a moving page gives no two equal pictures.
func (p *Page) look(width, height int, dark bool) {
	p.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.do("changing the view",
		emulation.SetDeviceMetricsOverride(int64(width), int64(height), 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}))
}

// settle waits for the typefaces and for the frame after the next, in which all of the above is drawn.
func (p *Page) settle() {
	p.t.Helper()
	const drawn = `document.fonts.ready.then(() => new Promise((done) =>
		requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`
	p.do("waiting for the page to be drawn", chromedp.Evaluate(drawn, nil, awaited))
}

func awaited(e *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams {
	return e.WithAwaitPromise(true)
}
