package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// options are what a template says about a component, by dict; a name the component does not know is a mistake.
type options map[string]any

func (o options) known(names ...string) error {
	for name := range o {
		if !slices.Contains(names, name) {
			return fmt.Errorf("unknown option %q", name)
		}
	}
	return nil
}

var fieldOptions = []string{"label", "hint", "type", "autocomplete", "inputmode", "width", "prefix", "suffix", "heading",
	"optional", "shortcut", "readonly", "list", "max", "rows", "accept", "autofocus", "spellcheck", "autocapitalize"}

// fieldModel is the dot of the component of a form field.
type fieldModel struct {
	ID, Name, Value    string
	Label, Hint, Error template.HTML
	O                  options
	Checked            bool
	Items              []itemModel
	DescribedBy        string
}

type itemModel struct {
	ID, Value   string
	Label, Hint template.HTML
	Checked     bool
}

func (c components) model(f *Form, name string, o options, also ...string) (m fieldModel, err error) {
	if err := o.known(append(also, fieldOptions...)...); err != nil {
		return m, fmt.Errorf("field %s: %w", name, err)
	}
	m = fieldModel{ID: name, Name: name, Value: f.shown(name), O: o, Checked: f.Checked(name)}
	if m.Label, err = c.words(o["label"]); err != nil {
		return m, err
	}
	if m.Hint, err = c.words(o["hint"]); err != nil {
		return m, err
	}
	if wrong, ok := f.failure(name); ok {
		if m.Error, err = c.rich(wrong.Key, wrong.Args...); err != nil {
			return m, err
		}
	}
	m.DescribedBy = describedBy(m)
	return m, nil
}

func describedBy(m fieldModel) string {
	var ids []string
	if m.Hint != "" {
		ids = append(ids, m.ID+"-hint")
	}
	if m.Error != "" {
		ids = append(ids, m.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// fieldOf makes the function of a component that shows one field.
func (c components) fieldOf(part string, f *Form, name string, o options) (template.HTML, error) {
	m, err := c.model(f, name, o)
	if err != nil {
		return "", err
	}
	return c.run(part, m)
}

func (c components) field(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.fieldOf("field", f, name, o)
}

func (c components) password(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.fieldOf("password", f, name, o)
}

func (c components) code(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.fieldOf("code", f, name, o)
}

func (c components) textArea(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.fieldOf("textarea", f, name, o)
}

func (c components) checkbox(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.fieldOf("checkbox", f, name, o)
}

func (c components) dateField(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.fieldOf("date", f, name, o)
}

// radios and choose (a select element) take "items": a list of dicts with value, label and hint.
func (c components) radios(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.itemsOf("radios", f, name, o)
}

func (c components) choose(f *Form, name string, o map[string]any) (template.HTML, error) {
	return c.itemsOf("select", f, name, o)
}

func (c components) itemsOf(part string, f *Form, name string, o options) (template.HTML, error) {
	m, err := c.model(f, name, o, "items", "inline")
	if err != nil {
		return "", err
	}
	raw, _ := o["items"].([]any)
	for i, r := range raw {
		item, err := c.item(m, i, r)
		if err != nil {
			return "", fmt.Errorf("field %s: %w", name, err)
		}
		m.Items = append(m.Items, item)
	}
	return c.run(part, m)
}

func (c components) item(m fieldModel, i int, raw any) (it itemModel, err error) {
	o, ok := raw.(map[string]any)
	if !ok {
		return it, fmt.Errorf("item %d is no dict", i)
	}
	it = itemModel{ID: m.ID, Value: fmt.Sprint(o["value"])}
	if i > 0 {
		it.ID = m.ID + "-" + strconv.Itoa(i+1)
	}
	it.Checked = m.Value == it.Value && m.Value != ""
	if it.Label, err = c.words(o["label"]); err != nil {
		return it, err
	}
	it.Hint, err = c.words(o["hint"])
	return it, err
}

func (c components) hidden(name string, value any) (template.HTML, error) {
	return c.run("hidden", map[string]any{"Name": name, "Value": value})
}

func (c components) errorSummary(f *Form) (template.HTML, error) {
	type entry struct {
		Field string
		Text  template.HTML
	}
	var entries []entry
	for _, w := range f.Failures() {
		text, err := c.rich(w.Key, w.Args...)
		if err != nil {
			return "", err
		}
		entries = append(entries, entry{w.Field, text})
	}
	if entries == nil {
		return "", nil
	}
	return c.run("error-summary", entries)
}
