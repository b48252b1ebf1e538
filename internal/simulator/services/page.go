package services

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the pages tell Budapest time on every machine

	"golang.org/x/text/language"

	"kapu/internal/catalogue"
)

//go:embed page.html style.css text
var files embed.FS

// spoken are the languages of the pages, the fallback first.
var spoken = []string{"hu", "en"}

var matcher = language.NewMatcher([]language.Tag{language.Hungarian, language.English})

// speaks is the language that was asked for, now or before, or that the browser
// prefers.
func (s *Service) speaks(r *http.Request) string {
	for _, l := range []string{r.URL.Query().Get("lang"), s.cookie(r, s.languageCookie())} {
		if slices.Contains(spoken, l) {
			return l
		}
	}
	_, i := language.MatchStrings(matcher, r.Header.Get("Accept-Language"))
	return spoken[i]
}

func (s *Service) languageCookie() string { return s.Party.ID + "-lang" }

var texts = readTexts()

func readTexts() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, l := range spoken {
		var found map[string]string
		raw, err := files.ReadFile("text/" + l + ".json")
		if err == nil {
			err = json.Unmarshal(raw, &found)
		}
		if err != nil {
			panic(err) // embedded: a mistake of this package
		}
		all[l] = found
	}
	return all
}

var page = template.Must(template.New("page.html").ParseFS(files, "page.html"))

// view is what the page shows: one of Session, Problem, Goodbye, There or none of them.
type view struct {
	Party   Party
	Lang    string
	Other   string
	Session *session
	Problem string // "denied", "unmet", "stale", "gateway" or "failed"
	Code    string // of the gateway's error, for a developer
	Goodbye bool
	There   bool // the visitor was signed out by the gateway

	Typed     map[string]string // to be compared
	Matched   map[string]bool   // what the gateway said of it
	Unmatched string            // why it said nothing: "late", "wait" or "form"
}

// T is a text in the visitor's language.
func (v view) T(key string) string { return texts[v.Lang]["services."+key] }

// Name and About are the party's words.
func (v view) Name() string  { return catalogue.In(v.Party.Name, v.Lang) }
func (v view) About() string { return catalogue.In(v.Party.About, v.Lang) }

// Lead is the party's own first sentence.
func (v view) Lead() string { return v.T("lead." + v.Party.ID) }

// ProblemTitle and ProblemText say what happened and what to do.
func (v view) ProblemTitle() string { return v.T("problem." + v.Problem + ".title") }
func (v view) ProblemText() string  { return v.T("problem." + v.Problem + ".text") }

// Principal is for whom somebody else acts.
func (v view) Principal() string { return words(v.Session.Claims[string(catalogue.Name)]) }

// line is a name and a value.
type line struct{ Name, Value string }

// Data are the claims, in the order in which the party is registered for them.
func (v view) Data() (lines []line) {
	for _, c := range slices.Concat(v.Party.Claims, v.Party.Consent) {
		value := words(v.Session.Claims[string(c)])
		if c == catalogue.BirthDate {
			value = v.date(value)
		}
		if value != "" {
			lines = append(lines, line{v.T("claim." + string(c)), value})
		}
	}
	return lines
}

// Refused are the data that the visitor did not let the party have.
func (v view) Refused() (lines []line) {
	for _, c := range v.Party.Consent {
		if words(v.Session.Claims[string(c)]) == "" {
			lines = append(lines, line{v.T("claim." + string(c)), v.T("refused")})
		}
	}
	return lines
}

// question is a datum that the party may have compared.
type question struct{ Name, Label, Value, Answer string }

// Questions are those data, with what the gateway said of them.
func (v view) Questions() (all []question) {
	for _, c := range v.Party.Match {
		q := question{Name: string(c), Label: v.T("claim." + string(c)), Value: v.Typed[string(c)]}
		if right, asked := v.Matched[string(c)]; asked {
			q.Answer = v.T("match." + map[bool]string{true: "yes", false: "no"}[right])
		}
		all = append(all, q)
	}
	return all
}

// Why says why nothing was compared.
func (v view) Why() string { return v.T("match." + v.Unmatched) }

// words is a claim's value as a person reads it.
func words(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case map[string]any: // an address
		text, _ := value["formatted"].(string)
		return strings.ReplaceAll(text, "\n", ", ")
	}
	return ""
}

// How says how the visitor was identified.
func (v view) How() []line {
	var means []string
	for _, m := range v.Session.Proof.AMR {
		if w := v.T("amr." + m); w != "" {
			means = append(means, w)
		}
	}
	level := v.Session.Proof.ACR[strings.LastIndex(v.Session.Proof.ACR, "/")+1:]
	said := []line{
		{v.T("how.level"), v.T("level." + level)},
		{v.T("how.means"), strings.Join(means, ", ")}, // which SAML does not tell
		{v.T("how.time"), v.moment(v.Session.Proof.AuthTime)},
		{v.T("how.subject"), v.Session.Proof.Subject},
		{v.T("how.session"), v.Session.Index},
	}
	return slices.DeleteFunc(said, func(l line) bool { return l.Value == "" })
}

// date is a date of the claims as the language writes it.
func (v view) date(iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return day.Format(map[string]string{"hu": "2006. 01. 02.", "en": "2 January 2006"}[v.Lang])
}

// moment is a time in Budapest.
func (v view) moment(seconds int64) string {
	zone, err := time.LoadLocation("Europe/Budapest")
	if err != nil {
		zone = time.UTC
	}
	form := map[string]string{"hu": "2006. 01. 02. 15.04", "en": "2 January 2006, 15:04"}[v.Lang]
	return time.Unix(seconds, 0).In(zone).Format(form)
}

// Raw is what the service received, as it received it.
func (v view) Raw() string {
	text, err := json.MarshalIndent(v.Session.Received, "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

func (s *Service) home(w http.ResponseWriter, r *http.Request) {
	var v view
	token := s.cookie(r, s.sessionCookie())
	if found, ok := s.sessions.of(token, s.Now()); ok {
		v.Session = &found
	} else if v.There = s.sessions.endedThere(token); v.There {
		s.setCookie(w, s.sessionCookie(), "", -1)
	}
	s.show(w, r, http.StatusOK, v)
}

func (s *Service) goodbye(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, view{Goodbye: true})
}

func (s *Service) showProblem(w http.ResponseWriter, r *http.Request, status int, problem, code string) {
	s.show(w, r, status, view{Problem: problem, Code: code})
}

func (s *Service) show(w http.ResponseWriter, r *http.Request, status int, v view) {
	v.Party, v.Lang = s.Party, s.speaks(r)
	v.Other = spoken[1-slices.Index(spoken, v.Lang)]
	var out bytes.Buffer
	if err := page.Execute(&out, v); err != nil {
		s.Log.Error("demo service: page", "cause", err)
		http.Error(w, v.ProblemTitle(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the visitor may have gone
}

func serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeFileFS(w, r, files, "style.css")
}
