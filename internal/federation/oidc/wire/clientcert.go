package wire

import (
	"crypto/x509"
	"encoding/base64"
	"strings"
)

// maxClientCert bounds the Client-Cert header, in bytes.
const maxClientCert = 16 << 10

// ParseClientCert reads the header in which a proxy hands over the certificate
// that a client showed it: its DER between colons, as a byte sequence of
// Structured Fields (RFC 9440, 2.2; RFC 9651, 3.3.5). More than one line means
// that somebody else than the proxy has written one.
func ParseClientCert(lines []string) (*x509.Certificate, error) {
	bad := Refuse(InvalidClient, "RFC 9440, 2.2", "the certificate in the proxy's header cannot be read")
	if len(lines) != 1 || len(lines[0]) > maxClientCert {
		return nil, bad
	}
	text := strings.Trim(lines[0], " ")
	if len(text) < 2 || text[0] != ':' || text[len(text)-1] != ':' {
		return nil, bad
	}
	der, err := base64.StdEncoding.Strict().DecodeString(text[1 : len(text)-1])
	if err != nil {
		return nil, bad
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, bad
	}
	return certificate, nil
}
