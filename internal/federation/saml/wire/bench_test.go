package wire_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"kapu/internal/federation/saml/wire"
)

// large is a signed request of 10 KB as a service might send it.
func large(b testing.TB, s *wire.Signer) string {
	q := request()
	q.Context.Classes = nil
	for i := range 50 {
		q.Context.Classes = append(q.Context.Classes, fmt.Sprintf("http://eidas.europa.eu/LoA/substantial/with/many/names/of/it/number/%d/%s", i, strings.Repeat("x", 30)))
	}
	return must(b)(q.Write(s))
}

func BenchmarkReadSigned10KB(b *testing.B) {
	for name, s := range map[string]*wire.Signer{"ECDSA": ecdsaSigner(), "RSA": rsaSigner()} {
		b.Run(name, func(b *testing.B) {
			form := post(large(b, s))
			b.ReportAllocs()
			b.ReportMetric(float64(len(large(b, s))), "octets")
			for b.Loop() {
				m, err := wire.ReadPost(form)
				if err != nil {
					b.Fatal(err)
				}
				d, err := m.Verify(s.Certificate())
				if err != nil {
					b.Fatal(err)
				}
				if _, err := wire.ReadAuthnRequest(d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchmarkResponse(b *testing.B, p wire.Protection) {
	r := response()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Write(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignResponseECDSA(b *testing.B) {
	benchmarkResponse(b, wire.Protection{SignAssertion: ecdsaSigner()})
}

func BenchmarkSignResponseECDSATwice(b *testing.B) {
	benchmarkResponse(b, wire.Protection{SignAssertion: ecdsaSigner(), SignResponse: ecdsaSigner()})
}

func BenchmarkSignResponseRSA(b *testing.B) {
	benchmarkResponse(b, wire.Protection{SignAssertion: rsaSigner()})
}

func BenchmarkSignEncryptResponse(b *testing.B) {
	to, err := wire.NewRecipient(certify(rsaKey()), wire.OAEPSHA256)
	if err != nil {
		b.Fatal(err)
	}
	benchmarkResponse(b, wire.Protection{SignAssertion: ecdsaSigner(), Encrypt: to})
}

// bombs are 1 MB and more of what makes parsers suffer.
func bombs(t testing.TB) map[string]func() error {
	const mega = 1 << 20
	xml := func(text string) func() error {
		form := post(text)
		return func() error { _, err := wire.ReadPost(form); return err }
	}
	query := func(text string) func() error {
		q := "SAMLRequest=" + strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(deflated(t, text))
		return func() error { _, err := wire.ReadRedirect(q); return err }
	}
	soap := func(text string) func() error {
		return func() error { _, err := wire.ReadSOAP([]byte(text)); return err }
	}
	return map[string]func() error{
		"laughs":     xml(`<!DOCTYPE a [<!ENTITY a "` + strings.Repeat("a", mega) + `">]>` + plain),
		"deflated":   query(strings.Repeat("a", 64*mega)),
		"deep":       soap(strings.Repeat("<a>", wire.MaxMessage/3)),
		"wide":       query("<a>" + strings.Repeat("<a/>", mega/4) + "</a>"),
		"attributes": soap("<a " + strings.Repeat("b='' ", wire.MaxMessage/6) + "/>"),
		"namespaces": query(strings.Repeat("<a xmlns:a='urn:a' xmlns:b='urn:b'>", 7000)),
		"text":       soap("<a>" + strings.Repeat("&#97;", wire.MaxMessage/6) + "</a>"),
		"metadata": func() error {
			_, err := wire.ReadServiceMetadata([]byte("<a>"+strings.Repeat("<a/>", mega/4-2)+"</a>"), now)
			return err
		},
	}
}

// Hostile input costs little memory before it is refused.
func TestBombs(t *testing.T) {
	for name, read := range bombs(t) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := read()
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		const most = 6 << 20
		if used := after.TotalAlloc - before.TotalAlloc; used > most {
			t.Errorf("%s: %d octets", name, used)
		}
	}
}

func BenchmarkBomb(b *testing.B) {
	for name, read := range bombs(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if read() == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}
