package registerhttp

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"kapu/internal/register"
)

// readAnswer turns a response into the answer or one of the register's errors. The statuses are those of
// docs/register-openapi.yaml; any other is a protocol error.
func readAnswer(ctx context.Context, response *http.Response, path string, answer any) (wait time.Duration, err error) {
	switch response.StatusCode {
	case http.StatusOK:
		return 0, readBody(ctx, response, answer)
	case http.StatusNotFound:
		if path == lookupPath && isType(response, problemType) {
			return 0, register.ErrUnknown
		}
		return 0, fmt.Errorf("%w: no such interface", register.ErrProtocol)
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return 0, fmt.Errorf("%w: status %d", register.ErrRefused, response.StatusCode)
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return retryAfter(response), fmt.Errorf("%w: status %d", register.ErrUnavailable, response.StatusCode)
	}
	return 0, fmt.Errorf("%w: status %d", register.ErrProtocol, response.StatusCode)
}

func readBody(ctx context.Context, response *http.Response, answer any) error {
	if !isType(response, jsonType) {
		return fmt.Errorf("%w: not JSON", register.ErrProtocol)
	}
	// Unknown fields are let through: the register may say more tomorrow.
	if err := readJSON(response.Body, largestResponse, answer, false); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("%w: answer broke off", register.ErrUnavailable)
		}
		return fmt.Errorf("%w: not the agreed JSON", register.ErrProtocol)
	}
	return nil
}

func isType(response *http.Response, want string) bool {
	got, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return err == nil && got == want
}

// retryAfter reads the seconds form of Retry-After (RFC 9110, section 10.2.3).
func retryAfter(response *http.Response) time.Duration {
	const most = 3600
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, most)) * time.Second
}
