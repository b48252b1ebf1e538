package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a form, far above anything a page of ours sends.
const (
	MaxForm       = 64 << 10 // bytes of the body
	maxFormFields = 200      // pairs in the body
	defaultMax    = 200      // runes of a field that names no limit
)

// Field names a field a handler reads.
type Field struct {
	Name   string
	Max    int  // runes; 0 means 200
	Secret bool // kept to the byte (neither trimmed nor normalised) and never shown again
	Lines  bool // line breaks are allowed; they become "\n"
}

// ReadForm reads the named fields from the body of a POST, application/x-www-form-urlencoded; the address is not
// read, and fields not named are ignored. A body that no browser sends (too large, a field twice, not UTF-8,
// another type) is refused with a *Problem. What a person can do by mistake (too long, control characters) fails
// the field instead, and its value is then empty for control characters. Values are NFC and trimmed, except secrets.
func ReadForm(w http.ResponseWriter, r *http.Request, fields ...Field) (*Form, error) {
	pairs, err := readPairs(w, r)
	if err != nil {
		return nil, err
	}
	f := NewForm(nil)
	for _, field := range fields {
		got := pairs[field.Name]
		if len(got) > 1 {
			return nil, badForm("a field twice")
		}
		if field.Secret {
			f.secret[field.Name] = true
		}
		if len(got) == 1 {
			f.read(field, got[0])
		}
	}
	return f, nil
}

func readPairs(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &Problem{Status: http.StatusUnsupportedMediaType, Code: "form", Key: "shell.problem.form"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxForm))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &Problem{Status: http.StatusRequestEntityTooLarge, Code: "form", Key: "shell.problem.form"}
	}
	if err != nil {
		return nil, badForm("broken body")
	}
	if strings.Count(string(body), "&") >= maxFormFields {
		return nil, badForm("too many fields")
	}
	pairs, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, badForm("not urlencoded")
	}
	return pairs, allUTF8(pairs)
}

func allUTF8(pairs url.Values) error {
	for name, values := range pairs {
		if !utf8.ValidString(name) || !utf8.ValidString(strings.Join(values, "")) {
			return badForm("not UTF-8")
		}
	}
	return nil
}

func (f *Form) read(field Field, v string) {
	if field.Lines {
		v = strings.ReplaceAll(v, "\r\n", "\n")
	}
	if !field.Secret {
		v = norm.NFC.String(strings.TrimSpace(v))
	}
	limit := field.Max
	if limit == 0 {
		limit = defaultMax
	}
	switch {
	case strings.ContainsFunc(v, func(c rune) bool { return unicode.IsControl(c) && !(field.Lines && c == '\n') }):
		f.Fail(field.Name, "shell.form.control")
		return
	case utf8.RuneCountInString(v) > limit:
		f.Fail(field.Name, "shell.form.long", "Max", limit)
	}
	f.values[field.Name] = v
}

// badForm is a body that no page of ours sends; why goes to the log and holds nothing of the body.
func badForm(why string) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: "form", Key: "shell.problem.form", Cause: errors.New(why)}
}
