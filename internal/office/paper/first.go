package paper

// Heights in millimetres of the page that is folded twice: the address stands
// outside, what is secret inside.
const (
	thirdHeight = 99.0 // of A4
	dash        = 2.0
)

// First is the sealed page of an account that an office hands out (R13): folded
// along the lines and glued, it shows whose it is and no more. Inside are the
// username and the first password.
func First(words Words, f Facts) ([]byte, error) {
	p := newPage(words, f.Head, words("first.title"))
	p.head(f.Head, words("first.title"))
	p.prose(words("first.for", "Name", printable(f.CurrentName.String())))
	p.prose(words("first.outside"))
	p.fold(thirdHeight)
	p.prose(words("first.lead"))
	p.table("account", []line{{"username", f.Username}})
	p.secret("label.first", f.First)
	p.numbered([]string{words("first.open"), words("first.change", "Within", f.ActivateWithin), words("first.lost")})
	p.fold(2 * thirdHeight)
	p.prose(words("first.blank"))
	return p.bytes()
}

// fold draws a broken line across the paper at a height, and goes on below it.
func (p *page) fold(y float64) {
	wide, _ := p.GetPageSize()
	p.LineColour(soft)
	p.SetDashPattern([]float64{dash, dash}, 0)
	p.Line(0, y, wide, y)
	p.SetDashPattern(nil, 0)
	p.SetXY(margin, y+6)
}

// secret writes a label and a value that is copied letter by letter.
func (p *page) secret(key, value string) {
	p.Ln(3)
	p.face("", body-0.5, soft)
	p.CellFormat(width, lineHeight, p.words(key), "", 1, "L", false, 0, "")
	p.face("B", 24, ink)
	p.CellFormat(width, 13, printable(value), "", 1, "L", false, 0, "")
	p.Ln(2)
}
