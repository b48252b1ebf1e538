package bench

import (
	"bytes"
	"compress/flate"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"runtime"
	"strings"
	"time"

	"kapu/internal/federation/saml/wire"
)

// requestSize is about how large a signed request is that is read, in bytes.
const requestSize = 10 << 10

// measureReading reads a large signed request again and again, and then what is
// sent to break the reader.
func measureReading(o Options) error {
	for _, name := range []string{"RSA-SHA256", "ECDSA-SHA256"} {
		signer, err := strangerSigner(name)
		if err != nil {
			return err
		}
		body, size, err := largeRequest(signer)
		if err != nil {
			return err
		}
		read := 0
		begin := time.Now()
		for time.Since(begin) < min(o.Time, 2*time.Second) {
			if err := readOnce(body, signer.Certificate()); err != nil {
				return err
			}
			read++
		}
		fmt.Fprintf(o.Out, "reading a request of %d KiB signed by %s: %.3f ms\n", size>>10, name, time.Since(begin).Seconds()*1000/float64(read))
	}
	return measureBombs(o)
}

func strangerSigner(name string) (*wire.Signer, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	if name == "RSA-SHA256" {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		c, err := selfSigned(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
		if err != nil {
			return nil, err
		}
		return wire.NewSigner(key, c)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	c, err := selfSigned(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	if err != nil {
		return nil, err
	}
	return wire.NewSigner(key, c)
}

func selfSigned(der []byte, err error) (*x509.Certificate, error) {
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// largeRequest is a form with a request to end very many sessions.
func largeRequest(signer *wire.Signer) (body []byte, size int, err error) {
	const sessions = 60
	q := wire.LogoutRequest{NameID: wire.NameID{Value: "somebody", Format: wire.FormatPersistent}}
	q.Header = wire.Header{ID: "_bench", IssueInstant: time.Now(), Destination: "https://kapu.example/saml/slo", Issuer: "https://bench.example"}
	for range sessions {
		q.Sessions = append(q.Sessions, strings.Repeat("s", requestSize/sessions-len("<samlp:SessionIndex></samlp:SessionIndex>")))
	}
	text, err := q.Write(signer)
	return []byte(url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(text)}}.Encode()), len(text), err
}

func readOnce(body []byte, certificate *x509.Certificate) error {
	m, err := wire.ReadPost(body)
	if err != nil {
		return err
	}
	d, err := m.Verify(certificate)
	if err != nil {
		return err
	}
	_, err = wire.ReadLogoutRequest(d)
	return err
}

// measureBombs reads what unpacks, or unfolds, to more than anybody should hold,
// and prints how much memory it took until it was refused.
func measureBombs(o Options) error {
	const bombSize = 1 << 20
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return err
	}
	zeros := make([]byte, bombSize)
	for packed.Len() < 128<<10 { // as much as a query may hold: more than 100 MiB within
		if _, err := w.Write(zeros); err != nil {
			return err
		}
	}
	deep := []byte(strings.Repeat("<a>", bombSize/len("<a>")))
	flat := []byte("<r>" + strings.Repeat("<a/>", bombSize/len("<a/>")) + "</r>")
	for _, bomb := range []struct {
		name string
		read func() error
	}{
		{"deflated, of 128 KiB", func() error {
			_, err := wire.ReadRedirect(url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(packed.Bytes())}}.Encode())
			return err
		}},
		{"1 MiB of elements within one another", func() error { _, err := wire.ReadSOAP(deep); return err }},
		{"1 MiB of elements side by side", func() error { _, err := wire.ReadSOAP(flat); return err }},
		{"a quarter of that", func() error { _, err := wire.ReadSOAP(flat[:bombSize/4-8]); return err }},
	} {
		took, spent, err := allocated(bomb.read)
		if err == nil {
			return errors.New("bench: a bomb was read: " + bomb.name)
		}
		fmt.Fprintf(o.Out, "bomb, %s: refused with %d KiB of memory in %.2f ms\n", bomb.name, took>>10, spent.Seconds()*1000)
	}
	return nil
}

// allocated is all the memory that f asks for: no less than its peak.
func allocated(f func() error) (bytes uint64, spent time.Duration, err error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	err = f()
	spent = time.Since(begin)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, spent, err
}
