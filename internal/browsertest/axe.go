package browsertest

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

// axe-core, as published; axe/README.md tells its version, licence and how to renew it.
//
//go:embed axe/axe.min.js
var axeCore string

// The rules of WCAG 2.2, levels A and AA, and axe's good practice. None of them looks into style sheets or media,
// which axe would fetch anew for each page.
const axeRun = `axe.run(document, {
	runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
	resultTypes: ["violations"], preload: false,
}).then((r) => r.violations.map((v) => ({
	id: v.id, impact: v.impact || "", help: v.help,
	places: v.nodes.map((n) => ({target: n.target.join(" "), html: n.html, why: n.failureSummary || ""})),
})))`

type violation struct {
	ID, Impact, Help string
	Places           []struct{ Target, HTML, Why string }
}

// Axe lists what axe finds against WCAG 2.2 A and AA and good practice on the page as it looks now, each
// with rule, place and cause; nothing when the page is in order. It goes in through the debugger, so that
// the page's content security policy stays in force and needs no exception.
func (p *Page) Axe() []string {
	p.t.Helper()
	p.settle()
	var found []violation
	p.do("running axe",
		chromedp.Evaluate(axeCore+"; true", nil),
		chromedp.Evaluate(axeRun, &found, awaited))
	readable := make([]string, len(found))
	for i, v := range found {
		readable[i] = v.String()
	}
	return readable
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Places {
		fmt.Fprintf(&b, "\n  %s\n    %s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Why, "\n", "\n    "))
	}
	return b.String()
}
