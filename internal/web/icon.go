package web

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// icons are the drawings under icons/, by name.
var icons = readIcons()

func readIcons() map[string]template.HTML {
	files, err := fs.Glob(own, "icons/*.svg")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	m := map[string]template.HTML{}
	for _, f := range files {
		raw, err := fs.ReadFile(own, f)
		if err != nil {
			panic(err) // embedded
		}
		m[strings.TrimSuffix(path.Base(f), ".svg")] = template.HTML(raw)
	}
	return m
}

// icon is an inline drawing that stands beside words and is silent to a screen reader.
func icon(name string) (template.HTML, error) {
	svg, ok := icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return svg, nil
}

// splitKeys takes "Ctrl+Enter" apart for kbd elements.
func splitKeys(shortcut string) []string { return strings.Split(shortcut, "+") }
