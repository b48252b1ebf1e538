package notify

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"

	"kapu/internal/store"
)

//go:embed letter.txt letter.html
var layouts embed.FS

var (
	plainLayout = text.Must(text.ParseFS(layouts, "letter.txt"))
	htmlLayout  = html.Must(html.ParseFS(layouts, "letter.html"))
)

// letter is a mail in words. Both forms, plain and HTML, are made of it, so neither says what the other does not.
type letter struct {
	Lang, Subject, Office, Greeting string
	Lead                            []string // paragraphs
	CodeLabel, Code                 string   // Code in groups; "" if there is none
	NamesLabel                      string
	Names                           []string // usernames, or the lines of a statement, if any
	LinkLabel, Link                 string   // "" if there is none
	Note                            []string // paragraphs
	Regards, Footer                 string
}

// render turns a message of the outbox into what goes out.
func render(m store.Message) (Outgoing, error) {
	var f facts
	if err := json.Unmarshal(m.Data, &f); err != nil {
		return Outgoing{}, fmt.Errorf("notify: data of %s: %w", m.Template, err)
	}
	out := Outgoing{ID: m.ID, To: m.Recipient, Lang: known(m.Lang), Created: m.Created}
	if f.Code != "" {
		out.Expires = f.Until
	}
	var err error
	if m.Medium == SMS {
		out.Plain, err = say(out.Lang, m.Template, "sms", f.spoken(out.Lang))
	} else {
		err = write(&out, m.Template, f)
	}
	if err == nil && out.Plain == "" {
		err = fmt.Errorf("notify: no text %s for %s", m.Template, m.Medium)
	}
	return out, err
}

func write(out *Outgoing, kind string, f facts) error {
	l, err := compose(out.Lang, kind, f)
	if err != nil {
		return err
	}
	out.Subject = l.Subject
	var plain, rich bytes.Buffer
	if err := plainLayout.Execute(&plain, l); err != nil {
		return err
	}
	err = htmlLayout.Execute(&rich, l)
	out.Plain, out.HTML = plain.String(), rich.String()
	return err
}

func compose(lang, kind string, f facts) (l letter, err error) {
	s := f.spoken(lang)
	get := func(page, item string) string {
		t, e := say(lang, page, item, s)
		if e != nil {
			err = e
		}
		return t
	}
	l = letter{
		Lang: lang, Subject: get(kind, "subject"), Office: get("common", "office"), Greeting: get("common", "greeting"),
		Lead: paragraphs(get(kind, "lead")), Note: paragraphs(get(kind, "note")),
		Regards: get("common", "regards"), Footer: get("common", "footer"),
	}
	if f.Code != "" {
		l.CodeLabel, l.Code = get(kind, "code"), grouped(f.Code)
	}
	if len(f.Names) > 0 {
		l.NamesLabel, l.Names = get(kind, "names"), f.Names
	}
	if len(f.Lines) > 0 {
		l.NamesLabel, l.Names = get(kind, "names"), told(lang, f.Lines)
	}
	if f.Link != "" {
		l.LinkLabel, l.Link = get(kind, "link"), f.Link
	}
	if err == nil && l.Subject == "" {
		err = fmt.Errorf("notify: no letter %s", kind)
	}
	return l, err
}

func paragraphs(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// grouped parts a code as people read it aloud: 1234 5678, 123 456. The pages take it with or without the blanks.
func grouped(code string) string {
	size := 3
	if len(code)%4 == 0 {
		size = 4
	}
	var groups []string
	for len(code) > size {
		groups = append(groups, code[:size])
		code = code[size:]
	}
	return strings.Join(append(groups, code), " ")
}
