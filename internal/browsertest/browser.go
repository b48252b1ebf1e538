package browsertest

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Env names the environment variable with the path of the Chromium to drive.
const Env = "KAPU_TEST_CHROMIUM"

const (
	// patience is how long any one thing may take; generous, for two cores may be busy compiling.
	patience = 20 * time.Second
	// startPatience is how long Chromium may take to say where it listens.
	startPatience = time.Minute
)

// Width and height of a desktop and of a phone, in CSS pixels: the two sizes every page is looked at.
const (
	DesktopWidth, DesktopHeight = 1280, 900
	PhoneWidth, PhoneHeight     = 360, 740
)

// A Browser is one running Chromium. It ends with the test that started it.
type Browser struct {
	ctx context.Context
}

// Start starts Chromium, or skips the test when KAPU_TEST_CHROMIUM is not set.
func Start(t testing.TB) *Browser {
	t.Helper()
	program := os.Getenv(Env)
	if program == "" {
		t.Skip(Env + " is not set: the browser is left out (make check sets it)")
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), flags(program)...)
	// chromedp reports protocol events younger than itself as errors; they say nothing about the page.
	ctx, stop := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		stop()
		release()
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("starting %s: %v", program, err)
	}
	return &Browser{ctx: ctx}
}

// The sandbox is off because root, as which CI runs, cannot have it, and only our own pages are visited:
// no name but the machine's own is resolved.
func flags(program string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.WSURLReadTimeout(startPatience),
		chromedp.WindowSize(DesktopWidth, DesktopHeight),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.IgnoreCertErrors,
		chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-gpu-rasterization", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "hu-HU"),
		chromedp.Flag("accept-lang", "hu-HU,hu"),
	)
}

// Visitor opens an empty page for somebody new: no cookies, no history, Hungarian, at a desktop. Two
// visitors of one browser know nothing of each other. When the test ends, whatever the browser complained
// of on this visitor's pages fails it.
func (b *Browser) Visitor(t testing.TB) *Page {
	t.Helper()
	id, err := b.window()
	if err != nil {
		t.Fatalf("opening a window: %v", err)
	}
	ctx, leave := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	p := &Page{t: t, ctx: ctx, tab: &tab{}}
	chromedp.ListenTarget(ctx, p.tab.hear)
	// The first run takes hold of the page for as long as that run's context lives: so it has no deadline.
	// Chromedp follows every change of the tree and of the styles, for a way of finding things that is not ours.
	if err := chromedp.Run(ctx, network.Enable(), css.Disable(), dom.Disable()); err != nil {
		t.Fatalf("opening a page: %v", err)
	}
	t.Cleanup(func() {
		leave()
		for _, c := range p.Complaints() {
			t.Errorf("the browser complained: %s", c)
		}
	})
	p.Resize(DesktopWidth, DesktopHeight)
	return p
}

// window opens a window with a cookie jar of its own. Chromedp itself asks for a mere tab, which a new
// jar, having no window yet, cannot give.
func (b *Browser) window() (target.ID, error) {
	ctx := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	jar, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(ctx)
	if err != nil {
		return "", err
	}
	return target.CreateTarget("about:blank").WithBrowserContextID(jar).WithNewWindow(true).Do(ctx)
}
