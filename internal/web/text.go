package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// catalogue holds the texts of every room. Keys begin with the room's name, so rooms cannot meet.
type catalogue struct {
	bundle     *i18n.Bundle
	localizers map[Lang]*i18n.Localizer
}

func newCatalogue() *catalogue {
	c := &catalogue{bundle: i18n.NewBundle(language.Hungarian), localizers: map[Lang]*i18n.Localizer{}}
	c.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, l := range Langs {
		c.localizers[l] = i18n.NewLocalizer(c.bundle, string(l))
	}
	return c
}

// add reads text/hu.json and text/en.json: flat objects of key and text, where a text may be an object of plural
// forms ("one", "other") chosen by the argument Count.
func (c *catalogue) add(fsys fs.FS) error {
	for _, l := range Langs {
		name := "text/" + string(l) + ".json"
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		file, err := c.bundle.ParseMessageFileBytes(raw, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		// The bundle reads the path "text/hu.json" as language "hu" only if the name says so; say it outright.
		if err := c.bundle.AddMessages(language.Make(string(l)), file.Messages...); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// text is the text of key with its placeholders {{.Name}} filled from name, value, name, value …
// A missing key falls back as fallbacks says, and is an error if nothing is found.
func (c *catalogue) text(l Lang, key string, args ...any) (string, error) {
	data, err := named(args)
	if err != nil {
		return "", fmt.Errorf("text %s: %w", key, err)
	}
	for _, k := range fallbacks(key) {
		conf := &i18n.LocalizeConfig{MessageID: k, TemplateData: data}
		if n, ok := data["Count"]; ok {
			conf.PluralCount = pluralCount(n)
		}
		text, _, err := c.localizers[l].LocalizeWithTag(conf)
		var missing *i18n.MessageNotFoundErr
		if err == nil {
			return text, nil
		} else if !errors.As(err, &missing) {
			return "", fmt.Errorf("text %s: %w", key, err)
		}
	}
	return "", fmt.Errorf("text %s: missing in %s", key, l)
}

const reasonPrefix = "identity.reason."

// fallbacks are the keys tried in turn: identity.reason.<field>.<reason>, of which not every pair has words of its
// own, falls back to identity.reason.<reason> and at last to identity.reason.format.
func fallbacks(key string) []string {
	if !strings.HasPrefix(key, reasonPrefix) {
		return []string{key}
	}
	return []string{key, reasonPrefix + key[strings.LastIndex(key, ".")+1:], reasonPrefix + "format"}
}

func pluralCount(n any) any {
	if t, ok := n.(template.HTML); ok {
		n = string(t)
	}
	return n
}

// named makes a map of names and values in turn.
func named(args []any) (map[string]any, error) {
	if len(args)%2 != 0 {
		return nil, errors.New("names and values do not pair up")
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return nil, fmt.Errorf("the name %v is not a string", args[i])
		}
		m[name] = args[i+1]
	}
	return m, nil
}

var bold = regexp.MustCompile(`\*\*([^*]+)\*\*`)

// rich is the text of key as HTML: everything is escaped, **words** of the catalogue are bold, and arguments can be
// neither markup nor bold, unless they are template.HTML already (a link).
func (c *catalogue) rich(l Lang, key string, args ...any) (template.HTML, error) {
	held := make([]any, len(args))
	copy(held, args)
	var values []string
	for i := 1; i < len(args); i += 2 {
		if args[i-1] == "Count" {
			continue
		}
		held[i] = sentinel(len(values))
		values = append(values, escaped(args[i]))
	}
	text, err := c.text(l, key, held...)
	if err != nil {
		return "", err
	}
	text = bold.ReplaceAllString(html.EscapeString(text), "<strong>$1</strong>")
	for i, v := range values {
		text = strings.ReplaceAll(text, sentinel(i), v)
	}
	return template.HTML(text), nil
}

// sentinel stands for an argument while the text around it is escaped; \x01 is not in any catalogue, and an argument
// that holds it cannot be mistaken for another, since values are put in one by one, in order, after markup is done.
func sentinel(i int) string { return "\x01" + strconv.Itoa(i) + "\x02" }

func escaped(v any) string {
	if h, ok := v.(template.HTML); ok {
		return string(h)
	}
	return html.EscapeString(strings.NewReplacer("\x01", "", "\x02", "").Replace(fmt.Sprint(v)))
}
