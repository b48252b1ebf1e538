package wire_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/federation/saml/wire"
)

// sayable fails on an error that could not be shown: each has a status and a
// sentence, and quotes nothing.
func sayable(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var fault *wire.Error
	if !errors.As(err, &fault) || fault.Code == "" || fault.Code == wire.Success || fault.Description == "" {
		t.Fatalf("%#v", err)
	}
	if strings.ContainsFunc(fault.Full(), func(c rune) bool { return c < ' ' || c > '~' }) {
		t.Errorf("%q", fault.Full())
	}
}

// readAny reads whatever it is.
func readAny(t *testing.T, m *wire.Message) {
	t.Helper()
	d, err := m.Unsigned()
	sayable(t, err)
	if err != nil {
		_, err := m.Verify(ecdsaSigner().Certificate())
		sayable(t, err)
		return
	}
	switch m.Kind() {
	case wire.KindAuthnRequest:
		q, err := wire.ReadAuthnRequest(d)
		sayable(t, err)
		if err == nil && (q.ID == "" || q.Issuer == "" || q.IssueInstant.IsZero() || q.ACSIndex >= 0 && q.ACSURL != "") {
			t.Errorf("accepted: %+v", q)
		}
	case wire.KindLogoutRequest:
		q, err := wire.ReadLogoutRequest(d)
		sayable(t, err)
		if err == nil && (q.ID == "" || q.Issuer == "" || q.NameID.Value == "") {
			t.Errorf("accepted: %+v", q)
		}
	case wire.KindLogoutResponse:
		r, err := wire.ReadLogoutResponse(d)
		sayable(t, err)
		if err == nil && r.Status.Code == "" {
			t.Errorf("accepted: %+v", r)
		}
	case wire.KindArtifactResolve:
		_, err := wire.ReadArtifactResolve(d)
		sayable(t, err)
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add(plain)
	for _, l := range letters(f, ecdsaSigner()) {
		f.Add(l.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := wire.ReadPost(post(text))
		sayable(t, err)
		if err == nil {
			readAny(t, m)
		}
		if m, err = wire.ReadSOAP([]byte(text)); err == nil {
			readAny(t, m)
		}
		sayable(t, err)
	})
}

func FuzzReadRedirect(f *testing.F) {
	f.Add(redirected(f, ecdsaSigner()))
	f.Add("SAMLRequest=" + url.QueryEscape(deflated(f, plain)) + "&RelayState=x&SAMLEncoding=urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE")
	f.Fuzz(func(t *testing.T, query string) {
		m, err := wire.ReadRedirect(query)
		sayable(t, err)
		if err != nil {
			return
		}
		readAny(t, m)
		values, _ := url.ParseQuery(query)
		if len(values["RelayState"]) > 1 || values.Get("RelayState") != m.RelayState {
			t.Errorf("RelayState %q", m.RelayState)
		}
	})
}

func FuzzReadPost(f *testing.F) {
	f.Add(post(plain))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := wire.ReadPost(body)
		sayable(t, err)
		if err == nil {
			readAny(t, m)
		}
	})
}

// Whatever is done to a signed request: it is refused or says what was signed.
func FuzzSigned(f *testing.F) {
	text, err := request().Write(ecdsaSigner())
	if err != nil {
		f.Fatal(err)
	}
	want, err := verify(string(text), ecdsaSigner().Certificate())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(0, 0, "")
	f.Add(100, 5, "<!-- -->")
	f.Add(len(text)-22, 0, string(text))
	f.Fuzz(func(t *testing.T, at, drop int, put string) {
		if at < 0 || drop < 0 || at > len(text) || drop > len(text)-at {
			t.Skip()
		}
		changed := string(text[:at]) + put + string(text[at+drop:])
		got, err := verify(changed, ecdsaSigner().Certificate())
		sayable(t, err)
		if err == nil && !cmp.Equal(got, want) {
			t.Errorf("accepted: %s", cmp.Diff(want, got))
		}
	})
}

func FuzzServiceMetadata(f *testing.F) {
	f.Add(described())
	f.Fuzz(func(t *testing.T, text string) {
		m, err := wire.ReadServiceMetadata([]byte(text), now)
		sayable(t, err)
		if err == nil && (m.EntityID == "" || len(m.ACS) == 0 || !m.DefaultACS().IsDefault) {
			t.Errorf("accepted: %+v", m)
		}
	})
}

func FuzzParseArtifact(f *testing.F) {
	f.Add(wire.NewArtifact(ours, 1, [20]byte{1}).String())
	f.Fuzz(func(t *testing.T, text string) {
		a, err := wire.ParseArtifact(text)
		sayable(t, err)
		if err == nil && a.String() != text {
			t.Errorf("%q is %q", text, a)
		}
	})
}
