package talk_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"kapu/internal/phone"
	"kapu/internal/telephone/prompt"
)

// The line asks the reminder questions in the words in which they were answered on
// the web.
func TestTheQuestionsAreThoseOfTheWeb(t *testing.T) {
	for _, lang := range prompt.Langs() {
		data, err := os.ReadFile(fmt.Sprintf("../../method/phone/text/%s.json", lang))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= phone.Offered; n++ {
			if said, written := prompt.Text(lang, prompt.ID(fmt.Sprintf("question.%d", n))), texts[fmt.Sprintf("phone.question.%d", n)]; said != written {
				t.Errorf("the line says %q, the page %q", said, written)
			}
		}
	}
}
