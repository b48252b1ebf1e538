package paper

import (
	"kapu/internal/identity"
	"kapu/internal/pdf"
)

// Letter is the page that goes into a window envelope with the registration code
// of an electronic identity card (R10).
type Letter struct {
	Head
	Name    identity.Name
	Address identity.Address
	Card    string // the end of the card's number: the whole would complete the code
	Code    string // in groups
	Expires string // in words
	Link    string // address of the registration
}

// Said is what the page says, for the digest of its proof. The code is left out:
// a digest must not lead to it.
func (l Letter) Said() []string {
	return []string{l.Name.String(), addressLine(l.Address), l.Card, l.Expires, l.Link}
}

// The window of an envelope for A4 folded twice, in millimetres (DIN 5008, form
// B; DIN 680). What lies inside stands in the middle third, which is folded in.
const (
	windowTop    = 45.0
	windowLeft   = 25.0
	windowWidth  = 80.0
	windowHeight = 30.0
	codeSize     = 30.0 // points
)

// Envelope shows name and address in the window and nothing else outside: the
// code stands in the part that is folded in.
func Envelope(words Words, l Letter) ([]byte, error) {
	p := newPage(words, l.Head, words("envelope.title"))
	p.head(l.Head, "")
	p.window(l)
	p.fold(thirdHeight)
	p.face("B", 16, ink)
	p.MultiCell(width, 8, words("envelope.title"), "", "L", false)
	p.prose(words("envelope.lead", "Card", l.Card))
	p.code(l.Code)
	p.prose(words("envelope.expires", "Expires", l.Expires))
	p.prose(words("envelope.alphabet"))
	p.fold(2 * thirdHeight)
	p.heading("envelope.how")
	p.numbered([]string{words("envelope.open", "Link", l.Link), words("envelope.type"), words("envelope.choose")})
	p.heading("envelope.careful")
	p.numbered([]string{words("envelope.secret"), words("envelope.once"), words("envelope.lost"), words("envelope.blank")})
	return p.bytes()
}

// window writes whom the letter is for.
func (p *page) window(l Letter) {
	a := l.Address
	street, settlement := a.Street, a.PostalCode+" "+a.Settlement
	if a.Country != "" && a.Country != identity.Hungary {
		settlement += " (" + a.Country + ")"
	}
	if a == (identity.Address{}) {
		street, settlement = "", ""
	}
	p.SetXY(windowLeft, windowTop+8)
	p.face("", body+1, ink)
	for _, text := range []string{l.Name.String(), settlement, street} {
		p.MultiCell(windowWidth, 5.6, printable(text), "", "L", false)
		p.SetX(windowLeft)
	}
	p.SetXY(windowLeft, windowTop+windowHeight+9)
	p.face("", small, soft)
	p.MultiCell(width-5, 4.2, p.words("envelope.outside"), "", "L", false)
}

// code writes it large, each group apart, in a frame.
func (p *page) code(code string) {
	const height = 18.0
	y := p.GetY() + 1
	p.LineColour(pdf.Gate)
	p.SetLineWidth(0.6)
	p.Rect(margin, y, width, height, "D")
	p.SetLineWidth(0.2)
	p.SetXY(margin, y)
	p.face("B", codeSize, ink)
	p.CellFormat(width, height, printable(code), "", 1, "C", false, 0, "")
	p.Ln(2.5)
}
