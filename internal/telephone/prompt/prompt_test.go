package prompt

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func said(lang Lang, ids []ID) string {
	var words []string
	for _, id := range ids {
		words = append(words, Text(lang, id))
	}
	return strings.Join(words, " ")
}

func TestNumbersAreReadAsPeopleSayThem(t *testing.T) {
	for _, c := range []struct {
		n      int
		hu, en string
	}{
		{0, "nulla", "zero"}, {1, "egy", "one"}, {2, "kettő", "two"}, {10, "tíz", "ten"}, {11, "tizenegy", "eleven"}, {12, "tizenkettő", "twelve"},
		{19, "tizenkilenc", "nineteen"}, {20, "húsz", "twenty"}, {21, "huszonegy", "twenty-one"}, {22, "huszonkettő", "twenty-two"},
		{29, "huszonkilenc", "twenty-nine"}, {30, "harminc", "thirty"}, {31, "harminc egy", "thirty one"}, {42, "negyven kettő", "forty two"},
		{59, "ötven kilenc", "fifty nine"}, {60, "hatvan", "sixty"}, {99, "kilencven kilenc", "ninety nine"}, {100, "száz", "one hundred"},
		{102, "száz kettő", "one hundred and two"}, {200, "kétszáz", "two hundred"}, {222, "kétszáz huszonkettő", "two hundred and twenty-two"},
		{999, "kilencszáz kilencven kilenc", "nine hundred and ninety nine"}, {1000, "ezer", "one thousand"},
		{1972, "ezer kilencszáz hetven kettő", "one thousand nine hundred and seventy two"}, {2000, "kétezer", "two thousand"},
		{2026, "kétezer huszonhat", "two thousand and twenty-six"}, {9999, "kilencezer kilencszáz kilencven kilenc", "nine thousand nine hundred and ninety nine"},
		{10000, "egy nulla nulla nulla nulla", "one zero zero zero zero"}, {-1, "egy", "one"},
	} {
		if got := said(Hungarian, Number(Hungarian, c.n)); got != c.hu {
			t.Errorf("%d: %s, want %s", c.n, got, c.hu)
		}
		if got := said(English, Number(English, c.n)); got != c.en {
			t.Errorf("%d: %s, want %s", c.n, got, c.en)
		}
	}
}

func TestTwoBeforeWhatItCounts(t *testing.T) {
	for n, want := range map[int]string{2: "két", 12: "tizenkét", 22: "huszonkét", 32: "harminc két", 202: "kétszáz két", 1: "egy", 3: "három", 20: "húsz"} {
		if got := said(Hungarian, Of(Hungarian, n)); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestDaysAndHours(t *testing.T) {
	for _, c := range []struct {
		month, day, hour, minute int
		hu, en                   string
	}{
		{11, 22, 11, 20, "november huszonkettedikén tizenegy óra húsz perckor,", "on the twenty-second of November at eleven twenty A M,"},
		{1, 1, 0, 0, "január elsején nulla órakor,", "on the first of January at twelve A M,"},
		{3, 15, 2, 2, "március tizenötödikén két óra két perckor,", "on the fifteenth of March at two oh two A M,"},
		{5, 2, 12, 0, "május másodikán tizenkét órakor,", "on the second of May at twelve P M,"},
		{8, 20, 22, 32, "augusztus huszadikán huszonkét óra harminc két perckor,", "on the twentieth of August at ten thirty two P M,"},
		{10, 31, 23, 59, "október harmincegyedikén huszonhárom óra ötven kilenc perckor,", "on the thirty-first of October at eleven fifty nine P M,"},
		{12, 3, 13, 12, "december harmadikán tizenhárom óra tizenkét perckor,", "on the third of December at one twelve P M,"},
	} {
		if got := said(Hungarian, append(Day(Hungarian, c.month, c.day), Clock(Hungarian, c.hour, c.minute)...)); got != c.hu {
			t.Errorf("%s, want %s", got, c.hu)
		}
		if got := said(English, append(Day(English, c.month, c.day), Clock(English, c.hour, c.minute)...)); got != c.en {
			t.Errorf("%s, want %s", got, c.en)
		}
	}
	if Day(Hungarian, 13, 1) != nil || Day(English, 1, 32) != nil || Clock(Hungarian, 24, 0) != nil || Clock(English, 0, 60) != nil {
		t.Error("reads what is no day or no time")
	}
}

func TestYears(t *testing.T) {
	for year, want := range map[int][2]string{
		2026: {"kétezer huszonhat", "twenty twenty-six"}, 2005: {"kétezer öt", "two thousand and five"}, 1905: {"ezer kilencszáz öt", "nineteen oh five"},
		1900: {"ezer kilencszáz", "one thousand nine hundred"}, 1972: {"ezer kilencszáz hetven kettő", "nineteen seventy two"},
	} {
		if hu, en := said(Hungarian, Year(Hungarian, year)), said(English, Year(English, year)); hu != want[0] || en != want[1] {
			t.Errorf("%d: %s, %s", year, hu, en)
		}
	}
}

func TestSpelling(t *testing.T) {
	for text, want := range map[string][2]string{
		"K-7b": {"ká hét bé", "K seven B"}, "őz": {"hosszú ő zé", "O Z"}, "Yw": {"ipszilon dupla vé", "Y W"}, "906": {"kilenc nulla hat", "nine zero six"}, "€ ": {"", ""},
	} {
		if hu, en := said(Hungarian, Spell(Hungarian, text)), said(English, Spell(English, text)); hu != want[0] || en != want[1] {
			t.Errorf("%s: %s, %s", text, hu, en)
		}
	}
}

// Whatever the rules compose has words in its language.
func TestWhatIsComposedCanBeSaid(t *testing.T) {
	for _, lang := range Langs() {
		var all []ID
		for n := range Largest + 1 {
			all = append(append(append(all, Number(lang, n)...), Of(lang, n)...), Year(lang, n)...)
		}
		for n := range 24 * 60 {
			all = append(all, Clock(lang, n/60, n%60)...)
		}
		for n := range 12 * 31 {
			all = append(all, Day(lang, n/31+1, n%31+1)...)
		}
		all = append(all, Spell(lang, "abcdefghijklmnopqrstuvwxyzáéíóöőúüű0123456789")...)
		for _, id := range all {
			if Text(lang, id) == "" {
				t.Fatalf("%s has no words for %s", lang, id)
			}
		}
	}
}

// The longest that all sounds together may be, as they are kept.
const mostBytes = 4 << 20

func TestEveryTextHasItsSound(t *testing.T) {
	record, size := Rendered(), 0
	for _, p := range List() {
		for lang, text := range p.Text {
			sound := Sound(lang, p.ID)
			if !record.Holds(lang, p, sound) {
				t.Errorf("%s %s was not rendered of its text %q: run make prompts", lang, p.ID, text)
			}
			if seconds := float64(len(sound)) / 8000; seconds < 0.15 || seconds > 2+float64(len(text))*0.12 {
				t.Errorf("%s %s lasts %.2f s for %q", lang, p.ID, seconds, text)
			}
			packed, _ := files.ReadFile(fileOf(lang, p.ID))
			size += len(packed)
		}
	}
	if size > mostBytes {
		t.Errorf("the sounds weigh %d bytes", size)
	}
}

func TestNoSoundIsLeftOver(t *testing.T) {
	for _, lang := range Langs() {
		there, err := files.ReadDir("sound/" + string(lang))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range there {
			if id := ID(strings.TrimSuffix(f.Name(), ".al.gz")); Text(lang, id) == "" {
				t.Errorf("%s %s is in no list", lang, id)
			}
		}
	}
}

var written = regexp.MustCompile(`[0-9+*#%&@()…–]|  |^ | $`)

func TestTextsAreWrittenAsTheyAreSpoken(t *testing.T) {
	for _, p := range List() {
		for lang, text := range p.Text {
			if found := written.FindString(text); found != "" {
				t.Errorf("%s %s: %q in %q", lang, p.ID, found, text)
			}
		}
		if len(p.Text) == 0 {
			t.Error(fmt.Sprint(p.ID, " says nothing"))
		}
	}
}
