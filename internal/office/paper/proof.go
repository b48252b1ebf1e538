package paper

import (
	"strings"

	"rsc.io/qr"
)

// Proof is printed so that an office can tell whether the paper is ours: an
// address as QR code, and below it a digest of what the paper says. Both are
// made elsewhere. A zero Proof is not printed.
type Proof struct {
	URL    string
	Digest string // in groups with blanks between them
}

// Measures of the proof in millimetres.
const (
	proofWidth  = 23.0
	proofGap    = 5.0  // to what stands beside it
	proofHeight = 27.5 // down to where the paper's text begins
	quietZone   = 4    // modules of white around the code (ISO/IEC 18004)
	digestSize  = 7.0  // points
)

// proof draws the proof with its upper right corner at a point, and says how
// much of the width it takes. An address too long for a QR code is left out; the
// digest still says it.
func (p *page) proof(proof Proof, right, top float64) (taken float64) {
	if proof == (Proof{}) {
		return 0
	}
	left := right - proofWidth
	if code, err := qr.Encode(proof.URL, qr.M); err == nil {
		p.modules(code, left, top)
	}
	p.face("B", digestSize, ink)
	for i, line := range halves(proof.Digest) {
		p.SetXY(left, top+proofWidth+float64(i)*3.2)
		p.CellFormat(proofWidth, 3, line, "", 0, "C", false, 0, "")
	}
	return proofWidth + proofGap
}

// halves are the groups in two lines.
func halves(digest string) []string {
	groups := strings.Fields(digest)
	half := (len(groups) + 1) / 2
	return []string{strings.Join(groups[:half], " "), strings.Join(groups[half:], " ")}
}

// modules draws each row's runs of dark modules as one rectangle. The quiet zone
// lies inside the proof's width on the left and below, and in the margin elsewhere.
func (p *page) modules(code *qr.Code, left, top float64) {
	unit := proofWidth / float64(code.Size+quietZone)
	p.SetFillColor(0, 0, 0)
	for y := range code.Size {
		for x := 0; x < code.Size; {
			run := 0
			for code.Black(x+run, y) { // false outside
				run++
			}
			if run > 0 {
				p.Rect(left+unit*float64(x+quietZone), top+unit*float64(y), unit*float64(run), unit, "F")
			}
			x += run + 1
		}
	}
}
