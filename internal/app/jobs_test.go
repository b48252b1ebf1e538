package app_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/app"
	"kapu/internal/simulator/population"
)

// gateway is a gateway in earnest that works until the test ends.
func gateway(t *testing.T) *app.App {
	t.Helper()
	_, c := earnest(t)
	parts, err := app.Earnest(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	parts.Population = population.New(population.Options{Now: parts.Now})
	a, err := app.New(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); a.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended; a.Close() })
	return a
}

func TestEveryJobKeepsTheBook(t *testing.T) {
	a := gateway(t)
	var late []string
	for deadline := time.After(time.Minute); ; {
		states, err := a.Jobs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		late = nil
		for _, s := range states {
			if s.Ended.IsZero() {
				late = append(late, s.Name+" "+s.Fault)
			}
			if !s.Began.IsZero() && !s.Next.After(s.Began) {
				t.Errorf("%s: next at %s", s.Name, s.Next)
			}
		}
		if len(late) == 0 {
			break
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			t.Fatalf("have not run: %v", late)
		}
	}
	text := scrape(t, a)
	for _, name := range []string{"life", "acts", "names", "ledger"} {
		for _, metric := range []string{"kapu_job_last_success_timestamp_seconds", "kapu_job_duration_seconds", "kapu_job_done_total", "kapu_job_failing"} {
			if !strings.Contains(text, metric+`{job="`+name+`"} `) {
				t.Errorf("no %s of %s", metric, name)
			}
		}
	}
}

// scrape reads the metrics as an operator's program does.
func scrape(t *testing.T, a *app.App) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	go a.ServeMetrics(t.Context(), address)
	for deadline := time.After(time.Minute); ; {
		if answer, err := http.Get("http://" + address + "/metrics"); err == nil {
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			t.Fatal("no metrics")
		}
	}
}
