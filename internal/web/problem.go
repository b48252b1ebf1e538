package web

import (
	"fmt"
	"net/http"
	"time"
)

// Problem is an error that has a page of its own. Rooms return it from a HandlerFunc; any other error is a 500.
type Problem struct {
	Status     int
	Code       string        // short stable identifier for the log: "not-found", "busy"
	Key        string        // the texts are Key.title, Key.why and Key.now (what to do)
	Args       []any         // for all three texts, as for the template function t
	RetryAfter time.Duration // 0: no Retry-After
	Cause      error         // for the log only; holds no personal data
}

// Error is for the log.
func (p *Problem) Error() string {
	if p.Cause != nil {
		return fmt.Sprintf("%s: %v", p.Code, p.Cause)
	}
	return p.Code
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// NotFound: there is nothing at this address, or nothing this visitor may know of.
func NotFound() *Problem {
	return &Problem{Status: http.StatusNotFound, Code: "not-found", Key: "shell.problem.not-found"}
}

// Forbidden: known who asks, and it is refused. An empty key shows the general text.
func Forbidden(key string) *Problem {
	return &Problem{Status: http.StatusForbidden, Code: "forbidden", Key: orGeneral(key, "forbidden")}
}

// Expired: the page was left open too long, or the step is over. An empty key shows the general text.
func Expired(key string) *Problem {
	return &Problem{Status: http.StatusGone, Code: "expired", Key: orGeneral(key, "expired")}
}

// Busy: there is more work than we take at once; nothing was lost, try again in a moment.
func Busy(retryAfter time.Duration) *Problem {
	return &Problem{Status: http.StatusServiceUnavailable, Code: "busy", Key: "shell.problem.busy", RetryAfter: retryAfter}
}

// TooMany: too many attempts; the page says how long to wait.
func TooMany(wait time.Duration) *Problem {
	return &Problem{Status: http.StatusTooManyRequests, Code: "too-many", Key: "shell.problem.too-many",
		Args: []any{"Wait", wait}, RetryAfter: wait}
}

// Refused: a request of another machine or browser that we cannot act on; key has the three texts.
func Refused(key string, args ...any) *Problem {
	return &Problem{Status: http.StatusBadRequest, Code: "refused", Key: orGeneral(key, "form"), Args: args}
}

func methodNotAllowed() *Problem {
	return &Problem{Status: http.StatusMethodNotAllowed, Code: "method", Key: "shell.problem.method"}
}

func crossOrigin(cause error) *Problem {
	return &Problem{Status: http.StatusForbidden, Code: "cross-origin", Key: "shell.problem.origin", Cause: cause}
}

func internal(cause error) *Problem {
	return &Problem{Status: http.StatusInternalServerError, Code: "internal", Key: "shell.problem.internal", Cause: cause}
}

func orGeneral(key, general string) string {
	if key == "" {
		return "shell.problem." + general
	}
	return key
}
