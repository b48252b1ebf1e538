package notify

import (
	"strings"
	"unicode/utf16"
)

// Encodings of text messages.
const (
	GSM7 = "gsm-7" // the default alphabet: 160 characters, without the Hungarian ő, ű, á, í, ó and ú
	UCS2 = "ucs-2" // everything else: 70 units of UTF-16
)

// Units that fit: of a message alone, and of each of several that belong together, whose headers cost six octets
// (3GPP TS 23.038, section 4; TS 23.040, section 9.2.3.24.1).
const (
	gsm7Alone, gsm7Joined = 160, 153
	ucs2Alone, ucs2Joined = 70, 67
	// MostSegments is in how many parts a text message is sent at most.
	MostSegments = 3
	// LongestSMSLink is how long a link may be, in bytes, for every text to fit into MostSegments.
	LongestSMSLink = 90
)

// The default alphabet, and what needs an escape before it and so two places (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1).
const (
	gsm7Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsm7More  = "\f^{}\\[~]|€"
)

// Segments is how a text travels: in which encoding, and in how many parts; none for no text.
func Segments(text string) (encoding string, parts int) {
	units, plain := 0, true
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsm7Basic, r):
			units++
		case strings.ContainsRune(gsm7More, r):
			units += 2
		default:
			plain = false
		}
	}
	if plain {
		return GSM7, partsOf(units, gsm7Alone, gsm7Joined)
	}
	return UCS2, partsOf(len(utf16.Encode([]rune(text))), ucs2Alone, ucs2Joined)
}

func partsOf(units, alone, joined int) int {
	switch {
	case units == 0:
		return 0
	case units <= alone:
		return 1
	}
	return (units + joined - 1) / joined
}
