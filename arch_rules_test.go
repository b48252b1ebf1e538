package kapu_test

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The storeys of the program, from the ground up. What is not named here (web, notify, register, jobs…)
// stands between the ground and the rooms and is bound by the rules that name it.
var (
	// The nouns and the law: pure, and readable by a lawyer.
	pure = []string{"identity", "law", "authn"}
	// The ground everything stands on, with the engines behind it.
	ground = []string{"identity", "law", "authn", "store", "volatile", "keys", "ledger", "job", "config"}
	// The families of rooms. In a family each folder is a room of its own; the family's own package holds their contract.
	families = []string{"method", "federation"}
	// The rooms that are no family.
	halls = []string{"portal", "account", "consent", "devices", "recovery", "behalf", "office"}
)

// mayImport is the ladder of the pure packages: identity ← law ← authn.
var mayImport = map[string][]string{"identity": nil, "law": {"identity"}, "authn": {"identity", "law"}}

// mayReadClock lists where the wall clock enters; everything else is given its time.
var mayReadClock = []string{"cmd", "app"}

var rules = []rule{
	{"pure-ladder", "identity ← law ← authn import the standard library and the rung below, without network, database, context or clock: rules of law must be readable and testable alone", pureLadder},
	{"ground", "store, volatile, keys, ledger and job know the nouns and each other, never what is built on them", groundLooksUp},
	{"web-shell", "web is the frame of every page: it knows no room and no database", webKnowsRooms},
	{"rooms-are-strangers", "methods, federation doors, portal, account, consent, recovery, behalf and office never import one another; every hop goes through the broker", roomsMeet},
	{"rooms-are-hung-by-app", "only app, cmd and the simulator's wiring name a room, so that adding one touches one list", roomNamedBelow},
	{"app-is-the-top", "app knows all and only cmd knows app", appImported},
	{"simulator-stays-outside", "only the demo, the bench, cmd and tests may import the simulator: nothing real may lean on a fake", simulatorImported},
	{"test-tools-stay-in-tests", "browsertest, storetest and testing are for tests; a program must not carry them", testToolsImported},
	{"package-names", "a package is named after what it owns; util, common, helpers, models and types own nothing", vagueName},
	{"sql-in-store", "all SQL lives in store, where the contract tests run it on both engines", sqlOutsideStore},
	{"time-is-given", "time is injected (now func() time.Time), so that a test can stand at any moment of the law", clockRead},
	{"tests-never-sleep", "a sleeping test is slow when it passes and wrong when it fails; wait for a condition or inject the time", testSleeps},
	{"skips-say-why", "a skipped test must tell the reader what is missing", silentSkip},
}

func pureLadder(s source) []finding {
	room := s.room()
	if !slices.Contains(pure, room) || s.isTest() {
		return nil
	}
	found := s.calls("time", "Now", "Since", "Until")
	s.imports(func(spec *ast.ImportSpec, p, to string) {
		first, _, _ := strings.Cut(p, "/")
		outside := strings.Contains(first, ".") || (to != "" && !slices.Contains(mayImport[room], to))
		if outside || p == "context" || below(p, "net", "database/sql", "os", "log") && p != "net/mail" && p != "net/netip" {
			found = append(found, s.at(spec.Pos(), room+" imports "+p))
		}
	})
	return found
}

func groundLooksUp(s source) []finding {
	if !s.within(ground...) || s.isTest() {
		return nil
	}
	return s.importsOf(func(to string) bool { return !below(to, ground...) })
}

func webKnowsRooms(s source) []finding {
	if !s.within("web") || s.isTest() {
		return nil
	}
	return s.importsOf(func(to string) bool {
		return roomOf(to) != "" || below(to, "broker", "registration", "disposition", "store", "volatile", "ledger", "simulator")
	})
}

func roomsMeet(s source) []finding {
	own := roomOf(s.room())
	if own == "" || s.isTest() {
		return nil
	}
	return s.importsOf(func(to string) bool { return roomOf(to) != "" && roomOf(to) != own })
}

func roomNamedBelow(s source) []finding {
	if roomOf(s.room()) != "" || s.within("app", "cmd", "simulator") || s.isTest() {
		return nil
	}
	return s.importsOf(func(to string) bool { return roomOf(to) != "" })
}

func appImported(s source) []finding {
	if s.within("app", "cmd") || s.isTest() {
		return nil
	}
	return s.importsOf(func(to string) bool { return below(to, "app") })
}

func simulatorImported(s source) []finding {
	demo := s.within("app") && strings.HasPrefix(path.Base(s.path), "demo") || s.within("app/demo", "app/bench")
	if demo || s.within("cmd", "simulator") || s.isTest() {
		return nil
	}
	return s.importsOf(func(to string) bool { return below(to, "simulator") })
}

func testToolsImported(s source) []finding {
	if s.isTest() {
		return nil
	}
	var found []finding
	s.imports(func(spec *ast.ImportSpec, p, to string) {
		if p == "testing" || to != "" && strings.HasSuffix(to, "test") {
			found = append(found, s.at(spec.Pos(), "imports "+p))
		}
	})
	return found
}

func vagueName(s source) []finding {
	vague := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "misc"}
	for _, name := range []string{s.file.Name.Name, path.Base(s.dir())} {
		if slices.Contains(vague, name) {
			return []finding{s.at(s.file.Package, "package "+name)}
		}
	}
	return nil
}

var statement = regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE FROM)\s`)

func sqlOutsideStore(s source) []finding {
	if s.within("store") || s.isTest() {
		return nil
	}
	var found []finding
	ast.Inspect(s.file, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && statement.MatchString(text.Value) {
			found = append(found, s.at(text.Pos(), "SQL: "+statement.FindString(text.Value)+"…"))
		}
		return true
	})
	return found
}

func clockRead(s source) []finding {
	if s.within(mayReadClock...) || s.isTest() {
		return nil
	}
	return s.calls("time", "Now", "Since", "Until")
}

func testSleeps(s source) []finding {
	if !s.isTest() {
		return nil
	}
	found := s.calls("time", "Sleep")
	ast.Inspect(s.file, func(n ast.Node) bool {
		bubble, ok := n.(*ast.CallExpr)
		if !ok || !isSelector(bubble.Fun, "synctest", "Test") { // in a bubble the clock is a fake
			return true
		}
		found = slices.DeleteFunc(found, func(f finding) bool {
			return s.line(bubble.Pos()) <= f.line && f.line <= s.line(bubble.End())
		})
		return false
	})
	return found
}

func silentSkip(s source) []finding {
	if !s.isTest() {
		return nil
	}
	var found []finding
	ast.Inspect(s.file, func(n ast.Node) bool {
		if discardsInput(n) {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) > 0 {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
			found = append(found, s.at(call.Pos(), sel.Sel.Name+" without a message"))
		}
		return true
	})
	return found
}

// discardsInput is true for fuzz targets and rapid properties, where Skip throws one input away, not the test.
func discardsInput(n ast.Node) bool {
	switch f := n.(type) {
	case *ast.FuncDecl:
		return strings.HasPrefix(f.Name.Name, "Fuzz")
	case *ast.FuncLit:
		for _, p := range f.Type.Params.List {
			if star, ok := p.Type.(*ast.StarExpr); ok && isSelector(star.X, "rapid", "T") {
				return true
			}
		}
	}
	return false
}

func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// importsOf lists the file's imports of our own packages that bad says are wrong.
func (s source) importsOf(bad func(room string) bool) []finding {
	var found []finding
	s.imports(func(spec *ast.ImportSpec, p, to string) {
		if to != "" && bad(to) {
			found = append(found, s.at(spec.Pos(), "imports "+p))
		}
	})
	return found
}

// roomOf names the room a package belongs to: "method/password", "federation/oidc", "portal"; else nothing.
// A family's own package ("method") is the contract of its rooms and no room itself.
func roomOf(pkg string) string {
	parts := strings.Split(pkg, "/")
	switch {
	case slices.Contains(halls, parts[0]):
		return parts[0]
	case slices.Contains(families, parts[0]) && len(parts) > 1:
		return parts[0] + "/" + parts[1]
	}
	return ""
}
