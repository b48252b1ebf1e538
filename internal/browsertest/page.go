package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A Page is what one visitor sees. Its methods wait for what they need, up to twenty seconds, and fail
// the test with the page's address and text when it does not come.
type Page struct {
	t     testing.TB
	ctx   context.Context
	group string
	tab   *tab
}

// In narrows Fill, Check and Click to the smallest part of the page (fieldset, section, list item, table
// row…) that holds the given words: p.In("Születési idő").Fill("Év", "1980").
func (p *Page) In(words string) *Page {
	narrowed := *p
	narrowed.group = words
	return &narrowed
}

// Visit opens the address and waits until the page is there with all its parts.
func (p *Page) Visit(address string) {
	p.t.Helper()
	p.leave(func() error {
		return p.try(chromedp.ActionFunc(func(ctx context.Context) error {
			_, _, problem, _, err := page.Navigate(address).Do(ctx)
			if err == nil && problem != "" {
				err = errors.New(problem)
			}
			return err
		}))
	}, "opening "+address)
}

// Address is where the visitor is now, with query and fragment.
func (p *Page) Address() string {
	p.t.Helper()
	return p.ask("location.href")
}

// Title is the document's title.
func (p *Page) Title() string {
	p.t.Helper()
	return p.ask("document.title")
}

// Text is all the text the visitor can see.
func (p *Page) Text() string {
	p.t.Helper()
	return p.ask("document.body.innerText")
}

// TextOf is the visible text of the first element the CSS selector finds; it waits for the element.
func (p *Page) TextOf(selector string) string {
	p.t.Helper()
	quoted := quote(selector)
	p.Until("document.querySelector("+quoted+")", "there is no "+selector)
	return p.ask("document.querySelector(" + quoted + ").innerText")
}

// See waits until the words can be read on the page. White space counts as one space.
func (p *Page) See(words string) {
	p.t.Helper()
	p.Until(find("sees(%s)", words), fmt.Sprintf("the page does not say %q", words))
}

// Sees tells whether the words can be read now, without waiting.
func (p *Page) Sees(words string) bool {
	p.t.Helper()
	return p.ask("String("+find("sees(%s)", words)+")") == "true"
}

// Until waits until the script expression is true; otherwise is what to say if it never is.
func (p *Page) Until(expression, otherwise string) {
	p.t.Helper()
	var yes bool
	if !p.poll(func() bool { return p.try(chromedp.Evaluate("!!("+expression+")", &yes)) == nil && yes }) {
		p.fail("%s", otherwise)
	}
}

// NoScripts turns the page's own scripts off (or on again) from the next page on, as for the visitor whom
// nothing may hinder.
func (p *Page) NoScripts(off bool) {
	p.t.Helper()
	p.do("turning scripts off", emulation.SetScriptExecutionDisabled(off))
}

// Speak sets the language the browser asks for, such as "en" or "hu, en;q=0.5", from the next page on.
func (p *Page) Speak(language string) {
	p.t.Helper()
	p.do("asking for "+language, network.SetExtraHTTPHeaders(network.Headers{"Accept-Language": language}))
}

// leave does what should bring another document, and waits until that one is complete.
func (p *Page) leave(do func() error, doing string) {
	p.t.Helper()
	if err := p.try(chromedp.Evaluate("window.kapuLeaving = true", nil)); err != nil {
		p.fail("%s: %v", doing, err)
	}
	if err := do(); err != nil {
		p.fail("%s: %v", doing, err)
	}
	p.Until("!window.kapuLeaving && document.readyState === 'complete'", doing+" brought no new page")
	var address string // a page that goes on by itself may do so between two questions
	p.poll(func() bool { return p.try(chromedp.Evaluate("location.href", &address)) == nil })
	if strings.HasPrefix(address, "chrome-error:") {
		p.fail("%s: the browser could not load the page", doing)
	}
}

// ask evaluates an expression whose value is a string.
func (p *Page) ask(expression string) string {
	p.t.Helper()
	var answer string
	p.do("asking the page for "+expression, chromedp.Evaluate(expression, &answer))
	return answer
}

func (p *Page) do(doing string, actions ...chromedp.Action) {
	p.t.Helper()
	if err := p.try(actions...); err != nil {
		p.fail("%s: %v", doing, err)
	}
}

func (p *Page) try(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

// poll asks again and again, with a breath between, until the answer is yes or patience ends.
func (p *Page) poll(ready func() bool) bool {
	const breath = 20 * time.Millisecond
	deadline := time.After(patience)
	tick := time.NewTicker(breath)
	defer tick.Stop()
	for !ready() {
		select {
		case <-deadline:
			return false
		case <-tick.C:
		}
	}
	return true
}

// fail ends the test with all a reader needs to see why. go test -artifacts keeps the picture.
func (p *Page) fail(format string, args ...any) {
	p.t.Helper()
	var address, text string
	_ = p.try(chromedp.Evaluate("location.href", &address), chromedp.Evaluate("document.body.innerText", &text))
	var picture []byte
	if p.try(chromedp.CaptureScreenshot(&picture)) == nil {
		_ = os.WriteFile(filepath.Join(p.t.ArtifactDir(), "failure.png"), picture, 0o600)
	}
	p.t.Fatalf("%s\nat %s\nwhere the page says:\n%s", fmt.Sprintf(format, args...), address, indent(text))
}

func indent(text string) string {
	return "\t" + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n\t")
}

//go:embed find.js
var finder string

// find writes a call of one of find.js's functions, each argument quoted.
func find(call string, args ...string) string {
	quoted := make([]any, len(args))
	for i, a := range args {
		quoted[i] = quote(a)
	}
	return strings.TrimSuffix(strings.TrimSpace(finder), ";") + "." + fmt.Sprintf(call, quoted...)
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b)
}
