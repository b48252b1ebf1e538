package browsertest

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// answer is what the functions of find.js say: a problem, or what to do next.
type answer struct {
	Problem string  `json:"problem"`
	Typing  bool    `json:"typing"`
	Value   string  `json:"value"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Leads   bool    `json:"leads"`
	Address string  `json:"address"`
}

// Fill types the value into the field with that label, in place of what was there. In a list it chooses
// the option with that text.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	if p.found("ready(%s, %s, %s)", p.group, label, value).Typing {
		p.do("typing into "+label, input.InsertText(value))
	}
}

// Value is what stands in the field with that label.
func (p *Page) Value(label string) string {
	p.t.Helper()
	return p.found("value(%s, %s)", p.group, label).Value
}

// Check chooses the radio button or checkbox with that label.
func (p *Page) Check(label string) {
	p.t.Helper()
	p.found("check(%s, %s)", p.group, label)
}

// Click presses the button or follows the link with that text, by the mouse. When that leads to another
// page it waits for it.
func (p *Page) Click(name string) {
	p.t.Helper()
	at := p.found("target(%s, %s)", p.group, name)
	press := func() error { return p.try(chromedp.MouseClickXY(at.X, at.Y)) }
	if at.Leads {
		p.leave(press, "clicking "+name)
	} else if err := press(); err != nil {
		p.fail("clicking %s: %v", name, err)
	}
}

// Push presses the button with that text, of which a script takes care: it waits
// for no other page. Follow it with See.
func (p *Page) Push(name string) {
	p.t.Helper()
	at := p.found("target(%s, %s)", p.group, name)
	p.do("pushing "+name, chromedp.MouseClickXY(at.X, at.Y))
}

// Press sends one key to whatever has the focus: "\t", "\r", "\x1b" (see chromedp/kb). It waits until the
// page with its scripts is there, but for no outcome; follow it with See.
func (p *Page) Press(key string) {
	p.t.Helper()
	p.Until("document.readyState === 'complete'", "the page does not finish loading")
	p.do("pressing a key", chromedp.KeyEvent(key))
}

// Download fetches what the link with that text leads to, with the visitor's cookies, and gives its
// content type and bytes: for files, which a browser would not show.
func (p *Page) Download(link string) (contentType string, content []byte) {
	p.t.Helper()
	return p.Fetch(p.found("address(%s, %s)", p.group, link).Address)
}

// DownloadForm sends the form of the button with that text, with the visitor's cookies, and gives the content
// type and bytes of the answer: for files that a form brings, which a browser would not show.
func (p *Page) DownloadForm(button string) (contentType string, content []byte) {
	p.t.Helper()
	form := p.found("form(%s, %s)", p.group, button)
	r := p.request(http.MethodPost, form.Address, strings.NewReader(form.Value))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", r.URL.Scheme+"://"+r.URL.Host)
	return p.answer(r)
}

// Fetch gets the address as the visitor, outside the page. An answer other than 200 fails the test.
func (p *Page) Fetch(address string) (contentType string, content []byte) {
	p.t.Helper()
	return p.answer(p.request(http.MethodGet, address, nil))
}

func (p *Page) request(method, address string, body io.Reader) *http.Request {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.ctx, method, address, body)
	if err != nil {
		p.fail("fetching %s: %v", address, err)
	}
	for _, c := range p.cookies(address) {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return r
}

func (p *Page) answer(r *http.Request) (contentType string, content []byte) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	answer, err := http.DefaultClient.Do(r.WithContext(ctx))
	if err != nil {
		p.fail("fetching %s: %v", r.URL, err)
	}
	defer answer.Body.Close()
	content, err = io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.fail("fetching %s: %s, %v", r.URL, answer.Status, err)
	}
	return answer.Header.Get("Content-Type"), content
}

// cookies are the visitor's cookies for the address.
func (p *Page) cookies(address string) (all []*network.Cookie) {
	p.t.Helper()
	p.do("reading cookies", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		all, err = network.GetCookies().WithURLs([]string{address}).Do(ctx)
		return err
	}))
	return all
}

// found asks find.js until it has no problem to tell, and fails with the last problem otherwise.
func (p *Page) found(call string, args ...string) answer {
	p.t.Helper()
	var a answer
	script := find(call, args...)
	if !p.poll(func() bool {
		a = answer{}
		if err := p.try(chromedp.Evaluate(script, &a)); err != nil {
			a.Problem = err.Error()
		}
		return a.Problem == ""
	}) {
		p.fail("%s", a.Problem)
	}
	return a
}
