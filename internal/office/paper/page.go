package paper

import "kapu/internal/pdf"

// Measures in millimetres and points, and colours, as the house sets its pages.
const (
	margin     = pdf.Margin
	width      = pdf.Width
	lineHeight = pdf.LineHeight
	body       = pdf.Body
	small      = pdf.Small

	signatureHeight = 27.0 // place, date, room to sign and the line
)

var ink, soft = pdf.Ink, pdf.Soft

// page writes one document from top to bottom.
type page struct {
	*pdf.Page
	words Words
}

func newPage(words Words, h Head, title string) *page {
	return &page{pdf.New(pdf.Sheet{
		Lang: h.Lang, Title: title, Made: h.Made, Footer: words("footer", "Day", h.Day),
		Number: func(n int) string { return words("page", "N", n, "All", pdf.Pages) },
	}), words}
}

func printable(s string) string { return pdf.Printable(s) }

func (p *page) face(style string, size float64, c pdf.Colour) { p.Face(style, size, c) }

// head is the mark, the office, the proof and the title.
func (p *page) head(h Head, title string) {
	p.Mark()
	beside := p.proof(h.Proof, margin+width, margin-2)
	p.face("", small, soft)
	p.SetXY(margin+60, margin-2)
	p.MultiCell(width-60-beside, 4.2, p.sender(h), "", "R", false)
	p.SetXY(margin, margin+15)
	p.face("B", 20, ink)
	p.MultiCell(width-beside, 9, title, "", "L", false)
	p.Ln(1.5)
	if beside > 0 {
		p.SetY(max(p.GetY(), margin+proofHeight))
	}
}

// sender is who made the paper, and of which case.
func (p *page) sender(h Head) string {
	lines := printable(h.Office) + "\n" + printable(h.OfficeAddress)
	if h.Case != "" {
		lines += "\n" + p.words("case", "Case", h.Case)
	}
	return lines
}

func (p *page) heading(key string) { p.Heading(p.words(key)) }

// table writes labels and values with a rule under each.
func (p *page) table(key string, lines []line) {
	if len(lines) == 0 {
		return
	}
	p.heading(key)
	for _, l := range lines {
		p.Row(p.words("label."+l.key), l.value)
	}
}

func (p *page) prose(text string) { p.Prose(text) }

func (p *page) numbered(texts []string) { p.Numbered(texts) }

// signatures writes the line for place and date and one line for each who signs.
func (p *page) signatures(keys ...string) {
	p.Ln(5)
	p.Keep(signatureHeight)
	p.prose(p.words("place-date"))
	p.Ln(13)
	p.LineColour(ink)
	const gap = 12.0
	each := (width - gap*float64(len(keys)-1)) / float64(len(keys))
	y := p.GetY()
	for i, key := range keys {
		x := margin + float64(i)*(each+gap)
		p.Line(x, y, x+each, y)
		p.SetXY(x, y+1)
		p.face("", small+0.5, soft)
		p.CellFormat(each, lineHeight, p.words(key), "", 0, "C", false, 0, "")
	}
}

func (p *page) bytes() ([]byte, error) { return p.Bytes() }
