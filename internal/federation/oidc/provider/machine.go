package provider

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"kapu/internal/federation/oidc/wire"
	"kapu/internal/web"
)

// machine is a handler for another machine: its errors become JSON (RFC 6749,
// 5.2), and other origins may call it where their clients are public.
func (p *Provider) machine(h web.HandlerFunc) http.Handler {
	answer := func(w http.ResponseWriter, r *http.Request) {
		p.allowOrigin(w, r)
		if err := h(w, r); err != nil {
			p.answerError(w, r, err)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.recorded(w, r, answer) })
}

// answerError tells a machine what went wrong. A fault of ours is told in the
// log, and there only.
func (p *Provider) answerError(w http.ResponseWriter, r *http.Request, err error) {
	var fault *wire.Error
	if !errors.As(err, &fault) {
		p.Log.Error("oidc: fault", "request", web.SupportCode(r.Context()), "cause", err)
		fault = wire.Refuse(wire.ServerError, "", "support code %s", web.SupportCode(r.Context()))
	}
	p.note(r, fault)
	if fault.Code == wire.InvalidClient { // HTTP wants a challenge with every 401 (RFC 9110, 15.5.2), and no other way to authenticate has a name there
		w.Header().Set("WWW-Authenticate", `Basic realm="`+p.Issuer+`"`)
	}
	body := struct {
		Error       string `json:"error"`
		Description string `json:"error_description,omitempty"`
	}{fault.Code, fault.Full()}
	if err := writeJSON(w, fault.Status(), body); err != nil {
		p.Log.Error("oidc: fault", "cause", err)
	}
}

// note leaves a line for the operator whose help a developer asks for.
func (p *Provider) note(r *http.Request, fault *wire.Error) {
	p.exchangeFault(r, fault)
	p.Log.Info("oidc: refused", "request", web.SupportCode(r.Context()), "path", r.URL.Path, "code", fault.Code, "why", fault.Full())
}

// writeJSON answers with something that nobody may keep (RFC 6749, 5.1).
func writeJSON(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	writePrivate(w, status, "application/json", text)
	return nil
}

// writePrivate answers one machine with what nobody may keep.
func writePrivate(w http.ResponseWriter, status int, kind string, text []byte) {
	h := w.Header()
	web.NoPage(h)
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client may have gone; there is nobody left to tell
}

// readForm returns the body of a form as it was sent, "" for a request without one.
func readForm(w http.ResponseWriter, r *http.Request) (string, error) {
	if r.Method == http.MethodGet || r.ContentLength == 0 {
		return "", nil
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return "", wire.Refuse(wire.InvalidRequest, "RFC 6749, 3.2", "the body is not application/x-www-form-urlencoded")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxRequest))
	if err != nil {
		return "", wire.Refuse(wire.InvalidRequest, "RFC 6749, 3.2", "the body is too large or incomplete")
	}
	return string(body), nil
}
