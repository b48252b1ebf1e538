package registerhttp

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"kapu/internal/register"
)

// Paths and headers of the interface. People are never named in a path: paths end up in logs.
const (
	checkPath  = "/v1/checks"
	lookupPath = "/v1/lookups"

	// idempotencyKey carries register.Query.RequestID.
	idempotencyKey = "Idempotency-Key"

	jsonType    = "application/json"
	problemType = "application/problem+json"
)

// Limits of both ends, in bytes.
const (
	largestRequest  = 16 << 10
	largestResponse = 64 << 10
	longestKey      = 64
)

// lookup is the body of a question by reference.
type lookup struct {
	Reference register.Reference `json:"reference"`
}

// problem is the body of a refusal (RFC 9457).
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
}

var errTooLarge = errors.New("too large")

// readJSON reads exactly one JSON value of at most limit bytes.
func readJSON(body io.Reader, limit int64, into any, strict bool) error {
	limited := &io.LimitedReader{R: body, N: limit + 1}
	decoder := json.NewDecoder(limited)
	if strict {
		decoder.DisallowUnknownFields()
	}
	err := decoder.Decode(into)
	if err == nil {
		if _, end := decoder.Token(); end != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if limited.N <= 0 {
		return errTooLarge
	}
	return err
}

func writeJSON(w http.ResponseWriter, status int, contentType string, body any) error {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}
