package pdf

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/SourceSans3-Regular.ttf
var regular []byte

//go:embed fonts/SourceSans3-SemiBold.ttf
var semiBold []byte

// Measures in millimetres; sizes of type in points.
const (
	Margin     = 20.0
	Bottom     = 21.0 // kept free for the footer
	Width      = 210.0 - 2*Margin
	LabelWidth = 52.0
	LineHeight = 4.7
	RowSpace   = 1.4 // above and below the words of a row together
	Body       = 10.0
	Small      = 8.5

	family = "source"
)

// Colour is a colour of type and lines.
type Colour struct{ R, G, B int }

// The colours, those of the pages on the screen.
var (
	Ink  = Colour{23, 33, 29}
	Soft = Colour{68, 80, 74}
	Rule = Colour{194, 203, 197}
	Gate = Colour{31, 92, 74}
	gold = Colour{201, 138, 18}
)

// Pages stands in a footer's words for how many pages there are.
const Pages = "{nb}"

// Sheet is what is said of a document as a whole.
type Sheet struct {
	Lang   string // BCP 47, for screen readers
	Title  string
	Made   time.Time
	Footer string             // on the left of every page
	Number func(n int) string // on its right: the words for the nth page
}

// Page writes one document from top to bottom.
type Page struct {
	*fpdf.Fpdf
}

// New begins a document with its first page.
func New(s Sheet) *Page {
	p := &Page{fpdf.New("P", "mm", "A4", "")}
	// A fixed order and the moment it was made: the same words give the same bytes.
	p.SetCatalogSort(true)
	p.SetCreationDate(s.Made.UTC())
	p.SetModificationDate(s.Made.UTC())
	p.SetProducer("kapu", true)
	p.SetTitle(s.Title, true)
	p.SetLang(s.Lang)
	p.AddUTF8FontFromBytes(family, "", regular)
	p.AddUTF8FontFromBytes(family, "B", semiBold)
	p.SetMargins(Margin, Margin, Margin)
	p.SetAutoPageBreak(true, Bottom)
	p.AliasNbPages(Pages)
	p.SetFooterFunc(func() { p.footer(s) })
	p.AddPage()
	return p
}

// Printable leaves what the typeface and the format can show: the PDF library
// knows the basic plane only, and control characters would break a line.
func Printable(s string) string {
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

// Face chooses the type that follows: style "" or "B", its size and colour.
func (p *Page) Face(style string, size float64, c Colour) {
	p.SetFont(family, style, size)
	p.SetTextColor(c.R, c.G, c.B)
}

// LineColour chooses the colour of the lines that follow.
func (p *Page) LineColour(c Colour) { p.SetDrawColor(c.R, c.G, c.B) }

// Mark draws the arch and the name at the top of the page.
func (p *Page) Mark() {
	p.arch(Margin, Margin-2)
	p.SetXY(Margin+13, Margin-2)
	p.Face("B", 15, Gate)
	p.CellFormat(40, 7, "Kapu", "", 0, "L", false, 0, "")
}

// arch draws the mark, 10 mm wide: two arches and a keystone.
func (p *Page) arch(x, y float64) {
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
	p.LineColour(Gate)
	arc(3.5, 28.5, 15, 12.5)
	p.LineColour(gold)
	arc(10.5, 21.5, 15.5, 5.5)
	p.SetLineWidth(0.2)
}

func (p *Page) footer(s Sheet) {
	p.SetY(-Bottom + 8)
	p.LineColour(Rule)
	p.Line(Margin, p.GetY(), Margin+Width, p.GetY())
	p.Ln(1.5)
	p.Face("", Small, Soft)
	p.CellFormat(Width*0.7, 4, s.Footer, "", 0, "L", false, 0, "")
	p.CellFormat(Width*0.3, 4, s.Number(p.PageNo()), "", 0, "R", false, 0, "")
}

// Heading writes a heading that stays with what follows.
func (p *Page) Heading(text string) {
	p.Ln(2.4)
	p.Keep(18)
	p.Face("B", 12.5, Gate)
	p.CellFormat(Width, 6.2, text, "", 1, "L", false, 0, "")
}

// Keep begins a new page if less than the height is left.
func (p *Page) Keep(height float64) {
	if _, page := p.GetPageSize(); p.GetY()+height > page-Bottom {
		p.AddPage()
	}
}

// Row writes a label and a value with a rule under them.
func (p *Page) Row(label, value string) { p.row("B", label, Printable(value)) }

// Entry is a row whose value is sentences, of several lines perhaps, in plain type.
func (p *Page) Entry(label, value string) {
	lines := strings.Split(value, "\n")
	for i, line := range lines {
		lines[i] = Printable(line)
	}
	p.row("", label, strings.Join(lines, "\n"))
}

func (p *Page) row(style, label, value string) {
	p.Face(style, Body, Ink)
	parts := p.SplitText(value, Width-LabelWidth)
	height := LineHeight*float64(max(1, len(parts))) + RowSpace
	p.Keep(height)
	y := p.GetY()
	p.Face("", Body-0.5, Soft)
	p.SetXY(Margin, y+RowSpace/2)
	p.CellFormat(LabelWidth, LineHeight, label, "", 0, "L", false, 0, "")
	p.Face(style, Body, Ink)
	p.SetXY(Margin+LabelWidth, y+RowSpace/2)
	p.MultiCell(Width-LabelWidth, LineHeight, value, "", "L", false)
	y = max(y+height, p.GetY()+RowSpace/2)
	p.LineColour(Rule)
	p.Line(Margin, y, Margin+Width, y)
	p.SetXY(Margin, y)
}

// Prose writes a paragraph.
func (p *Page) Prose(text string) {
	p.Face("", Body, Ink)
	p.MultiCell(Width, LineHeight, Printable(text), "", "L", false)
	p.Ln(1.5)
}

// Numbered writes sentences with their numbers hanging.
func (p *Page) Numbered(texts []string) {
	const hang = 7.0
	p.Face("", Body, Ink)
	for i, text := range texts {
		p.Keep(3 * LineHeight)
		p.SetX(Margin)
		p.CellFormat(hang, LineHeight, fmt.Sprintf("%d.", i+1), "", 0, "L", false, 0, "")
		p.SetLeftMargin(Margin + hang)
		p.MultiCell(Width-hang, LineHeight, Printable(text), "", "L", false)
		p.SetLeftMargin(Margin)
		p.Ln(1)
	}
}

// Bytes ends the document.
func (p *Page) Bytes() ([]byte, error) {
	var out bytes.Buffer
	err := p.Output(&out)
	return out.Bytes(), err
}
