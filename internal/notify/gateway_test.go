package notify

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const token = "a secret of the carrier's"

func gateway(t *testing.T, s *httptest.Server) *Gateway {
	t.Helper()
	c := GatewayConfig{URL: s.URL + "/messages", Token: token, Sender: "Ugyfelkapu"}
	if s.TLS != nil {
		c.Roots = x509.NewCertPool()
		c.Roots.AddCert(s.Certificate())
	}
	g, err := NewGateway(c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var proof = Outgoing{ID: "0198", To: "+36301234567", Lang: "hu", Plain: "123 456 a kód, ő az", Expires: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}

func TestTheCarrierIsToldWhatItNeeds(t *testing.T) {
	var got map[string]any
	var header http.Header
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		if raw, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(raw, &got) != nil || r.Method != http.MethodPost || r.URL.Path != "/messages" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer s.Close()
	if err := gateway(t, s).Send(t.Context(), proof); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"id": "0198", "from": "Ugyfelkapu", "to": "+36301234567", "text": proof.Plain, "encoding": UCS2, "segments": 1.0, "expires": "2026-03-02T10:00:00Z"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if header.Get("Authorization") != "Bearer "+token || header.Get("Idempotency-Key") != "0198" || header.Get("Content-Type") != "application/json" {
		t.Errorf("%v", header)
	}
}

func TestAnswersOfTheCarrier(t *testing.T) {
	status := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://elsewhere.example/")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"error":"no such number +36301234567"}`)
	}))
	defer s.Close()
	g := gateway(t, s)
	for code, want := range map[int]*Fault{
		200: nil, 201: nil, 202: nil,
		307: {Kind: FaultOther}, 404: {Kind: FaultOther}, // an address of ours that is wrong: the operator mends it, and nothing is lost
		401: {Kind: FaultAuth}, 402: {Kind: FaultAuth}, 403: {Kind: FaultAuth},
		408: {Kind: FaultLater}, 409: {Kind: FaultLater}, 425: {Kind: FaultLater}, 429: {Kind: FaultLater}, 500: {Kind: FaultLater}, 503: {Kind: FaultLater},
		400: {Kind: FaultRefused, Permanent: true}, 413: {Kind: FaultRefused, Permanent: true}, 422: {Kind: FaultAddress, Permanent: true},
	} {
		status = code
		err := g.Send(t.Context(), proof)
		var got *Fault
		if errors.As(err, &got); !cmp.Equal(got, want) {
			t.Errorf("%d: %v, want %v", code, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "+36") {
			t.Errorf("the fault quotes a number: %v", err)
		}
	}
}

func TestACarrierThatDoesNotAnswer(t *testing.T) {
	hold := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	g := gateway(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if f := faultOf(g.Send(ctx, proof)); f.Kind != FaultTimeout || f.Permanent {
		t.Error(f)
	}
	close(hold)
	s.Close()
	if f := faultOf(g.Send(t.Context(), proof)); f.Kind != FaultUnreachable || f.Permanent {
		t.Error(f)
	}
}

func TestAnUnknownCertificateGetsNothing(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the message came through") }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	g, err := NewGateway(GatewayConfig{URL: s.URL, Token: token, Sender: "Kapu"})
	if err != nil {
		t.Fatal(err)
	}
	if f := faultOf(g.Send(t.Context(), proof)); f.Kind != FaultTLS || f.Permanent {
		t.Error(f)
	}
}

func TestNoTextIsCutOff(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was sent") }))
	defer s.Close()
	for _, text := range []string{"", strings.Repeat("ő", 202), strings.Repeat("a", 460)} {
		m := proof
		m.Plain = text
		if f := faultOf(gateway(t, s).Send(t.Context(), m)); f.Kind != FaultText || !f.Permanent {
			t.Errorf("%d bytes: %v", len(text), f)
		}
	}
}

func TestGatewaysThatAreRefused(t *testing.T) {
	good := GatewayConfig{URL: "https://sms.example/v1", Token: token, Sender: "Ugyfelkapu"}
	if _, err := NewGateway(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*GatewayConfig){
		"in clear":         func(c *GatewayConfig) { c.URL = "http://sms.example/" },
		"no address":       func(c *GatewayConfig) { c.URL = "" },
		"token in it":      func(c *GatewayConfig) { c.URL = "https://kapu:" + "x@sms.example/" },
		"no token":         func(c *GatewayConfig) { c.Token = "" },
		"no sender":        func(c *GatewayConfig) { c.Sender = "" },
		"long sender":      func(c *GatewayConfig) { c.Sender = "Ugyfelkapu12" },
		"Hungarian sender": func(c *GatewayConfig) { c.Sender = "Ügyfélkapu" },
	} {
		c := good
		spoil(&c)
		if _, err := NewGateway(c); err == nil || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
