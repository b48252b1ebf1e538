package prompt

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
)

// digestsName is the record of what was rendered, beside the sound.
const digestsName = "sound/DIGESTS"

// Digests is the record of what was rendered: of what recipe, to what sound, by
// what versions of the programs. By it a test finds a text that was changed
// without its sound, on a machine without the programs.
type Digests struct {
	Programs string // versions, in one line
	rows     map[string][2]string
}

// Rendered reads the record.
func Rendered() Digests {
	text, err := files.ReadFile(digestsName)
	if err != nil {
		return Digests{}
	}
	return ReadDigests(string(text))
}

// ReadDigests reads a record; what it cannot read is not in it.
func ReadDigests(text string) Digests {
	d := Digests{rows: map[string][2]string{}}
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		if programs, ok := strings.CutPrefix(lines.Text(), "# "); ok {
			d.Programs = programs
			continue
		}
		if column := strings.Fields(lines.Text()); len(column) == 4 {
			d.rows[column[0]+" "+column[1]] = [2]string{column[2], column[3]}
		}
	}
	return d
}

// Holds tells whether the sound was rendered of the text as it is now.
func (d Digests) Holds(lang Lang, p Prompt, sound []byte) bool {
	return d.rows[string(lang)+" "+string(p.ID)] == [2]string{Recipe(lang, p.Text[lang]), digest(sound)}
}

// Note records a sound.
func (d *Digests) Note(lang Lang, p Prompt, sound []byte) {
	if d.rows == nil {
		d.rows = map[string][2]string{}
	}
	d.rows[string(lang)+" "+string(p.ID)] = [2]string{Recipe(lang, p.Text[lang]), digest(sound)}
}

// Write writes the record, the same for the same sounds.
func (d Digests) Write() string {
	var lines []string
	for key, row := range d.rows {
		lines = append(lines, fmt.Sprintf("%s %s %s\n", key, row[0], row[1]))
	}
	slices.Sort(lines)
	return "# " + d.Programs + "\n" + strings.Join(lines, "")
}
