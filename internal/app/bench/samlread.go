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
	"io"
	"math/big"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"kapu/internal/federation/saml/wire"
	"kapu/internal/keys"
)

// requestSize is how large a signed request is that is read, in bytes.
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
		read := func() error { return readOnce(body, signer.Certificate()) }
		if err := printReading(o, fmt.Sprintf("reading a request of %.1f KiB signed by %s", float64(size)/1024, name), read); err != nil {
			return err
		}
	}
	return measureBombs(o)
}

// printReading reads and signs in turn, a tenth of the time each, and says what
// reading costs beside a signature.
func printReading(o Options, name string, read func() error) error {
	sign, err := signing(keys.RS256)
	if err != nil {
		return err
	}
	var reads, signed raw
	for range 10 {
		for _, x := range []struct {
			into *raw
			once func() error
		}{{&reads, read}, {&signed, sign}} {
			more, err := again(min(o.Time, slice)/10, x.once)
			if err != nil {
				return err
			}
			x.into.join(more)
		}
	}
	fmt.Fprintf(o.Out, "%s: %.3f ms of a processor, as much as %.2f bare RSA-2048 signatures\n", name, 1000*reads.each().Seconds(), reads.each().Seconds()/signed.each().Seconds())
	return nil
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

// largeRequest is a form with a request to end very many sessions, as large as it
// is to be.
func largeRequest(signer *wire.Signer) (body []byte, size int, err error) {
	const sessions = 60
	bare, err := endRequest(sessions, 0, signer)
	if err != nil {
		return nil, 0, err
	}
	text, err := endRequest(sessions, (requestSize-len(bare))/sessions, signer)
	return []byte(url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(text)}}.Encode()), len(text), err
}

func endRequest(sessions, long int, signer *wire.Signer) ([]byte, error) {
	q := wire.LogoutRequest{NameID: wire.NameID{Value: "somebody", Format: wire.FormatPersistent}}
	q.Header = wire.Header{ID: "_bench", IssueInstant: time.Now(), Destination: "https://kapu.example/saml/slo", Issuer: "https://bench.example"}
	q.Sessions = slices.Repeat([]string{strings.Repeat("s", long)}, sessions)
	return q.Write(signer)
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

// bomb is what unpacks, or unfolds, to more than anybody should hold.
type bomb struct {
	name       string
	query, xml string // one of them: for an address, or for SOAP
}

const bombSize = 1 << 20

func bombs() ([]bomb, error) {
	flat := "<r>" + strings.Repeat("<a/>", bombSize/len("<a/>")) + "</r>"
	small, err := deflated(flat, 1)
	if err != nil {
		return nil, err
	}
	large, err := deflated(flat, 128)
	if err != nil {
		return nil, err
	}
	return []bomb{
		{name: "1 MiB, deflated", query: small},
		{name: "128 MiB, deflated", query: large},
		{name: "1 MiB of elements within one another", xml: strings.Repeat("<a>", bombSize/len("<a>"))},
		{name: "1 MiB of elements side by side", xml: flat},
		{name: "a quarter of that", xml: flat[:bombSize/4-8]},
	}, nil
}

// deflated is a query with the text, so many times over.
func deflated(text string, times int) (string, error) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	for range times {
		if _, err := io.WriteString(w, text); err != nil {
			return "", err
		}
	}
	err = w.Close()
	return url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(packed.Bytes())}}.Encode(), err
}

func (b bomb) read() (err error) {
	if b.query != "" {
		_, err = wire.ReadRedirect(b.query)
	} else {
		_, err = wire.ReadSOAP([]byte(b.xml))
	}
	return err
}

// measureBombs prints how much memory each takes until it is refused.
func measureBombs(o Options) error {
	all, err := bombs()
	if err != nil {
		return err
	}
	for _, b := range all {
		took, spent, err := allocated(b.read)
		if err == nil {
			return errors.New("bench: a bomb was read: " + b.name)
		}
		fmt.Fprintf(o.Out, "bomb, %s: refused with %d KiB of memory in %.2f ms\n", b.name, took>>10, spent.Seconds()*1000)
	}
	return nil
}

// rounds are how often each bomb is thrown at the gateway: at first to see what
// one takes, then what is left to be cleared away when they come in a row.
var rounds = []int{1, 100}

// throwBombs sends them to the gateway, and prints by how much its memory has
// grown at most.
func (s *stage) throwBombs(o Options) error {
	all, err := bombs()
	if err != nil {
		return err
	}
	for _, n := range rounds {
		before, err := s.server.resident()
		if err == nil {
			err = s.server.restPeak()
		}
		if err != nil {
			return err
		}
		for _, b := range slices.Repeat(all, n) {
			if err := s.throw(b); err != nil {
				return err
			}
		}
		after, err := s.server.peak()
		if err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "%d bombs at the gateway: at most %d KiB more of memory than the %d MiB before\n", n*len(all), (after-before)>>10, before>>20)
	}
	return nil
}

func (s *stage) throw(b bomb) error {
	method, path := http.MethodPost, "/saml/artifact"
	if b.query != "" {
		method, path = http.MethodGet, "/saml/sso?"+b.query
	}
	r, err := http.NewRequest(method, s.world.Issuer+path, strings.NewReader(b.xml))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "text/xml")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode < http.StatusBadRequest {
		return errors.New("bench: the gateway takes a bomb: " + b.name)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
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
