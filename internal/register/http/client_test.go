package registerhttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/identity"
	"kapu/internal/register"
	registerhttp "kapu/internal/register/http"
)

// clock stands still but for what the client sleeps, and notes the pauses.
type clock struct {
	now    time.Time
	pauses []time.Duration
}

func (c *clock) sleep(ctx context.Context, wait time.Duration) error {
	c.pauses = append(c.pauses, wait)
	c.now = c.now.Add(wait)
	return ctx.Err()
}

// ask starts a server that answers by the handler, and a client of it.
func ask(t *testing.T, handler http.HandlerFunc, adjust ...func(*registerhttp.Config)) (*registerhttp.Client, *clock) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	clock := &clock{now: time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)}
	config := registerhttp.Config{
		BaseURL: server.URL, BackOff: 100 * time.Millisecond, LongestWait: time.Second,
		Now: func() time.Time { return clock.now }, Sleep: clock.sleep, Rand: func() float64 { return 0.5 },
	}
	for _, change := range adjust {
		change(&config)
	}
	client, err := registerhttp.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdle)
	return client, clock
}

func says(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const secret = "Titkosné"

var query = register.Query{CurrentName: identity.Name{Family: secret, Given: "Anna"}}

func TestAnswersThatAreNotVerdicts(t *testing.T) {
	huge := `{"trace":"` + strings.Repeat("x", 70_000) + `"}`
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    error
	}{
		{"our certificate is not welcome", says(403, "application/problem+json", `{}`), register.ErrRefused},
		{"our query is not welcome", says(422, "application/problem+json", `{}`), register.ErrRefused},
		{"nothing there", says(404, "text/html", `<p>`), register.ErrProtocol},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, register.ErrProtocol},
		{"not JSON", says(200, "text/html", `{}`), register.ErrProtocol},
		{"broken JSON", says(200, "application/json", `{"trace":`), register.ErrProtocol},
		{"no body", says(200, "application/json", ``), register.ErrProtocol},
		{"two values", says(200, "application/json", `{}{}`), register.ErrProtocol},
		{"an empty verdict", says(200, "application/json", `{}`), register.ErrProtocol},
		{"a verdict without findings", says(200, "application/json",
			`{"trace":"1","person":"alive","document":"valid","findings":[]}`), register.ErrProtocol},
		{"more than can be meant", says(200, "application/json", huge), register.ErrProtocol},
		{"always down", says(503, "application/problem+json", `{}`), register.ErrUnavailable},
	} {
		client, _ := ask(t, c.handler)
		verdict, err := client.Check(t.Context(), query)
		if !errors.Is(err, c.want) || verdict.Confirmed() {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error tells personal data", c.name)
		}
	}
}

func TestAQuestionIsRepeatedUntilItIsAnswered(t *testing.T) {
	var keys []string
	client, clock := ask(t, func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) < 3 {
			says(503, "application/problem+json", `{}`)(w, r)
			return
		}
		says(403, "application/problem+json", `{}`)(w, r)
	})
	asked := query
	asked.RequestID = "case-17"
	if _, err := client.Check(t.Context(), asked); !errors.Is(err, register.ErrRefused) {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"case-17", "case-17", "case-17"}, keys); diff != "" {
		t.Error("request ids:", diff)
	}
	if diff := cmp.Diff([]time.Duration{50 * time.Millisecond, 100 * time.Millisecond}, clock.pauses); diff != "" {
		t.Error("pauses:", diff)
	}
}

func TestARefusalIsNotRepeated(t *testing.T) {
	var count atomic.Int32
	client, _ := ask(t, func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		says(400, "application/problem+json", `{}`)(w, r)
	})
	_, _ = client.Check(t.Context(), query)
	if count.Load() != 1 {
		t.Errorf("asked %d times", count.Load())
	}
}

func TestTheRegisterCanAskForPatienceUpToALimit(t *testing.T) {
	client, clock := ask(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(429)
	}, func(c *registerhttp.Config) { c.Attempts = 2 })
	_, _ = client.Check(t.Context(), query)
	if diff := cmp.Diff([]time.Duration{time.Second}, clock.pauses); diff != "" {
		t.Error(diff)
	}
}

func TestARegisterThatKeepsFailingIsLeftAlone(t *testing.T) {
	var count atomic.Int32
	var healthy atomic.Bool
	client, clock := ask(t, func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		if healthy.Load() {
			says(404, "application/problem+json", `{}`)(w, r)
			return
		}
		w.WriteHeader(503)
	}, func(c *registerhttp.Config) { c.OpenAfter, c.OpenFor = 4, time.Minute })
	for range 10 {
		if _, err := client.Check(t.Context(), query); !errors.Is(err, register.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	if count.Load() != 4 || client.State() != registerhttp.Open {
		t.Errorf("asked %d times, breaker %s", count.Load(), client.State())
	}
	clock.now = clock.now.Add(time.Minute)
	healthy.Store(true)
	if _, err := client.ByReference(t.Context(), "r"); !errors.Is(err, register.ErrUnknown) || client.State() != registerhttp.Closed {
		t.Errorf("after the rest: %v, breaker %s", err, client.State())
	}
}

func TestASlowRegisterIsUnavailable(t *testing.T) {
	client, _ := ask(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}, func(c *registerhttp.Config) { c.Timeout, c.Attempts = 20*time.Millisecond, 1 })
	_, err := client.Check(t.Context(), query)
	if !errors.Is(err, register.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v: the limit of one attempt must not pass for the caller's", err)
	}
}

func TestACallerWhoGivesUpIsToldSoAndTheBreakerIsNot(t *testing.T) {
	client, _ := ask(t, says(503, "", ""), func(c *registerhttp.Config) { c.OpenAfter = 1 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Check(ctx, query); !errors.Is(err, context.Canceled) || client.State() != registerhttp.Closed {
		t.Errorf("%v, breaker %s", err, client.State())
	}
}

func TestAddressesThatAreNotSafeAreRefused(t *testing.T) {
	for _, address := range []string{"", "register", "http://register.example.hu", "ftp://localhost", "https://"} {
		if _, err := registerhttp.New(registerhttp.Config{BaseURL: address}); err == nil {
			t.Errorf("accepted %q", address)
		}
	}
}
