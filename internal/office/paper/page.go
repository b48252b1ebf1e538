package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/SourceSans3-Regular.ttf
var regular []byte

//go:embed fonts/SourceSans3-SemiBold.ttf
var semiBold []byte

// Measures in millimetres; sizes of type in points.
const (
	margin     = 20.0
	bottom     = 21.0 // kept free for the footer
	width      = 210.0 - 2*margin
	labelWidth = 52.0
	lineHeight = 4.7
	rowSpace   = 1.4 // above and below the words of a row together
	body       = 10.0
	small      = 8.5
	family     = "source"

	signatureHeight = 27.0 // place, date, room to sign and the line
)

type rgb struct{ r, g, b int }

var (
	ink  = rgb{23, 33, 29}
	soft = rgb{68, 80, 74}
	rule = rgb{194, 203, 197}
	gate = rgb{31, 92, 74}
	gold = rgb{201, 138, 18}
)

// page writes one document from top to bottom.
type page struct {
	*fpdf.Fpdf
	words Words
}

func newPage(words Words, h Head, title string) *page {
	p := &page{fpdf.New("P", "mm", "A4", ""), words}
	// A fixed order and the moment of the case: the same facts give the same bytes.
	p.SetCatalogSort(true)
	p.SetCreationDate(h.Made.UTC())
	p.SetModificationDate(h.Made.UTC())
	p.SetProducer("kapu", true)
	p.SetTitle(title, true)
	p.SetLang(h.Lang)
	p.AddUTF8FontFromBytes(family, "", regular)
	p.AddUTF8FontFromBytes(family, "B", semiBold)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(true, bottom)
	p.AliasNbPages("")
	p.SetFooterFunc(func() { p.footer(h) })
	p.AddPage()
	return p
}

// printable leaves what the typeface and the format can show: the PDF library
// knows the basic plane only, and control characters would break a line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > 0xFFFF:
			return '\uFFFD'
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}

func (p *page) colour(c rgb) { p.SetTextColor(c.r, c.g, c.b) }

func (p *page) face(style string, size float64, c rgb) {
	p.SetFont(family, style, size)
	p.colour(c)
}

// head is the mark, the office, the proof and the title.
func (p *page) head(h Head, title string) {
	p.arch(margin, margin-2)
	p.SetXY(margin+13, margin-2)
	p.face("B", 15, gate)
	p.CellFormat(40, 7, "Kapu", "", 0, "L", false, 0, "")
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

// arch draws the mark, 10 mm wide: two arches and a keystone.
func (p *page) arch(x, y float64) {
	const unit = 10.0 / 32
	at := func(dx, dy float64) (float64, float64) { return x + dx*unit, y + dy*unit }
	arc := func(left, right, top, radius float64) {
		x0, y0 := at(left, 33)
		p.MoveTo(x0, y0)
		x1, y1 := at(left, top)
		p.LineTo(x1, y1)
		cx, cy := at((left+right)/2, top)
		p.ArcTo(cx, cy, radius*unit, radius*unit, 0, 180, 0)
		x2, y2 := at(right, 33)
		p.LineTo(x2, y2)
		p.DrawPath("D")
	}
	p.SetLineWidth(3.2 * unit)
	p.SetDrawColor(gate.r, gate.g, gate.b)
	arc(3.5, 28.5, 15, 12.5)
	p.SetDrawColor(gold.r, gold.g, gold.b)
	arc(10.5, 21.5, 15.5, 5.5)
	p.SetLineWidth(0.2)
}

func (p *page) footer(h Head) {
	p.SetY(-bottom + 8)
	p.SetDrawColor(rule.r, rule.g, rule.b)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
	p.Ln(1.5)
	p.face("", small, soft)
	p.CellFormat(width*0.7, 4, p.words("footer", "Day", h.Day), "", 0, "L", false, 0, "")
	p.CellFormat(width*0.3, 4, p.words("page", "N", p.PageNo(), "All", "{nb}"), "", 0, "R", false, 0, "")
}

func (p *page) heading(key string) {
	p.Ln(2.4)
	p.keep(18)
	p.face("B", 12.5, gate)
	p.CellFormat(width, 6.2, p.words(key), "", 1, "L", false, 0, "")
}

// keep begins a new page if less than the height is left.
func (p *page) keep(height float64) {
	if _, page := p.GetPageSize(); p.GetY()+height > page-bottom {
		p.AddPage()
	}
}

// table writes labels and values with a rule under each.
func (p *page) table(key string, lines []line) {
	if len(lines) == 0 {
		return
	}
	p.heading(key)
	p.SetDrawColor(rule.r, rule.g, rule.b)
	for _, l := range lines {
		p.row(l)
	}
}

func (p *page) row(l line) {
	value := printable(l.value)
	p.face("", body, ink)
	parts := p.SplitText(value, width-labelWidth)
	height := lineHeight*float64(max(1, len(parts))) + rowSpace
	p.keep(height)
	y := p.GetY()
	p.face("", body-0.5, soft)
	p.SetXY(margin, y+rowSpace/2)
	p.CellFormat(labelWidth, lineHeight, p.words("label."+l.key), "", 0, "L", false, 0, "")
	p.face("B", body, ink)
	p.SetXY(margin+labelWidth, y+rowSpace/2)
	p.MultiCell(width-labelWidth, lineHeight, value, "", "L", false)
	y = max(y+height, p.GetY()+rowSpace/2)
	p.Line(margin, y, margin+width, y)
	p.SetXY(margin, y)
}

// prose writes a paragraph.
func (p *page) prose(text string) {
	p.face("", body, ink)
	p.MultiCell(width, lineHeight, printable(text), "", "L", false)
	p.Ln(1.5)
}

// numbered writes sentences with their numbers hanging.
func (p *page) numbered(texts []string) {
	const hang = 7.0
	p.face("", body, ink)
	for i, text := range texts {
		p.keep(3 * lineHeight)
		p.SetX(margin)
		p.CellFormat(hang, lineHeight, fmt.Sprintf("%d.", i+1), "", 0, "L", false, 0, "")
		p.SetLeftMargin(margin + hang)
		p.MultiCell(width-hang, lineHeight, printable(text), "", "L", false)
		p.SetLeftMargin(margin)
		p.Ln(1)
	}
}

// signatures writes the line for place and date and one line for each who signs.
func (p *page) signatures(keys ...string) {
	p.Ln(5)
	p.keep(signatureHeight)
	p.prose(p.words("place-date"))
	p.Ln(13)
	p.SetDrawColor(ink.r, ink.g, ink.b)
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

func (p *page) bytes() ([]byte, error) {
	var out bytes.Buffer
	err := p.Output(&out)
	return out.Bytes(), err
}
