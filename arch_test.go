// Package kapu_test keeps the shape of the whole program: which package may import which, where SQL and
// the clock may be touched, what every package must say about itself. The rules themselves stand in
// arch_rules_test.go, each with its reason; arch_proof_test.go shows that each catches what it forbids.
package kapu_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "kapu"

// A source is one parsed Go file. Its path is slash-separated and relative to the module's root.
type source struct {
	path string
	fset *token.FileSet
	file *ast.File
}

// A finding is one place that breaks a rule.
type finding struct {
	path string
	line int
	what string
}

// A rule looks at one file. The reason is shown with every finding, for whoever meets the rule first.
type rule struct {
	name   string
	reason string
	check  func(s source) []finding
}

func TestArchitecture(t *testing.T) {
	sources := parseTree(t, ".")
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			var found []finding
			for _, s := range sources {
				found = append(found, r.check(s)...)
			}
			report(t, r, found)
		})
	}
	t.Run("package-comment", func(t *testing.T) {
		report(t, rule{name: "package-comment", reason: "a reader starts there: say what the package owns and what it refuses"},
			packagesWithoutComment(sources))
	})
}

func report(t *testing.T, r rule, found []finding) {
	t.Helper()
	if len(found) == 0 {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.name, r.reason)
	for _, f := range found {
		fmt.Fprintf(&b, "  %s:%d: %s\n", f.path, f.line, f.what)
	}
	t.Error(b.String())
}

// TestSecondLook fails nothing. With -v it names the files and functions that have grown past the size
// at which the design asks for a second look.
func TestSecondLook(t *testing.T) {
	const longFile, longFunction = 400, 45
	for _, s := range parseTree(t, ".") {
		if n := s.line(s.file.FileEnd); n > longFile {
			t.Logf("%s: %d lines", s.path, n)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.isTest() {
				continue
			}
			if n := s.line(f.End()) - s.line(f.Pos()) + 1; n > longFunction {
				t.Logf("%s:%d: %s has %d lines", s.path, s.line(f.Pos()), f.Name.Name, n)
			}
		}
	}
}

func parseTree(t *testing.T, root string) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(p), string(text))
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func skipped(dir string) bool {
	return dir == "node_modules" || dir == "testdata" || (strings.HasPrefix(dir, ".") && dir != ".")
}

func parse(name, text string) (source, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	return source{path: name, fset: fset, file: file}, err
}

func packagesWithoutComment(sources []source) []finding {
	silent := map[string]source{}
	spoken := map[string]bool{}
	for _, s := range sources {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		if saysWhatItIs(s) {
			spoken[s.dir()] = true
		} else if _, ok := silent[s.dir()]; !ok {
			silent[s.dir()] = s
		}
	}
	var found []finding
	for dir, s := range silent {
		if !spoken[dir] {
			found = append(found, s.at(s.file.Package, "package "+s.file.Name.Name+" has no comment of the form “Package "+s.file.Name.Name+" …”"))
		}
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.path, b.path) })
	return found
}

func saysWhatItIs(s source) bool {
	if s.file.Name.Name == "main" {
		return s.file.Doc.Text() != ""
	}
	return strings.HasPrefix(s.file.Doc.Text(), "Package "+s.file.Name.Name+" ")
}

func (s source) dir() string { return path.Dir(s.path) }

// isTest is true for test files and for packages that exist only for tests, such as store/storetest.
func (s source) isTest() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.HasSuffix(s.dir(), "test")
}

func (s source) line(p token.Pos) int { return s.fset.Position(p).Line }

func (s source) at(p token.Pos, what string) finding {
	return finding{path: s.path, line: s.line(p), what: what}
}

// within tells whether the file lies in the named folder of internal/ or anywhere below it.
func (s source) within(rooms ...string) bool { return below(s.room(), rooms...) }

// room is the folder below internal/, such as "method/password"; other files have their own folder's name.
func (s source) room() string { return strings.TrimPrefix(s.dir(), "internal/") }

// below tells whether room is one of the given ones or lies inside one of them.
func below(room string, of ...string) bool {
	return slices.ContainsFunc(of, func(r string) bool { return room == r || strings.HasPrefix(room, r+"/") })
}

// imports calls see with each import: the plain path, and for our own packages also the room.
func (s source) imports(see func(spec *ast.ImportSpec, path, room string)) {
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		room, ours := strings.CutPrefix(p, module+"/")
		if !ours {
			room = ""
		}
		see(spec, p, strings.TrimPrefix(room, "internal/"))
	}
}

// calls finds calls of pkg.name for the given names, whatever the file calls the imported package.
func (s source) calls(pkg string, names ...string) []finding {
	local := s.localName(pkg)
	if local == "" {
		return nil
	}
	var found []finding
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && slices.Contains(names, sel.Sel.Name) {
			found = append(found, s.at(call.Pos(), pkg+"."+sel.Sel.Name))
		}
		return true
	})
	return found
}

// localName is what the file calls the package, or nothing when it does not import it.
func (s source) localName(pkg string) string {
	name := ""
	s.imports(func(spec *ast.ImportSpec, p, _ string) {
		if p != pkg {
			return
		}
		name = path.Base(pkg)
		if spec.Name != nil {
			name = spec.Name.Name
		}
	})
	return name
}
