package wire_test

import (
	"strings"
	"testing"

	"kapu/internal/federation/oidc/wire"
)

func FuzzParseClientCert(f *testing.F) {
	f.Add("::")
	f.Add(":AAAA:")
	f.Add(":MIIB:;a=b")
	f.Add(" :MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6: ") // begins as the example of RFC 9440, appendix B
	f.Fuzz(func(t *testing.T, line string) {
		c, err := wire.ParseClientCert([]string{line})
		sayable(t, err)
		if err == nil && (len(c.Raw) == 0 || !strings.HasPrefix(strings.TrimLeft(line, " "), ":")) {
			t.Errorf("%q is no certificate", line)
		}
		if _, err := wire.ParseClientCert([]string{line, line}); err == nil {
			t.Error("two lines were taken")
		}
	})
}
