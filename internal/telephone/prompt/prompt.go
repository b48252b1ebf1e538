package prompt

import (
	_ "embed"
	"fmt"
	"strings"
)

// Lang is a language of the line.
type Lang string

// The languages.
const (
	Hungarian Lang = "hu"
	English   Lang = "en"
)

// Langs are the languages, Hungarian first.
func Langs() []Lang { return []Lang{Hungarian, English} }

// ID names a prompt.
type ID string

// Prompt is a line of the list. A text is empty where the language has no use
// for the prompt.
type Prompt struct {
	ID   ID
	Text map[Lang]string
}

//go:embed prompts.tsv
var list string

var prompts, texts = parse(list)

// List is all prompts, in the order of prompts.tsv.
func List() []Prompt { return prompts }

// Text is what a prompt says, or "" if the language has no such prompt.
func Text(lang Lang, id ID) string { return texts[id].Text[lang] }

// parse reads the list. It panics on a broken one, which is part of the program.
func parse(list string) (all []Prompt, by map[ID]Prompt) {
	by = map[ID]Prompt{}
	for n, line := range strings.Split(list, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		column := strings.Split(line, "\t")
		if len(column) != 1+len(Langs()) {
			panic(fmt.Sprintf("prompts.tsv:%d: %d columns", n+1, len(column)))
		}
		p := Prompt{ID: ID(column[0]), Text: map[Lang]string{}}
		if _, twice := by[p.ID]; twice {
			panic(fmt.Sprintf("prompts.tsv:%d: %s is there already", n+1, p.ID))
		}
		for i, lang := range Langs() {
			if text := column[i+1]; text != "-" {
				p.Text[lang] = text
			}
		}
		all, by[p.ID] = append(all, p), p
	}
	return all, by
}
