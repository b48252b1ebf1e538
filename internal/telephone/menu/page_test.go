package menu

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"kapu/internal/telephone/prompt"
)

var update = flag.Bool("update", false, "write docs/telephone.md anew")

const page = "../../../docs/telephone.md"

// TestTheTelephonePage holds the drawing of the menu and the list of prompts to
// what callers go through and hear.
func TestTheTelephonePage(t *testing.T) {
	before, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	after := between(t, string(before), "menu", "```\n"+drawing(t)+"```\n")
	after = between(t, after, "prompts", promptTable())
	if *update {
		if err := os.WriteFile(page, []byte(after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if after != string(before) {
		t.Error("docs/telephone.md is not what the menu is: go test ./internal/telephone/menu -run TelephonePage -update")
	}
}

// between puts text between two marks of the page.
func between(t *testing.T, whole, mark, text string) string {
	t.Helper()
	head, rest, found := strings.Cut(whole, "<!-- "+mark+" -->\n")
	_, tail, ends := strings.Cut(rest, "<!-- end of "+mark+" -->")
	if !found || !ends {
		t.Fatalf("the page has no place for %s", mark)
	}
	return head + "<!-- " + mark + " -->\n" + text + "<!-- end of " + mark + " -->" + tail
}

func promptTable() string {
	var b strings.Builder
	b.WriteString("| id | magyar | English |\n|---|---|---|\n")
	for _, p := range prompt.List() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.ID, orDash(p.Text[prompt.Hungarian]), orDash(p.Text[prompt.English]))
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// way is how one step leads to another.
type way struct {
	by string
	to Step
}

// drawing is the menu as a tree: each step below the first that leads to it, with
// what leads on. Steps that stand elsewhere are named in brackets.
func drawing(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", Greeting)
	branch(&b, waysOf(t), Greeting, "", map[Step]bool{Greeting: true, Ended: true})
	return b.String()
}

// waysOf are the ways from step to step that callers can take.
func waysOf(t *testing.T) map[Step][]way {
	t.Helper()
	ways := map[Step][]way{}
	_, edges := everywhere(t)
	for _, e := range edges {
		w := way{e.label(), e.to.Step}
		if w.by != "" && e.from.Step != e.to.Step && !slices.Contains(ways[e.from.Step], w) {
			ways[e.from.Step] = append(ways[e.from.Step], w)
		}
	}
	return ways
}

// label names what leads on; "" for what leads away from everywhere alike (hanging
// up, silence, a fault of ours, somebody who is gone) and for single digits.
func (e edge) label() string {
	stage := table[e.from.Step]
	switch {
	case e.in.Answer != nil && (e.in.Answer.Outcome == Gone || table[e.from.Step].answers[e.in.Answer.Outcome].to == ""):
		return ""
	case e.in.Answer != nil && e.from.Step != Ended && table[e.from.Step].answers != nil:
		if e.to.Step == Ended && stage.answers[e.in.Answer.Outcome].to != Ended {
			return "" // once too often
		}
		return string(e.in.Answer.Outcome)
	case e.in.Key == 0 || !isKey(e.in.Key):
		return ""
	case e.from.Step == Again && e.in.Key == '#' && e.to.Step == New:
		return "others #"
	case e.from.Step == Again && e.in.Key == '#':
		return "the same #"
	case stage.entry != nil && e.in.Key == '#':
		return "digits #"
	case stage.entry != nil && e.in.Key != '*':
		return "the last digit"
	case stage.choose != nil && e.to.Step == ConfirmOwn:
		return "the telephone"
	case stage.choose != nil && e.in.Key != '*':
		return "another method"
	}
	return string(e.in.Key)
}

func branch(b *strings.Builder, ways map[Step][]way, at Step, indent string, drawn map[Step]bool) {
	grouped := group(ways[at])
	for i, w := range grouped {
		bar, below := "├─ ", "│  "
		if i == len(grouped)-1 {
			bar, below = "└─ ", "   "
		}
		if drawn[w.to] {
			fmt.Fprintf(b, "%s%s%s → (%s)\n", indent, bar, w.by, w.to)
			continue
		}
		drawn[w.to] = true
		fmt.Fprintf(b, "%s%s%s → %s\n", indent, bar, w.by, w.to)
		branch(b, ways, w.to, indent+below, drawn)
	}
}

// group brings together what leads to the same step, in the order of the keys.
func group(all []way) (grouped []way) {
	for _, w := range all {
		i := slices.IndexFunc(grouped, func(g way) bool { return g.to == w.to })
		if i < 0 {
			grouped = append(grouped, w)
		} else {
			grouped[i].by += ", " + w.by
		}
	}
	return grouped
}
