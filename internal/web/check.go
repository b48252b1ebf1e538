package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// CheckTexts compares a room's catalogues with each other and with what its templates and Go files ask for. fsys is
// the room's source folder, os.DirFS(".") in its test, so that keys named in Go count as used. It reports, joined:
// keys or placeholders that one language lacks, empty texts, keys asked for but missing, and keys nobody asks for.
//
// A key is used where its string literal stands; a literal ending in "." uses every key that begins with it; and
// the key of a Problem uses its .title, .why and .now. used names what cannot be seen so: keys, or prefixes with ".".
func CheckTexts(fsys fs.FS, used ...string) error {
	return checkTexts(fsys, fsys, used)
}

func checkTexts(texts, sources fs.FS, used []string) error {
	first, err := readTexts(texts, Langs[0])
	if err != nil {
		return err
	}
	var errs []error
	for _, l := range Langs[1:] {
		other, err := readTexts(texts, l)
		if err != nil {
			return err
		}
		errs = append(errs, compareTexts(Langs[0], first, l, other)...)
	}
	asked, err := literals(sources)
	if err != nil {
		return err
	}
	errs = append(errs, unusedTexts(first, append(slices.Collect(maps.Keys(asked)), used...))...)
	errs = append(errs, missingTexts(first, asked)...)
	return errors.Join(errs...)
}

// readTexts reads a catalogue; the plural forms of a text are joined, since placeholders may stand in any of them.
func readTexts(fsys fs.FS, l Lang) (map[string]string, error) {
	name := "text/" + string(l) + ".json"
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	var file map[string]any
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	texts := map[string]string{}
	for key, v := range file {
		switch v := v.(type) {
		case string:
			texts[key] = v
		case map[string]any:
			for _, form := range slices.Sorted(maps.Keys(v)) {
				texts[key] += fmt.Sprint(v[form]) + "\n"
			}
		default:
			return nil, fmt.Errorf("%s: %s is neither a text nor plural forms", name, key)
		}
	}
	return texts, nil
}

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

func placeholders(text string) string {
	set := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		set[m[1]] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(set)), " ")
}

func compareTexts(la Lang, a map[string]string, lb Lang, b map[string]string) (errs []error) {
	for _, key := range slices.Sorted(maps.Keys(a)) {
		text, ok := b[key]
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("%s: missing in %s", key, lb))
		case strings.TrimSpace(a[key]) == "" || strings.TrimSpace(text) == "":
			errs = append(errs, fmt.Errorf("%s: empty", key))
		case placeholders(a[key]) != placeholders(text):
			errs = append(errs, fmt.Errorf("%s: placeholders %q in %s, %q in %s", key, placeholders(a[key]), la, placeholders(text), lb))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[key]; !ok {
			errs = append(errs, fmt.Errorf("%s: missing in %s", key, la))
		}
	}
	return errs
}

var (
	keyLiteral = regexp.MustCompile("[\"`]([a-z][a-z0-9-]*(?:\\.[A-Za-z0-9-]+)*\\.?)[\"`]")
	action     = regexp.MustCompile(`(?s){{.*?}}`)
)

// literals finds what looks like a key in the actions of templates and in Go files that are no tests: where it stands.
func literals(fsys fs.FS) (map[string]string, error) {
	found := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"testdata", "node_modules", "static", "text"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || strings.HasSuffix(name, "_test.go") || path.Ext(name) != ".go" && path.Ext(name) != ".html":
			return nil
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		text := string(raw)
		if path.Ext(name) == ".html" {
			text = strings.Join(action.FindAllString(text, -1), "\n")
		}
		for _, m := range keyLiteral.FindAllStringSubmatch(text, -1) {
			found[m[1]] = name
		}
		return nil
	})
	return found, err
}

func unusedTexts(texts map[string]string, asked []string) (errs []error) {
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(key, ".title"), ".why"), ".now")
		if !slices.ContainsFunc(asked, func(a string) bool {
			return a == key || a == stem || strings.HasSuffix(a, ".") && strings.HasPrefix(key, a)
		}) {
			errs = append(errs, fmt.Errorf("%s: nobody asks for it", key))
		}
	}
	return errs
}

// missingTexts looks only at literals that begin like a key of this room or of the shell.
func missingTexts(texts map[string]string, asked map[string]string) (errs []error) {
	known := maps.Clone(texts)
	if sub, err := fs.Sub(own, "pages"); err == nil {
		if shell, err := readTexts(sub, Langs[0]); err == nil {
			maps.Copy(known, shell)
		}
	}
	rooms := map[string]bool{}
	for key := range known {
		rooms[key[:strings.Index(key+".", ".")]] = true
	}
	for _, a := range slices.Sorted(maps.Keys(asked)) {
		room, rest, dotted := strings.Cut(a, ".")
		if dotted && rest != "" && rooms[room] && !fileName(a) && !answered(known, a) {
			errs = append(errs, fmt.Errorf("%s: asked for in %s and missing", a, asked[a]))
		}
	}
	return errs
}

func fileName(s string) bool {
	return slices.Contains([]string{".html", ".json", ".css", ".js", ".svg", ".go"}, path.Ext(s))
}

// answered: a key itself, a prefix of keys, a Problem's key, or a reason that falls back.
func answered(known map[string]string, a string) bool {
	for _, k := range fallbacks(a) {
		if _, ok := known[k]; ok {
			return true
		}
	}
	for key := range known {
		if strings.HasSuffix(a, ".") && strings.HasPrefix(key, a) || key == a+".title" {
			return true
		}
	}
	return false
}
