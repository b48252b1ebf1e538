package kapu_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	namedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
	writtenTest = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	madeTable   = regexp.MustCompile(`(?m)^CREATE TABLE (\w+) \(`)
)

// TestPagesNameTestsThatExist: a page that points to a test as its proof points to one that is there.
func TestPagesNameTestsThatExist(t *testing.T) {
	there := written(t)
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		for _, name := range namedTest.FindAllStringSubmatch(read(t, page), -1) {
			if !there[name[1]] {
				t.Errorf("%s names %s, which is nowhere", page, name[1])
			}
		}
	}
}

// TestEveryTableHasItsThreats: whoever adds a table says what its loss or alteration allows.
func TestEveryTableHasItsThreats(t *testing.T) {
	_, section, found := strings.Cut(read(t, "docs/threats.md"), "## Store by store")
	section, _, _ = strings.Cut(section, "\n## ")
	migrations, err := filepath.Glob("internal/store/migrations/*.sql")
	if err != nil || len(migrations) == 0 || !found {
		t.Fatalf("no migrations or no section: %v", err)
	}
	for _, m := range migrations {
		up, _, _ := strings.Cut(read(t, m), "-- +goose Down")
		for _, table := range madeTable.FindAllStringSubmatch(up, -1) {
			if !strings.Contains(section, "`"+table[1]+"`") && !gone(migrations, table[1]) {
				t.Errorf("%s makes %s, of which docs/threats.md says nothing", m, table[1])
			}
		}
	}
}

// gone tells whether a later migration renames a table.
func gone(migrations []string, table string) bool {
	return slices.ContainsFunc(migrations, func(m string) bool {
		text, err := os.ReadFile(m)
		return err == nil && strings.Contains(string(text), "ALTER TABLE "+table+" RENAME")
	})
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// written are the names of all tests of the program.
func written(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, name := range writtenTest.FindAllStringSubmatch(read(t, path), -1) {
			all[name[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
