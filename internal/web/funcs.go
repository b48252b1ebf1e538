package web

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"strings"
	"time"
)

// funcs are the template functions of one language; doc.go lists them.
func (s *Shell) funcs(l Lang) template.FuncMap {
	c := components{shell: s, lang: l}
	return template.FuncMap{
		"t":    func(key string, args ...any) (string, error) { return s.texts.text(l, key, s.worded(l, args)...) },
		"rich": c.rich, "plain": plain, "link": c.link, "problem": s.problemText(l), "dict": dict, "list": list,
		"date": s.dateFunc(l, dateText), "dateUntil": s.dateFunc(l, dateUntilText), "dateOn": s.dateFunc(l, dateOnText),
		"clock":  func(d time.Time) string { return clockText(l, d.In(s.zone)) },
		"moment": func(d time.Time) string { return s.momentText(l, d.In(s.zone)) },
		"past":   func(d time.Time) bool { return !s.now().Before(d) },
		"wait":   func(d time.Duration) string { return waitText(l, d) },
		"iso":    func(d time.Time) string { return d.UTC().Format(time.RFC3339) },
		"groups": groups, "icon": icon, "asset": s.static.asset, "mark": c.mark, "markOf": MarkOf,
		"levelDots": c.levelDots, "levelName": c.levelName,
		"errorSummary": c.errorSummary, "field": c.field, "password": c.password, "code": c.code, "textArea": c.textArea,
		"checkbox": c.checkbox, "radios": c.radios, "choose": c.choose, "dateField": c.dateField, "hidden": c.hidden,
		"button": c.button("button"), "buttonSecondary": c.button("button-secondary"), "buttonWarning": c.button("button-warning"),
		"buttonLink": c.buttonLink("link-button"), "buttonLinkSecondary": c.buttonLink("link-button-secondary"), "back": c.back, "toggle": c.toggle,
		"inset": c.panel("inset"), "notice": c.panel("notice"), "warning": c.panel("warning"), "success": c.panel("success"),
		"card": c.card, "progress": c.progress, "row": c.row, "verdict": c.verdict, "state": c.state,
		"pagination": c.pagination, "keys": c.keys, "step": c.step,
	}
}

// components renders templates/components in one language for the functions.
type components struct {
	shell *Shell
	lang  Lang
}

func (c components) run(name string, data any) (template.HTML, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	if err := c.shell.parts[c.lang].ExecuteTemplate(buf, name, data); err != nil {
		return "", err
	}
	return template.HTML(buf.String()), nil
}

func (c components) text(key string, args ...any) (string, error) {
	return c.shell.texts.text(c.lang, key, c.shell.worded(c.lang, args)...)
}

func (c components) rich(key string, args ...any) (template.HTML, error) {
	return c.shell.texts.rich(c.lang, key, c.shell.worded(c.lang, args)...)
}

// words are the words of an option: a string is a key, template.HTML (from rich, plain or link) stands as it is.
func (c components) words(v any) (template.HTML, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case template.HTML:
		return v, nil
	case string:
		if v == "" {
			return "", nil
		}
		return c.rich(v)
	}
	return "", fmt.Errorf("%T is neither a key nor HTML", v)
}

// plain escapes a text that is data, not a key, for where a key is expected.
func plain(v any) template.HTML { return template.HTML(html.EscapeString(fmt.Sprint(v))) }

// link is an HTML link for an argument of rich. The templates' own check of addresses stays in force, and knows
// every scheme a text needs but tel.
func (c components) link(address, key string, args ...any) (template.HTML, error) {
	label, err := c.rich(key, args...)
	if err != nil {
		return "", err
	}
	var to any = address
	if strings.HasPrefix(address, "tel:") {
		to = template.URL(address)
	}
	return c.run("link", map[string]any{"URL": to, "Label": label})
}

func dict(args ...any) (map[string]any, error) { return named(args) }

func list(items ...any) []any { return items }

// groups puts a blank after every n characters, as people read numbers: groups 4 "12345678" is "1234 5678".
// The blank does not break; codes pasted back with it are accepted.
func groups(n int, v string) string {
	var b strings.Builder
	for i, c := range []rune(v) {
		if i > 0 && n > 0 && i%n == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(c)
	}
	return b.String()
}
