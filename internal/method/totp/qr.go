package totp

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// quietZone is the white border ISO/IEC 18004 asks for, in modules.
const quietZone = 4

// QRSVG draws the URI as an inline SVG: one path, crisp edges, dark on white
// in every colour scheme (scanners want it so), with the title for those who
// listen. It has no style attribute and no fixed size; the page's CSS sizes it.
// An error means that the URI is too long for a QR code.
func QRSVG(uri, title string) (template.HTML, error) {
	code, err := qr.Encode(uri, qr.M)
	if err != nil {
		return "", fmt.Errorf("totp: qr: %w", err)
	}
	size := code.Size + 2*quietZone
	return template.HTML(fmt.Sprintf(
		`<svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
			`<title>%s</title><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		size, size, template.HTMLEscapeString(title), size, size, modules(code))), nil
}

// modules draws each row's runs of dark modules as one rectangle.
func modules(code *qr.Code) string {
	var d strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; {
			run := 0
			for code.Black(x+run, y) { // false outside
				run++
			}
			if run > 0 {
				fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run, run)
			}
			x += run + 1
		}
	}
	return d.String()
}
