package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kapu/internal/catalogue"
	"kapu/internal/config"
)

const docs = "../../docs"

func read(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(slices.Insert(parts, 0, docs)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheExampleIsAConfiguration(t *testing.T) {
	c, err := config.Load(filepath.Join(docs, "example", "kapu.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(c.Services) != "services.yaml" {
		t.Errorf("the example leads to %s, not to the example of a catalogue", c.Services)
	}
}

func TestTheExampleIsACatalogue(t *testing.T) {
	services, err := catalogue.Parse([]byte(read(t, "example", "services.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalogue.New(services); err != nil {
		t.Error(err)
	}
}

// An operator finds every key in the examples, be it commented out, and
// explained in the page on operation.
func TestEveryKeyIsShownAndExplained(t *testing.T) {
	operations := read(t, "operations.md")
	for _, file := range []struct {
		name string
		keys []string
	}{
		{"kapu.yaml", keysOf(reflect.TypeFor[config.Config](), "")},
		{"services.yaml", keysOf(reflect.TypeFor[catalogue.Service](), "")},
	} {
		example := read(t, "example", file.name)
		for _, key := range file.keys {
			if last := key[strings.LastIndex(key, ".")+1:]; !strings.Contains(example, last+":") {
				t.Errorf("docs/example/%s does not show %s", file.name, key)
			}
			if !strings.Contains(operations, "`"+key+"`") {
				t.Errorf("docs/operations.md does not explain `%s`", key)
			}
		}
	}
}

// keysOf are the YAML keys of a struct and of those within, as paths: "mail.dkim.key".
func keysOf(of reflect.Type, above string) (keys []string) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct || of == reflect.TypeFor[time.Time]() {
		return nil
	}
	for i := range of.NumField() {
		name, option, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
		if !of.Field(i).IsExported() {
			continue
		}
		if option == "inline" {
			keys = append(keys, keysOf(of.Field(i).Type, above)...)
			continue
		}
		key := above + name
		within := keysOf(of.Field(i).Type, key+".")
		if keys = append(keys, within...); within == nil {
			keys = append(keys, key)
		}
	}
	return keys
}
