package thirdparty

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const conformancePage = "../../../docs/conformance.md"

var (
	row   = regexp.MustCompile("^\\| `([^`]+)` \\| (.+) \\|$")
	named = regexp.MustCompile("`(Test[A-Za-z0-9]+)(?:/([^`]+))?`")
)

// TestConformancePage holds docs/conformance.md to the tests that there are: each
// module has one, or a word why it does not apply.
func TestConformancePage(t *testing.T) {
	page, err := os.ReadFile(conformancePage)
	check(t, err)
	tests := testsOf(t, "..")
	plan, seen, rows := "", map[string]bool{}, 0
	for line := range strings.Lines(string(page)) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			plan = title
		}
		for _, n := range named.FindAllStringSubmatch(line, -1) {
			if said, ok := tests[n[1]]; !ok || n[2] != "" && !said[n[2]] {
				t.Errorf("%s: there is no test %s", plan, n[0])
			}
		}
		module := row.FindStringSubmatch(line)
		if module == nil {
			continue
		}
		rows++
		if name := plan + ": " + module[1]; seen[name] {
			t.Errorf("%s is there twice", name)
		} else {
			seen[name] = true
		}
		if !named.MatchString(module[2]) && !strings.HasPrefix(module[2], "does not apply: ") {
			t.Errorf("%s: nothing shows %s", plan, module[1])
		}
	}
	const atLeast = 150 // modules of all plans
	if rows < atLeast {
		t.Errorf("the page has %d modules only", rows)
	}
}

// testsOf are the tests below a folder, by name, with every text that each holds:
// the names of its cases are among them.
func testsOf(t testing.TB, folder string) map[string]map[string]bool {
	t.Helper()
	found := map[string]map[string]bool{}
	check(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				if found[f.Name.Name] == nil {
					found[f.Name.Name] = map[string]bool{}
				}
				maps.Copy(found[f.Name.Name], textsIn(f)) // two packages may have a test of one name
			}
		}
		return nil
	}))
	return found
}

func textsIn(f *ast.FuncDecl) map[string]bool {
	texts := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if text, err := strconv.Unquote(l.Value); err == nil {
				texts[text] = true
			}
		}
		return true
	})
	return texts
}
