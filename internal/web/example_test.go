package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing/fstest"
	"time"

	"kapu/internal/web"
)

// greetings is a room: a handler beside its page and its texts. A real room embeds its files:
//
//	//go:embed *.html text
//	var files embed.FS
var greetings = fstest.MapFS{
	"ask.html": {Data: []byte(`{{define "title"}}{{t "greetings.ask.title"}}{{end}}
{{define "main"}}{{errorSummary .Form}}
<h1>{{t "greetings.ask.title"}}</h1>
{{with .Data}}{{success "greetings.ask.hello" "Name" .}}{{end}}
<form method="post" action="/greet" novalidate>
{{field .Form "name" (dict "label" "greetings.ask.name" "autocomplete" "name" "width" "20")}}
{{button "greetings.ask.send"}}
</form>{{end}}`)},
	"text/hu.json": {Data: []byte(`{"greetings.ask.title": "Hogy hívják?", "greetings.ask.name": "Neve", "greetings.ask.send": "Tovább",
		"greetings.ask.hello": "Jó napot, **{{.Name}}**!", "greetings.ask.empty": "Írja be a nevét."}`)},
	"text/en.json": {Data: []byte(`{"greetings.ask.title": "What is your name?", "greetings.ask.name": "Your name", "greetings.ask.send": "Continue",
		"greetings.ask.hello": "Good day, **{{.Name}}**!", "greetings.ask.empty": "Type your name."}`)},
}

type room struct{ pages *web.Pages }

func (g room) ask(w http.ResponseWriter, r *http.Request) error {
	g.pages.Show(w, r, http.StatusOK, "ask", web.View{})
	return nil
}

func (g room) greet(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r, web.Field{Name: "name", Max: 100})
	if err != nil {
		return err
	}
	if f.Value("name") == "" {
		f.Fail("name", "greetings.ask.empty")
	}
	if !f.OK() {
		g.pages.Show(w, r, http.StatusUnprocessableEntity, "ask", web.View{Form: f})
		return nil
	}
	g.pages.Show(w, r, http.StatusOK, "ask", web.View{Data: f.Value("name")}) // a real act ends in web.SeeOther
	return nil
}

// A room with one page and one form.
func Example() {
	shell, err := web.New(web.Config{Issuer: "https://kapu.example", Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	shell.Mount(mux)
	g := room{shell.Pages("greetings", greetings)}
	shell.Handle(mux, "GET /greet", g.ask)
	shell.Handle(mux, "POST /greet", g.greet)
	g.pages.Sample("ask", "ask", web.View{})
	handler := shell.Wrap(mux)

	post := httptest.NewRequest("POST", "/greet", strings.NewReader("name=+Kiss+Anna+"))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, post)
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "Jó napot, <strong>Kiss Anna</strong>!"))
	// Output: 200 true
}
