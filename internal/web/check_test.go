package web

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestShellTextsAreComplete(t *testing.T) {
	texts, err := fs.Sub(own, "pages")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkTexts(texts, os.DirFS("."), []string{"shell.data.", "shell.kind.", "shell.method."}); err != nil {
		t.Error(err)
	}
}

func TestShowroomTextsAreComplete(t *testing.T) {
	if err := CheckTexts(showroomFiles(), "showroom.form.code.wrong", "showroom.form.username.empty"); err != nil {
		t.Error(err)
	}
}

func TestCheckTextsFinds(t *testing.T) {
	const page = `{{define "main"}}{{t "room.a" "Name" "x"}}{{rich (print "room.kind." .Kind)}}{{end}}`
	for _, c := range []struct{ name, hu, en, page, want string }{
		{"nothing", `{"room.a":"{{.Name}}","room.kind.x":"x"}`, `{"room.a":"a {{.Name}}","room.kind.x":"x"}`, page, ""},
		{"a key one language lacks", `{"room.a":"a","room.kind.x":"x"}`, `{"room.a":"a"}`, page, "room.kind.x: missing in en"},
		{"a key the first language lacks", `{"room.a":"a"}`, `{"room.a":"a","room.kind.x":"x"}`, page, "room.kind.x: missing in hu"},
		{"another placeholder", `{"room.a":"{{.Name}}"}`, `{"room.a":"{{.Nome}}"}`, page, `placeholders "Name" in hu, "Nome" in en`},
		{"an empty text", `{"room.a":"a"}`, `{"room.a":" "}`, page, "room.a: empty"},
		{"an unused key", `{"room.a":"a","room.b":"b"}`, `{"room.a":"a","room.b":"b"}`, page, "room.b: nobody asks for it"},
		{"a missing key", `{"room.b":"b"}`, `{"room.b":"b"}`, page, "room.a: asked for in page.html and missing"},
		{"a key of the shell that is none", `{"room.a":"a"}`, `{"room.a":"a"}`, page + `{{t "shell.none"}}`, "shell.none: asked for"},
		{"plural forms", `{"room.a":{"other":"{{.Count}} nap"}}`, `{"room.a":{"one":"a day","other":"{{.Count}} days"}}`, `{{t "room.a"}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckTexts(fstest.MapFS{"text/hu.json": {Data: []byte(c.hu)}, "text/en.json": {Data: []byte(c.en)}, "page.html": {Data: []byte(c.page)}})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
