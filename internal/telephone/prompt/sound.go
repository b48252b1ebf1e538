package prompt

import (
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
)

//go:embed sound
var files embed.FS

// Where the sound of a prompt lies, from this package's folder.
func fileOf(lang Lang, id ID) string { return fmt.Sprintf("sound/%s/%s.al.gz", lang, id) }

// sounds reads them once for all calls: a copy for each would be a call's whole
// allowance.
var sounds = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for _, p := range List() {
		for lang := range p.Text {
			all[fileOf(lang, p.ID)] = open(fileOf(lang, p.ID))
		}
	}
	return all
})

// open reads one, or nothing if it was not rendered: TestEveryTextHasItsSound
// tells of that before anybody hears it.
func open(name string) []byte {
	file, err := files.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		return nil
	}
	return data
}

// Sound is a prompt as G.711 A-law, 8000 bytes a second. It is shared and must
// not be changed. It is empty for a prompt that the language does not have.
func Sound(lang Lang, id ID) []byte { return sounds()[fileOf(lang, id)] }

// Voice is how a language is spoken: arguments of espeak-ng. A little lower
// than usual: a telephone cuts what is high.
func Voice(lang Lang) []string {
	if lang == Hungarian {
		return []string{"-v", "hu", "-s", "174", "-p", "42", "-a", "100"}
	}
	return []string{"-v", "en-gb", "-s", "176", "-p", "42", "-a", "100"}
}

// Shape is how sox makes telephone sound of speech: the band of a telephone,
// nothing before the first and after the last sound, soft sounds lifted, all as
// loud as each other, 8 kHz without dither (which would be other bytes each
// time), and pause seconds of quiet at the end.
func Shape(pause string) []string {
	trim := []string{"silence", "1", "0.01", "0.8%", "reverse"}
	effects := []string{"highpass", "180", "lowpass", "3500"}
	effects = append(append(effects, trim...), trim...)
	return append(effects, "compand", "0.005,0.08", "6:-60,-60,-40,-24,-20,-12,0,-6", "gain", "-n", "-4", "rate", "-h", "8000", "pad", "0.01", pause)
}

// Pause is how long it is quiet after a text, in seconds: a breath after a
// sentence, hardly anything after a word that others follow.
func Pause(text string) string {
	switch {
	case strings.ContainsAny(text[len(text)-1:], ".!?:"):
		return "0.22"
	case strings.HasSuffix(text, ","):
		return "0.10"
	}
	return "0.03"
}

// spoken are words that a voice says right only when written as they sound.
var spoken = map[Lang]*strings.Replacer{
	Hungarian: strings.NewReplacer("e-mail", "ímél"),
	English:   strings.NewReplacer("Ügyfélkapu", "Ewdyfale-kaapoo", "asskey", "ass-key", "A M,", "eh em,"),
}

// Spoken is a text as the voice is given it.
func Spoken(lang Lang, text string) string { return spoken[lang].Replace(text) }

// Recipe is a digest of all that decides how a prompt sounds, but for the
// versions of the programs.
func Recipe(lang Lang, text string) string {
	all := strings.Join([]string{Spoken(lang, text), strings.Join(Voice(lang), " "), strings.Join(Shape(Pause(text)), " ")}, "\n")
	return digest([]byte(all))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
