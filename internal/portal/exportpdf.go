package portal

import (
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"kapu/internal/pdf"
)

// exportPDF sets a part of the history to be read and printed. It says in words
// what happened; the proofs are in the other file.
func (x *Room) exportPDF(p portion) ([]byte, error) {
	words := func(key string, args ...any) string {
		return strings.ReplaceAll(x.Shell.Text(p.lang, "portal.pdf."+key, args...), "**", "")
	}
	made := x.Shell.DateAndTime(p.lang, p.made)
	page := pdf.New(pdf.Sheet{
		Lang: string(p.lang), Title: words("title"), Made: p.made, Footer: words("footer", "Made", made),
		Number: func(n int) string { return words("page", "N", n, "All", pdf.Pages) },
	})
	page.Mark()
	page.SetXY(pdf.Margin, pdf.Margin+15)
	page.Face("B", 20, pdf.Ink)
	page.MultiCell(pdf.Width, 9, words("title"), "", "L", false)
	page.Ln(1.5)
	page.Prose(words("lead", "Name", p.name, "Made", made, "Count", len(p.entries)))
	for _, line := range x.choiceWords(p.lang, p.choice) {
		page.Prose(line)
	}
	if p.next != "" {
		page.Prose(words("cut", "Most", mostInPDF))
	}
	x.setEntries(page, p)
	page.Heading(words("proof"))
	page.Prose(words("proof.text"))
	if root, ok := rootOf(p.head.Note); ok {
		page.Row(words("proof.size"), strconv.FormatInt(p.head.Size, 10))
		page.Row(words("proof.root"), root)
	}
	return page.Bytes()
}

// setEntries sets the entries under their days.
func (x *Room) setEntries(page *pdf.Page, p portion) {
	last := ""
	for _, e := range p.tales {
		if day := x.Shell.Date(p.lang, e.At); day != last {
			page.Heading(day)
			last = day
		}
		value := x.say(p.lang, e)
		if more := x.beside(p.lang, e); more != "" {
			value += "\n" + more
		}
		label := x.Shell.Clock(p.lang, e.At)
		if e.Placed {
			label += "  " + x.Shell.Text(p.lang, "portal.pdf.place", "Place", e.Place)
		}
		page.Entry(label, value)
	}
}

// rootOf is the root in a head, as it stands there.
func rootOf(signed string) (string, bool) {
	lines := strings.Split(signed, "\n")
	const root = 2
	if len(lines) <= root {
		return "", false
	}
	_, err := tlog.ParseHash(lines[root])
	return lines[root], err == nil
}
