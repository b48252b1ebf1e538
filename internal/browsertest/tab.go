package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// A tab is what the browser says of one visitor's page while it is used, and how the page is looked at.
type tab struct {
	width, height int
	dark          bool

	mu         sync.Mutex
	status     int
	complaints []string
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		b.answered(e)
	case *log.EventEntryAdded:
		if e.Entry.Source == log.SourceSecurity || e.Entry.Source == log.SourceJavascript {
			b.complain("%s (%s)", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		b.complain("a script failed: %s", e.ExceptionDetails.Error())
	}
}

// answered keeps the status of the page itself; a refusal page may well be a 403. A part of a page that is
// missing is always a mistake, the icon a browser looks for unasked aside.
func (b *tab) answered(e *network.EventResponseReceived) {
	if e.Type == network.ResourceTypeDocument {
		b.status = int(e.Response.Status)
	} else if e.Response.Status >= 400 && !strings.HasSuffix(e.Response.URL, "/favicon.ico") {
		b.complain("%s answered %d", e.Response.URL, e.Response.Status)
	}
}

func (b *tab) complain(format string, args ...any) {
	if c := fmt.Sprintf(format, args...); !slices.Contains(b.complaints, c) {
		b.complaints = append(b.complaints, c)
	}
}

// Complaints takes away what the browser has complained of so far: breaches of the content security
// policy, script errors, missing parts. A test that expects one takes it; what remains fails the test.
func (p *Page) Complaints() []string {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	taken := p.tab.complaints
	p.tab.complaints = nil
	return taken
}

// Status is the HTTP status of the page last loaded.
func (p *Page) Status() int {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	return p.tab.status
}
