package registerhttp

import (
	"context"
	"errors"
	"net/http"

	"kapu/internal/register"
)

// Handler serves a register at the other end of the road: the simulator, or a bridge to a register that speaks
// something else.
func Handler(population register.Population) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+checkPath, func(w http.ResponseWriter, r *http.Request) {
		var query register.Query
		answer(w, r, &query, func(ctx context.Context) (any, error) {
			query.RequestID = r.Header.Get(idempotencyKey)
			return population.Check(ctx, query)
		})
	})
	mux.HandleFunc("POST "+lookupPath, func(w http.ResponseWriter, r *http.Request) {
		var asked lookup
		answer(w, r, &asked, func(ctx context.Context) (any, error) {
			return population.ByReference(ctx, asked.Reference)
		})
	})
	return mux
}

// answer reads the question, has it answered, and writes the answer or a problem. A failure to write is the asker's
// to notice: there is nobody else to tell.
func answer(w http.ResponseWriter, r *http.Request, question any, reply func(context.Context) (any, error)) {
	if status := readQuestion(r, question); status != http.StatusOK {
		_ = writeProblem(w, status)
		return
	}
	body, err := reply(r.Context())
	if err != nil {
		_ = writeProblem(w, statusOf(err))
		return
	}
	_ = writeJSON(w, http.StatusOK, jsonType, body)
}

func readQuestion(r *http.Request, question any) (status int) {
	if r.Header.Get("Content-Type") != jsonType {
		return http.StatusUnsupportedMediaType
	}
	if key := r.Header.Get(idempotencyKey); key == "" || len(key) > longestKey {
		return http.StatusBadRequest
	}
	err := readJSON(r.Body, largestRequest, question, true)
	switch {
	case errors.Is(err, errTooLarge):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, register.ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, register.ErrRefused):
		return http.StatusUnprocessableEntity
	case errors.Is(err, register.ErrUnavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func writeProblem(w http.ResponseWriter, status int) error {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	return writeJSON(w, status, problemType, problem{http.StatusText(status), status})
}
