package notify

import (
	"bytes"
	"net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"kapu/internal/identity"
)

// format writes the mail as it travels (RFC 5322, RFC 2046): quoted-printable UTF-8, plain text first, HTML as its
// alternative. The same Outgoing gives the same bytes, so a second try is a true copy of the first.
func format(from mail.Address, m Outgoing) ([]byte, error) {
	to, err := identity.ParseEmail(m.To)
	if err != nil || !oneLine(m.Subject) || !oneLine(m.ID) || !oneLine(m.Lang) {
		return nil, &Fault{Kind: FaultAddress, Permanent: true}
	}
	msg := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent(),
		gomail.WithBoundary("kapu-"+m.ID))
	msg.FromMailAddress(&from)
	msg.ToMailAddress(&mail.Address{Address: to.String()})
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Created.In(budapest))
	msg.SetMessageIDWithValue(m.ID + "@" + domainOf(from.Address))
	for name, value := range map[gomail.Header]string{
		"Auto-Submitted":           "auto-generated", // no vacation notices back to us (RFC 3834, section 5)
		"X-Auto-Response-Suppress": "All",            // the same, for servers that know only this
		"Content-Language":         m.Lang,
		"List-Id":                  "<notices." + domainOf(from.Address) + ">", // to sort by (RFC 2919)
	} {
		msg.SetGenHeader(name, value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Plain)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var b bytes.Buffer
	_, err = msg.WriteTo(&b)
	return b.Bytes(), err
}

// oneLine refuses what could end a header and begin another.
func oneLine(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029'
	})
}

func domainOf(address string) string { return address[strings.LastIndex(address, "@")+1:] }
