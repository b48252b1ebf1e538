package notify

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"time"
	_ "time/tzdata" // letters tell Budapest time on every machine
)

//go:embed text/hu.json text/en.json
var texts embed.FS

// Languages of the letters; the first is the fallback.
var langs = []string{"hu", "en"}

func known(lang string) string {
	if lang == "en" {
		return "en"
	}
	return "hu"
}

// words are the texts by language and key. They are embedded, so a broken one is a mistake of the program.
var words = func() map[string]map[string]*template.Template {
	all := map[string]map[string]*template.Template{}
	for _, l := range langs {
		read, err := readWords(l)
		if err != nil {
			panic("notify: " + err.Error())
		}
		all[l] = read
	}
	return all
}()

func readWords(lang string) (map[string]*template.Template, error) {
	raw, err := texts.ReadFile("text/" + lang + ".json")
	if err != nil {
		return nil, err
	}
	var flat map[string]string
	if err := json.Unmarshal(raw, &flat); err != nil {
		return nil, err
	}
	read := map[string]*template.Template{}
	for key, text := range flat {
		if read[key], err = template.New(key).Parse(text); err != nil {
			return nil, err
		}
	}
	return read, nil
}

func hasShortText(kind string) bool { return words[langs[0]]["notify."+kind+".sms"] != nil }

func hasLetter(kind string) bool { return words[langs[0]]["notify."+kind+".subject"] != nil }

// spoken is facts as a text shows them.
type spoken struct{ At, Until, UntilDay, UntilHour, Link, Number, Code, Method, Why, Service, Month string }

func (f facts) spoken(lang string) spoken {
	s := spoken{At: moment(lang, f.At), Until: moment(lang, f.Until), UntilDay: untilDay(lang, f.Until), Link: f.Link, Number: f.Number,
		UntilHour: hour(lang, f.Until), Code: grouped(f.Code), Service: f.Service, Month: month(lang, f.At)}
	s.Method, s.Why = word(lang, "method", f.Method), word(lang, "why", f.Why)
	return s
}

// say is the text of notify.<page>.<item>; a text that does not exist is empty, for most letters lack some item.
func say(lang, page, item string, s spoken) (string, error) {
	t := words[lang]["notify."+page+"."+item]
	if t == nil {
		return "", nil
	}
	var b strings.Builder
	err := t.Execute(&b, s)
	return b.String(), err
}

// word is the text of a word that stands in others, such as the name of a method.
func word(lang, page, item string) string {
	t := words[lang]["notify."+page+"."+item]
	if item == "" || t == nil {
		return ""
	}
	return t.Root.String() // has no placeholders
}

// month is "2026. március" or "March 2026".
func month(lang string, t time.Time) string {
	if t = t.In(budapest); lang == "en" {
		return t.Format("January 2006")
	}
	return fmt.Sprintf("%d. %s", t.Year(), months[t.Month()-1])
}

var budapest = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Budapest")
	if err != nil {
		panic("notify: " + err.Error())
	}
	return zone
}()

var months = [...]string{"január", "február", "március", "április", "május", "június", "július", "augusztus",
	"szeptember", "október", "november", "december"}

// moment is "2026. március 7-én 9.42", to which a text adds -kor or -ig, or "9:42 on 7 March 2026 (Budapest time)".
func moment(lang string, t time.Time) string {
	t = t.In(budapest)
	if lang == "en" {
		return t.Format("15:04 on 2 January 2006") + " (Budapest time)"
	}
	return fmt.Sprintf("%d. %s %d-%s %d.%02d", t.Year(), months[t.Month()-1], t.Day(), onDay(t.Day()), t.Hour(), t.Minute())
}

// hour is "9.42" or "9:42", for text messages, where the day is today.
func hour(lang string, t time.Time) string {
	if t = t.In(budapest); lang == "en" {
		return t.Format("15:04")
	}
	return fmt.Sprintf("%d.%02d", t.Hour(), t.Minute())
}

// untilDay is "2029. március 4-ig" or "until 4 March 2029", where the hour does not matter.
func untilDay(lang string, t time.Time) string {
	t = t.In(budapest)
	if lang == "en" {
		return t.Format("until 2 January 2006")
	}
	first := ""
	if t.Day() == 1 {
		first = "jé" // elsejéig
	}
	return fmt.Sprintf("%d. %s %d-%sig", t.Year(), months[t.Month()-1], t.Day(), first)
}

// onDay follows the vowels of the spoken ordinal: elsején, másodikán, negyedikén, huszadikán, harmincegyedikén.
func onDay(day int) string {
	switch day {
	case 1:
		return "jén"
	case 2, 3, 6, 8, 13, 16, 18, 20, 23, 26, 28, 30:
		return "án"
	}
	return "én"
}
