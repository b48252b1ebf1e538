package web

import (
	"fmt"
	"html/template"
	"strconv"
)

// button makes the function of a submit button: its key, then options name, value, shortcut and id in turn.
func (c components) button(part string) func(key any, more ...any) (template.HTML, error) {
	return func(key any, more ...any) (template.HTML, error) {
		return c.labelled(part, key, more, "name", "value", "shortcut", "id", "formaction", "formnovalidate", "icon")
	}
}

// buttonLink makes the function of a link that looks like a button: address, key, options shortcut and id.
func (c components) buttonLink(part string) func(address string, key any, more ...any) (template.HTML, error) {
	return func(address string, key any, more ...any) (template.HTML, error) {
		return c.labelled(part, key, append(more, "url", address), "url", "shortcut", "id", "icon")
	}
}

// toggle is a switch that submits the form around it: whether it is on, its key, options name and value.
func (c components) toggle(on bool, key any, more ...any) (template.HTML, error) {
	return c.labelled("toggle", key, append(more, "on", on), "on", "name", "value", "id")
}

func (c components) back(address string, key any) (template.HTML, error) {
	return c.labelled("back", key, []any{"url", address}, "url")
}

func (c components) labelled(part string, key any, more []any, known ...string) (template.HTML, error) {
	o, err := named(more)
	if err != nil {
		return "", err
	}
	if err := options(o).known(known...); err != nil {
		return "", fmt.Errorf("%s: %w", part, err)
	}
	if o["label"], err = c.words(key); err != nil {
		return "", err
	}
	return c.run(part, o)
}

// panel makes the function of a coloured panel: a key with arguments, or HTML.
func (c components) panel(kind string) func(body any, args ...any) (template.HTML, error) {
	return func(body any, args ...any) (template.HTML, error) {
		words, ok := body.(template.HTML)
		if !ok {
			var err error
			if words, err = c.rich(fmt.Sprint(body), args...); err != nil {
				return "", err
			}
		}
		return c.run("panel", map[string]any{"Kind": kind, "Body": words})
	}
}

// card is a wide card of a chooser: options url or name and value (a button of the form around it), icon, title,
// help, level, chip, first (the card to notice) and weak (why it cannot be chosen).
func (c components) card(o map[string]any) (template.HTML, error) {
	if err := options(o).known("url", "name", "value", "icon", "mark", "title", "help", "level", "chip", "first", "weak", "shortcut"); err != nil {
		return "", fmt.Errorf("card: %w", err)
	}
	m := map[string]any{}
	for name, v := range o {
		m[name] = v
	}
	for _, name := range []string{"title", "help", "chip", "weak"} {
		words, err := c.words(o[name])
		if err != nil {
			return "", err
		}
		m[name] = words
	}
	return c.run("card", m)
}

func (c components) mark(m Mark) (template.HTML, error) { return c.run("mark", m) }

const highestLevel = 3

func (c components) levelDots(level int) (template.HTML, error) {
	dots := make([]bool, highestLevel)
	for i := range dots {
		dots[i] = i < level
	}
	return c.run("dots", map[string]any{"Level": level, "Dots": dots})
}

// levelName is a level in words: "alap azonosítás", "erős azonosítás", "legerősebb azonosítás".
func (c components) levelName(level int) (string, error) {
	return c.text("shell.level." + strconv.Itoa(level))
}

// progress is the arch that opens: step n of all.
func (c components) progress(n, all int) (template.HTML, error) {
	if n < 1 || n > all {
		return "", fmt.Errorf("progress: step %d of %d", n, all)
	}
	return c.run("progress", map[string]any{"N": n, "All": all, "Opening": 1 + (n-1)*(progressPictures-1)/max(1, all-1)})
}

const progressPictures = 6 // widths of the opening that the component draws

// row is a line of a data list: <dl class="govuk-summary-list">. The value is data; HTML stands as it is.
func (c components) row(key, value any) (template.HTML, error) {
	return c.labelled("row", key, []any{"value", value}, "value")
}

// verdict is the register's answer to one datum: kind is "same", "differs" or "unknown".
func (c components) verdict(kind string, key any, args ...any) (template.HTML, error) {
	return c.told("verdict", kind, key, args, "same", "differs", "unknown")
}

// state is a small coloured word for the state of a thing: kind is "on", "off", "wait" or "bad".
func (c components) state(kind string, key any, args ...any) (template.HTML, error) {
	return c.told("state", kind, key, args, "on", "off", "wait", "bad")
}

// step is a line of a checklist: kind is "done", "now" or "todo".
func (c components) step(kind string, key any, address string) (template.HTML, error) {
	words, err := c.words(key)
	if err != nil {
		return "", err
	}
	return c.run("step", map[string]any{"Kind": kind, "Label": words, "URL": address})
}

func (c components) told(part, kind string, key any, args []any, kinds ...string) (template.HTML, error) {
	known := false
	for _, k := range kinds {
		known = known || k == kind
	}
	if !known {
		return "", fmt.Errorf("%s: unknown kind %q", part, kind)
	}
	words, ok := key.(template.HTML)
	if !ok {
		var err error
		if words, err = c.rich(fmt.Sprint(key), args...); err != nil {
			return "", err
		}
	}
	return c.run(part, map[string]any{"Kind": kind, "Label": words})
}

// pagination leads to the pages before and after; an empty address leaves that side out.
func (c components) pagination(before, after string) (template.HTML, error) {
	if before == "" && after == "" {
		return "", nil
	}
	return c.run("pagination", map[string]string{"Before": before, "After": after})
}

// keys is the box of keyboard hints: shortcut and key of its words in turn.
func (c components) keys(pairs ...string) (template.HTML, error) {
	type hint struct {
		Keys  []string
		Label template.HTML
	}
	var hints []hint
	for i := 0; i+1 < len(pairs); i += 2 {
		words, err := c.words(pairs[i+1])
		if err != nil {
			return "", err
		}
		hints = append(hints, hint{splitKeys(pairs[i]), words})
	}
	return c.run("keys", hints)
}
