package ledger

import (
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/ledger-events.md anew")

const eventsPage = "../../docs/ledger-events.md"

const preface = `# Events of the ledger

This page is made from the comments in ` + "`internal/ledger`" + ` by ` + "`make generate`" + `; a test holds it current.

Every entry's leaf is one line of JSON: ` + "`id`, `at` (UTC), `kind`, `person`, `public`, `personal`" + `. Public fields stand
in it in clear. ` + "`person`" + ` and the personal fields stand in it as commitments only: the SHA-256 of a disclosure
(RFC 9901, 4.2), which is the base64url of ` + "`[salt, name, value]`" + `. The disclosures are sealed beside the leaf under
the person's own key, so erasing the key erases the values and leaves the proof. Where an event has no person, they are
sealed under the gateway's key. Fields without a value are left out.

The leaf is hashed as it is written (RFC 6962) and its head signed as a note (C2SP tlog-checkpoint), with the moment of
signing as its last line.
`

func TestTheEventsPageIsCurrent(t *testing.T) {
	page := preface + eventsText(t)
	if *update {
		if err := os.WriteFile(eventsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(eventsPage)
	if err != nil || string(kept) != page {
		t.Errorf("docs/ledger-events.md is not current (%v); run make generate", err)
	}
}

func eventsText(t *testing.T) string {
	comments := structComments(t)
	var b strings.Builder
	for _, topic := range topics {
		fmt.Fprintf(&b, "\n## %s\n", topic.title)
		for _, e := range topic.events {
			c, ok := comments[reflect.TypeOf(e).Name()]
			if !ok {
				t.Fatalf("%T has no comment", e)
			}
			describe(t, &b, shapes[e.Kind()], c)
		}
	}
	return b.String()
}

func describe(t *testing.T, b *strings.Builder, s shape, c commented) {
	_, text, _ := strings.Cut(c.text, " ") // the comment begins with the struct's name
	fmt.Fprintf(b, "\n### %s\n`%s` %s\n\n| field | | |\n|---|---|---|\n", s.kind, s.typ.Name(), text)
	for _, f := range s.fields {
		name, side := s.typ.Field(f.index).Name, "public"
		if f.personal {
			side = "personal"
		}
		if c.fields[name] == "" {
			t.Errorf("%s.%s has no comment", s.typ.Name(), name)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.name, side, c.fields[name])
	}
}

// commented is what the source says about a struct.
type commented struct {
	text   string
	fields map[string]string
}

func structComments(t *testing.T) map[string]commented {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range files {
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	pkg, err := doc.NewFromFiles(set, parsed, "kapu/internal/ledger")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]commented{}
	for _, typ := range pkg.Types {
		c := commented{strings.Join(strings.Fields(typ.Doc), " "), map[string]string{}}
		if s, ok := typ.Decl.Specs[0].(*ast.TypeSpec).Type.(*ast.StructType); ok {
			for _, f := range s.Fields.List {
				for _, name := range f.Names {
					c.fields[name.Name] = strings.TrimSpace(f.Comment.Text())
				}
			}
		}
		found[typ.Name] = c
	}
	return found
}
