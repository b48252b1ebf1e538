package population

import (
	"embed"
	"encoding/json"
)

// Situation says what is special about a person, for the demo and for tests.
type Situation string

// The situations. Each has a sentence in text/.
const (
	Crowd           Situation = "crowd"
	Ordinary        Situation = "ordinary"
	Dead            Situation = "deceased"
	LostDocument    Situation = "lost-document"
	ExpiredDocument Situation = "expired-document"
	OldLicence      Situation = "old-licence"
	Namesake        Situation = "namesake"
	LongName        Situation = "long-name"
	ShortName       Situation = "short-name"
	Apostrophe      Situation = "apostrophe"
	Hyphen          Situation = "hyphen"
	Foreigner       Situation = "foreigner"
	Minor           Situation = "minor"
	Moved           Situation = "moved"
	Abroad          Situation = "abroad" // lives abroad, with an address there or with none
	Clerk           Situation = "clerk"
)

// Situations are all situations, in the order the demo shows them.
func Situations() []Situation {
	return []Situation{
		Ordinary, Dead, LostDocument, ExpiredDocument, OldLicence, Namesake, LongName, ShortName, Apostrophe, Hyphen,
		Foreigner, Minor, Moved, Abroad, Clerk, Crowd,
	}
}

//go:embed text
var textFiles embed.FS

var sentences = map[string]map[string]string{"hu": readText("hu"), "en": readText("en")}

func readText(lang string) map[string]string {
	data, err := textFiles.ReadFile("text/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	text := map[string]string{}
	if err := json.Unmarshal(data, &text); err != nil {
		panic(err)
	}
	return text
}

// Sentence says in Hungarian ("hu") or English ("en") what is special about such a person.
func (s Situation) Sentence(lang string) string {
	return sentences[lang]["population.situation."+string(s)]
}
