package menu

import (
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
	"testing"
)

const picture = "../../../docs/pictures/telephone.svg"

// TestTheTelephonePicture holds the picture of the menu to what callers go through.
func TestTheTelephonePicture(t *testing.T) {
	drawn := draw(t)
	if *update {
		if err := os.WriteFile(picture, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	before, err := os.ReadFile(picture)
	if err != nil || string(before) != drawn {
		t.Errorf("docs/pictures/telephone.svg is not what the menu is: go test ./internal/telephone/menu -run Telephone -update (%v)", err)
	}
}

// captions say of each step in two or three words what is done there.
var captions = map[Step]string{
	Greeting: "which language", Identifier: "eight digits", Opening: "what is asked", Position: "three of six digits", Checking: "are they right",
	Stuck: "try again?", Reminding: "what is asked", Question: "three of six", Unlocking: "are they right",
	Menu: "0 repeats", New: "six digits", Again: "once more", Changing: "is it good", Recalling: "last sign-ins", Listing: "which there are",
	Ways: "forbid or allow", Confirm: "sure?", Deciding: "write it down", ConfirmOwn: "the telephone itself", DecidingOwn: "write it down", Coding: "a spoken code",
	Desk: "the clerk's code", Finding: "who waits", Consent: "may they see it?", Showing: "the clerk sees it",
}

// panels are the parts of the picture, each a tree from its first step on.
var panels = []struct {
	title  string
	from   Step
	leaves []Step // to another panel
}{
	{"Who calls", Greeting, []Step{New}},
	{"What they may do", Menu, nil},
	{"If it is locked", Stuck, nil},
}

// Measures of the picture, in its own units.
const (
	boxWide, boxHigh, askHigh, pillHigh = 130, 60, 44, 26
	column                              = boxWide + 98
	rowGap                              = 16
	margin, panelHead                   = 30, 46
)

// node is a step with what leads on from it, or only its name where it is drawn elsewhere.
type node struct {
	step     Step
	by       string // what leads here
	back     Step   // where * leads; "" is nowhere
	asks     bool   // the gateway answers here
	drawn    bool   // elsewhere
	children []*node
	x, y     int // of the middle of its left side
}

func (n *node) high() int {
	switch {
	case n.drawn:
		return pillHigh
	case n.asks:
		return askHigh
	}
	return boxHigh
}

// place gives every node of the tree its place, from top on, and returns where the
// next one begins. A step stands beside the middle of what follows it.
func (n *node) place(x, top int) int {
	n.x = x
	bottom := top
	for _, c := range n.children {
		bottom = c.place(x+column, bottom)
	}
	least := top + n.high() + rowGap
	switch len(n.children) {
	case 0:
		n.y = top + n.high()/2
	case 1: // in line, that a way without a fork is straight
		n.y = max(n.children[0].y, top+n.high()/2)
		n.children[0].y = max(n.children[0].y, n.y)
	default:
		n.y = (n.children[0].y + n.children[len(n.children)-1].y) / 2
	}
	return max(bottom, least)
}

// grow is the tree from a step on.
func grow(ways map[Step][]way, n *node, drawn map[Step]bool) *node {
	n.asks = table[n.step].answers != nil
	for _, w := range group(ways[n.step]) {
		if w.by == "*" {
			n.back = w.to
			continue
		}
		c := &node{step: w.to, by: w.by, drawn: drawn[w.to]}
		if drawn[w.to] = true; !c.drawn {
			grow(ways, c, drawn)
		}
		n.children = append(n.children, c)
	}
	return n
}

func draw(t *testing.T) string {
	t.Helper()
	ways, drawn := waysOf(t), map[Step]bool{Ended: true}
	for _, p := range panels {
		drawn[p.from] = true
	}
	var body strings.Builder
	top := margin
	for _, p := range panels {
		fmt.Fprintf(&body, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>\n", margin, top+14, html.EscapeString(p.title))
		for _, step := range p.leaves {
			drawn[step] = true
		}
		n := grow(ways, &node{step: p.from}, drawn)
		for _, step := range p.leaves {
			drawn[step] = false
		}
		top = n.place(margin, top+panelHead)
		n.draw(&body)
		top += rowGap
	}
	for step := range table {
		if !drawn[step] {
			t.Errorf("%s is not drawn", step)
		}
	}
	const wide = 2*margin + 5*column + boxWide
	return fmt.Sprintf(frame, wide, top+margin/2, wide, top+margin/2, body.String())
}

func (n *node) draw(b *strings.Builder) {
	kind := "card"
	switch {
	case n.drawn:
		kind = "pill"
	case n.asks:
		kind = "gate"
	}
	fmt.Fprintf(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>\n", kind, n.x, n.y-n.high()/2, boxWide, n.high(), min(n.high()/2, 14))
	on := map[string]string{"gate": " on"}[kind]
	lines := []string{string(n.step), captions[n.step]}
	switch {
	case n.drawn:
		lines = []string{"→ " + string(n.step)}
	case n.back != "":
		lines = append(lines, "*  ↩ "+string(n.back))
	}
	for i, line := range lines {
		class := [...]string{"step", "soft", "soft"}[i]
		if n.drawn {
			class = "soft"
		}
		fmt.Fprintf(b, "<text class=\"%s mid%s\" x=\"%d\" y=\"%d\">%s</text>\n", class, on, n.x+boxWide/2, n.y+5+(2*i-len(lines)+1)*17/2, html.EscapeString(line))
	}
	for _, c := range n.children {
		from, turn := n.x+boxWide, n.x+boxWide+12
		fmt.Fprintf(b, "<path class=\"way\" d=\"M%d %dH%dV%dH%d\"/>\n", from, n.y, turn, c.y, c.x-2)
		above, below := halves(c.by)
		fmt.Fprintf(b, "<text class=\"by mid\" x=\"%d\" y=\"%d\">%s</text>\n", (turn+c.x)/2, c.y-5, html.EscapeString(above))
		if below != "" {
			fmt.Fprintf(b, "<text class=\"by mid\" x=\"%d\" y=\"%d\">%s</text>\n", (turn+c.x)/2, c.y+13, html.EscapeString(below))
		}
		c.draw(b)
	}
}

// halves parts words that are too long for their place, above and below the line.
func halves(s string) (above, below string) {
	if len(s) <= 9 {
		return s, ""
	}
	best := -1
	for i, c := range s {
		if c == ' ' && (best < 0 || max(i, len(s)-i) < max(best, len(s)-best)) {
			best = i
		}
	}
	if best < 0 {
		return s, ""
	}
	return s[:best], s[best+1:]
}

// frame is what stands around the picture: wide and high, twice, and what is in it.
const frame = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc">
<title id="title">The menu of the telephone</title>
<desc id="desc">Three trees, drawn from the transition table. White boxes are steps at which the caller presses keys, with what * leads back to; green ones are steps at which the gateway is asked; dashed ones stand elsewhere in the picture. The same in words is on the page about the telephone.</desc>
<style>
:root { --paper: #f3f6f2; --card: #ffffff; --ink: #17211d; --soft: #4b5a53; --line: #a9b8b0; --gate: #1f5c4a; --on-gate: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --paper: #101a16; --card: #1a2822; --ink: #e8f0eb; --soft: #b2c2ba; --line: #4d6057; --gate: #8fd3b8; --on-gate: #0e1f18; } }
text { font-family: "Source Sans 3", "Source Sans Pro", "Segoe UI", Roboto, "Helvetica Neue", sans-serif; font-size: 14px; fill: var(--ink); }
.name { font-size: 19px; font-weight: 600; }
.step { font-size: 15px; font-weight: 600; }
.soft, .by { font-size: 13px; fill: var(--soft); }
.by { font-weight: 600; }
.on { fill: var(--on-gate); }
.mid { text-anchor: middle; }
.paper { fill: var(--paper); }
.card { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.gate { fill: var(--gate); }
.pill { fill: none; stroke: var(--line); stroke-width: 1.5; stroke-dasharray: 4 4; }
.way { fill: none; stroke: var(--ink); stroke-width: 1.5; }
</style>
<rect class="paper" width="%d" height="%d" rx="14"/>
%s</svg>
`

// Every step has its caption, and no caption has lost its step.
func TestEveryStepHasItsCaption(t *testing.T) {
	var steps []Step
	for step := range table {
		steps = append(steps, step)
		if captions[step] == "" && step != Ended {
			t.Errorf("%s has no caption", step)
		}
	}
	for step := range captions {
		if !slices.Contains(steps, step) {
			t.Errorf("there is no step %s", step)
		}
	}
}
