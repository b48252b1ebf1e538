package web

import (
	"html/template"
	"testing"
	"testing/fstest"
	"time"

	"kapu/internal/identity"
)

func words(t *testing.T) *catalogue {
	t.Helper()
	c := newCatalogue()
	err := c.add(fstest.MapFS{
		"text/hu.json": {Data: []byte(`{"a":"**{{.Name}}** & <i>{{.Link}}</i>","days":"{{.Count}} nap","identity.reason.format":"forma","identity.reason.short":"rövid","identity.reason.email.format":"cím"}`)},
		"text/en.json": {Data: []byte(`{"a":"{{.Name}}","days":{"one":"{{.Count}} day","other":"{{.Count}} days"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRichEscapesArgumentsAndCatalogue(t *testing.T) {
	for _, c := range []struct {
		name string
		arg  any
		want template.HTML
	}{
		{"plain", "Anna", "<strong>Anna</strong> &amp; &lt;i&gt;L&lt;/i&gt;"},
		{"markup", `<script>"'`, "<strong>&lt;script&gt;&#34;&#39;</strong> &amp; &lt;i&gt;L&lt;/i&gt;"},
		{"stars", "x** y **z", "<strong>x** y **z</strong> &amp; &lt;i&gt;L&lt;/i&gt;"},
		{"template", "{{.Link}}", "<strong>{{.Link}}</strong> &amp; &lt;i&gt;L&lt;/i&gt;"},
		{"another argument's place", sentinel(1), "<strong>1</strong> &amp; &lt;i&gt;L&lt;/i&gt;"},
		{"a link", template.HTML(`<a href="/x">x</a>`), `<strong><a href="/x">x</a></strong> &amp; &lt;i&gt;L&lt;/i&gt;`},
	} {
		got, err := words(t).rich(Hungarian, "a", "Name", c.arg, "Link", "L")
		if err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
}

func TestTextsInPluralAndFallback(t *testing.T) {
	c := words(t)
	for _, x := range []struct {
		l         Lang
		key, want string
		args      []any
	}{
		{English, "days", "1 day", []any{"Count", 1}},
		{English, "days", "3 days", []any{"Count", 3}},
		{Hungarian, "days", "3 nap", []any{"Count", 3}},
		{Hungarian, "identity.reason.email.format", "cím", nil},
		{Hungarian, "identity.reason.username.short", "rövid", nil},
		{Hungarian, "identity.reason.username.unheard-of", "forma", nil},
	} {
		if got, err := c.text(x.l, x.key, x.args...); err != nil || got != x.want {
			t.Errorf("%s %s: %q, %v", x.l, x.key, got, err)
		}
	}
	if _, err := c.text(Hungarian, "none"); err == nil {
		t.Error("a missing key was no error")
	}
}

func TestFailInvalidSpeaksForIdentity(t *testing.T) {
	shell, _ := showroom(t, Config{})
	_, err := identity.ParseEmail("")
	f := NewForm(nil)
	if !f.FailInvalid("email", err) || f.OK() {
		t.Fatalf("%v was not taken", err)
	}
	if wrong := f.Failures()[0]; shell.Text(Hungarian, wrong.Key) != "Kérjük, töltse ki." {
		t.Errorf("%s: %s", wrong.Key, shell.Text(Hungarian, wrong.Key))
	}
	if f.FailInvalid("email", nil) || f.FailInvalid("email", err) && len(f.Failures()) != 1 {
		t.Error("no error failed the field, or one field failed twice")
	}
}

func TestDates(t *testing.T) {
	shell, _ := showroom(t, Config{})
	budapest := func(y, mo, d, h, mi int) time.Time {
		return time.Date(y, time.Month(mo), d, h, mi, 0, 0, shell.zone)
	}
	for _, c := range []struct{ name, got, want string }{
		{"date", dateText(Hungarian, budapest(2026, 5, 2, 0, 0)), "2026. május 2."},
		{"date", dateText(English, budapest(2026, 5, 2, 0, 0)), "2 May 2026"},
		{"until", dateUntilText(Hungarian, budapest(2029, 3, 4, 0, 0)), "2029. március 4-ig"},
		{"until the first", dateUntilText(Hungarian, budapest(2029, 3, 1, 0, 0)), "2029. március 1-jéig"},
		{"on the first", dateOnText(Hungarian, budapest(2029, 3, 1, 0, 0)), "2029. március 1-jén"},
		{"on the second", dateOnText(Hungarian, budapest(2029, 3, 2, 0, 0)), "2029. március 2-án"},
		{"on the 22nd", dateOnText(Hungarian, budapest(2029, 3, 22, 0, 0)), "2029. március 22-én"},
		{"on the 30th", dateOnText(Hungarian, budapest(2029, 3, 30, 0, 0)), "2029. március 30-án"},
		{"today", shell.momentText(Hungarian, budapest(2026, 5, 2, 9, 2)), "ma 9.02"},
		{"yesterday", shell.momentText(Hungarian, budapest(2026, 5, 1, 23, 59)), "tegnap 23.59"},
		{"before", shell.momentText(English, budapest(2026, 4, 30, 9, 42)), "30 April 2026, 9:42"},
		{"wait", waitText(Hungarian, 61*time.Second), "61 másodperc"},
		{"wait", waitText(Hungarian, 5*time.Minute), "5 perc"},
		{"wait", waitText(English, time.Second), "1 second"},
		{"wait", waitText(English, 3*time.Hour), "3 hours"},
		{"wait", waitText(Hungarian, 72*time.Hour), "3 nap"},
		{"groups", groups(4, "12345678"), "1234\u00a05678"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
	day, err := shell.civil(identity.Date{Year: 1968, Month: 3, Day: 14})
	if err != nil || dateText(Hungarian, day) != "1968. március 14." {
		t.Errorf("an identity.Date: %v, %v", day, err)
	}
	late := time.Date(2026, 5, 2, 22, 30, 0, 0, time.UTC)
	if day, _ := shell.civil(late); dateText(Hungarian, day) != "2026. május 3." {
		t.Errorf("half past midnight in Budapest is %v", day)
	}
}
