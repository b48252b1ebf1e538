package registerhttp

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"kapu/internal/identity"
	"kapu/internal/register"
)

// schema is as much of a JSON Schema as the interface uses.
type schema struct {
	Ref        string            `yaml:"$ref"`
	Type       string            `yaml:"type"`
	Required   []string          `yaml:"required"`
	Properties map[string]schema `yaml:"properties"`
	Items      *schema           `yaml:"items"`
	Enum       []string          `yaml:"enum"`
	MinItems   int               `yaml:"minItems"`
	MaxItems   int               `yaml:"maxItems"`
	MaxLength  int               `yaml:"maxLength"`
}

type interfaceFile struct {
	Paths      map[string]map[string]struct{ Responses map[string]any } `yaml:"paths"`
	Components struct {
		Parameters map[string]struct {
			Name   string `yaml:"name"`
			Schema schema `yaml:"schema"`
		} `yaml:"parameters"`
		Schemas map[string]schema `yaml:"schemas"`
	} `yaml:"components"`
}

func readInterface(t *testing.T) interfaceFile {
	t.Helper()
	data, err := os.ReadFile("../../../docs/register-openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file interfaceFile
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// described are the Go types behind the schemas of objects.
var described = map[string]reflect.Type{
	"Query":    reflect.TypeFor[register.Query](),
	"Verdict":  reflect.TypeFor[register.Verdict](),
	"Finding":  reflect.TypeFor[register.Finding](),
	"Record":   reflect.TypeFor[register.Record](),
	"Lookup":   reflect.TypeFor[lookup](),
	"Problem":  reflect.TypeFor[problem](),
	"Person":   reflect.TypeFor[identity.Person](),
	"Name":     reflect.TypeFor[identity.Name](),
	"Address":  reflect.TypeFor[identity.Address](),
	"Document": reflect.TypeFor[identity.Document](),
}

// enumerated are the words behind the schemas of enumerations.
var enumerated = map[string][]string{
	"DocumentKind":   texts(identity.DocumentKinds()),
	"Field":          texts(register.Fields()),
	"Result":         texts(register.Results()),
	"Part":           texts(register.Parts()),
	"DocumentStatus": texts(register.DocumentStatuses()),
	"PersonStatus":   texts(register.PersonStatuses()),
}

func texts[T ~string](words []T) (list []string) {
	for _, word := range words {
		list = append(list, string(word))
	}
	return list
}

func TestInterfaceFileDescribesTheWireTypes(t *testing.T) {
	schemas := readInterface(t).Components.Schemas
	for name, goType := range described {
		properties, required := map[string]string{}, []string{}
		for key, property := range schemas[name].Properties {
			properties[key] = property.name()
		}
		written, always := fieldsOf(goType)
		required = append(required, schemas[name].Required...)
		slices.Sort(required)
		slices.Sort(always)
		if diff := cmp.Diff(written, properties); diff != "" {
			t.Errorf("%s (-code +file):\n%s", name, diff)
		}
		if diff := cmp.Diff(always, required); diff != "" {
			t.Errorf("%s, required (-code +file):\n%s", name, diff)
		}
	}
	for name, words := range enumerated {
		if diff := cmp.Diff(words, schemas[name].Enum); diff != "" {
			t.Errorf("%s (-code +file):\n%s", name, diff)
		}
	}
	for name := range schemas {
		if _, known := described[name]; !known && enumerated[name] == nil && name != "Date" {
			t.Errorf("%s describes nothing", name)
		}
	}
}

func TestInterfaceFileDescribesPathsAndLimits(t *testing.T) {
	file := readInterface(t)
	for _, path := range []string{checkPath, lookupPath} {
		if len(file.Paths[path]["post"].Responses) == 0 {
			t.Errorf("%s is not described", path)
		}
	}
	if len(file.Paths) != 2 {
		t.Errorf("%d paths are described", len(file.Paths))
	}
	key := file.Components.Parameters["IdempotencyKey"]
	if key.Name != idempotencyKey || key.Schema.MaxLength != longestKey {
		t.Errorf("request id: %+v", key)
	}
	if findings := file.Components.Schemas["Verdict"].Properties["findings"]; findings.MinItems != len(register.Fields()) || findings.MaxItems != findings.MinItems {
		t.Errorf("findings: %+v", findings)
	}
}

// name is the schema's type: the name of what it refers to, "[]" and that of an array's items, or a JSON type.
func (s schema) name() string {
	switch {
	case s.Ref != "":
		return strings.TrimPrefix(s.Ref, "#/components/schemas/")
	case s.Items != nil:
		return "[]" + s.Items.name()
	}
	return s.Type
}

// fieldsOf are a struct's JSON fields with the schema names of their types, and those that are always written.
func fieldsOf(goType reflect.Type) (fields map[string]string, always []string) {
	fields = map[string]string{}
	for _, field := range reflect.VisibleFields(goType) {
		tag, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == "-" || field.Anonymous {
			continue
		}
		fields[tag] = nameOf(field.Type)
		if rest != "omitempty" {
			always = append(always, tag)
		}
	}
	return fields, always
}

func nameOf(goType reflect.Type) string {
	switch goType.Kind() {
	case reflect.Pointer:
		return nameOf(goType.Elem())
	case reflect.Slice:
		return "[]" + nameOf(goType.Elem())
	case reflect.Int:
		return "integer"
	case reflect.String:
		if enumerated[goType.Name()] != nil {
			return goType.Name()
		}
		return "string"
	case reflect.Struct:
		return goType.Name()
	}
	return fmt.Sprintf("a %s has no name in JSON", goType.Kind())
}
