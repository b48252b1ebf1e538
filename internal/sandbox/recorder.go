package sandbox

import (
	"bytes"
	"context"
	"net/http"
)

// maxAnswer is how much of an answer is looked at.
const maxAnswer = 64 << 10

// Recorder is a ResponseWriter that remembers the answer once somebody has said
// whose exchange it is. Until then it only passes on.
type Recorder struct {
	http.ResponseWriter
	Service  string // "": nobody's who has a sandbox
	Exchange Exchange
	body     bytes.Buffer
}

type recorderKey struct{}

// Record returns a recorder and the request that carries it.
func Record(w http.ResponseWriter, r *http.Request, what string) (*Recorder, *http.Request) {
	rec := &Recorder{ResponseWriter: w, Exchange: Exchange{What: what}}
	return rec, r.WithContext(context.WithValue(r.Context(), recorderKey{}, rec))
}

// Of is the recorder that a request carries, nil for none.
func Of(r *http.Request) *Recorder {
	rec, _ := r.Context().Value(recorderKey{}).(*Recorder)
	return rec
}

// WriteHeader implements http.ResponseWriter.
func (rec *Recorder) WriteHeader(status int) {
	if rec.Exchange.Status == 0 {
		rec.Exchange.Status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (rec *Recorder) Write(text []byte) (int, error) {
	if rec.Exchange.Status == 0 {
		rec.Exchange.Status = http.StatusOK
	}
	if rec.Service != "" {
		rec.body.Write(text[:min(len(text), maxAnswer-rec.body.Len())])
	}
	return rec.ResponseWriter.Write(text)
}

// Body is what was answered.
func (rec *Recorder) Body() []byte { return rec.body.Bytes() }

// Unwrap lets http.ResponseController reach the writer beneath.
func (rec *Recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
