package paper

// Line is a row of a table: Key names its label under "office.paper.label.".
type Line struct{ Key, Value string }

// Record is what minutes (Jegyzőkönyv) say of an act at a desk.
type Record struct {
	Head
	Heading   string   // in place of the general one
	Title     string   // of the act, in words
	Person    []Line   // whom it concerns, and by which document they were known
	Act       []Line   // what was done, why, and what follows when
	Sentences []string // what the citizen declares and takes note of, in words
}

// Said is what the minutes say, for the digest of their proof.
func (m Record) Said() []string {
	said := append([]string{m.Title}, linesSaid(linesOf(m.Person))...)
	said = append(said, linesSaid(linesOf(m.Act))...)
	return append(said, m.Sentences...)
}

// linesOf leaves out what is not known.
func linesOf(given []Line) (lines []line) {
	for _, l := range given {
		if l.Value != "" {
			lines = append(lines, line{l.Key, l.Value})
		}
	}
	return lines
}

// Minutes are signed by both, and each keeps one.
func Minutes(words Words, m Record) ([]byte, error) {
	heading := m.Heading
	if heading == "" {
		heading = words("minutes.title")
	}
	p := newPage(words, m.Head, heading)
	p.head(m.Head, heading)
	p.prose(words("minutes.lead", "Act", m.Title))
	p.table("personal", linesOf(m.Person))
	p.table("minutes.act", linesOf(m.Act))
	if len(m.Sentences) > 0 {
		p.heading("declaration.states")
		p.numbered(m.Sentences)
	}
	p.signatures("sign.citizen", "sign.clerk")
	return p.bytes()
}
