package registerhttp

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"sync"
	"time"

	"kapu/internal/register"
)

// Client is a register.Population at the other end of HTTP. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client

	mu      sync.Mutex
	breaker breaker
}

var _ register.Population = (*Client)(nil)

// New is a client; nothing is sent yet. It errs on an address that is not https, other than on loopback for tests.
func New(config Config) (*Client, error) {
	base, err := url.Parse(config.BaseURL)
	if err != nil || base.Host == "" {
		return nil, errors.New("register: the address is not a URL")
	}
	loopback := base.Hostname() == "127.0.0.1" || base.Hostname() == "::1" || base.Hostname() == "localhost"
	if base.Scheme != "https" && (base.Scheme != "http" || !loopback) {
		return nil, errors.New("register: the address is not https")
	}
	config.setDefaults()
	transport := &http.Transport{
		TLSClientConfig:     config.TLS,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: idleConnections,
		IdleConnTimeout:     idleTimeout,
	}
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{
		config:  config,
		http:    &http.Client{Transport: transport, CheckRedirect: noRedirect},
		breaker: newBreaker(config.OpenAfter, config.OpenFor),
	}, nil
}

// Check implements register.Population.
func (c *Client) Check(ctx context.Context, query register.Query) (register.Verdict, error) {
	if query.RequestID == "" {
		query.RequestID = rand.Text()
	}
	var verdict register.Verdict
	if err := c.ask(ctx, checkPath, query.RequestID, query, &verdict); err != nil {
		return register.Verdict{}, err
	}
	if err := verdict.Validate(); err != nil {
		return register.Verdict{}, err
	}
	return verdict, nil
}

// ByReference implements register.Population.
func (c *Client) ByReference(ctx context.Context, reference register.Reference) (register.Record, error) {
	var record register.Record
	if err := c.ask(ctx, lookupPath, rand.Text(), lookup{reference}, &record); err != nil {
		return register.Record{}, err
	}
	if record.Status != register.Alive && record.Status != register.Deceased {
		return register.Record{}, fmt.Errorf("%w: unknown state of person", register.ErrProtocol)
	}
	return record, nil
}

// State is the breaker's state now.
func (c *Client) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.breaker.state
}

// CloseIdle drops the connections kept for later questions.
func (c *Client) CloseIdle() { c.http.CloseIdleConnections() }

// ask puts one question until it is answered, refused, or the attempts are used up.
func (c *Client) ask(ctx context.Context, path, key string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("%w: query cannot be written", register.ErrRefused)
	}
	for attempt := 1; ; attempt++ {
		if !c.admit() {
			return fmt.Errorf("%w: not asked, it kept failing", register.ErrUnavailable)
		}
		wait, err := c.attempt(ctx, path, key, body, answer)
		c.record(ctx, err)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("register: %w", ctx.Err())
		case !errors.Is(err, register.ErrUnavailable) || attempt == c.config.Attempts:
			return err
		}
		if err := c.config.Sleep(ctx, c.pause(attempt, wait)); err != nil {
			return fmt.Errorf("register: %w", err)
		}
	}
}

// pause is a random wait below a bound that doubles with each attempt ("full jitter"), so that clients which failed
// together do not come back together; or longer if the register asked for it.
func (c *Client) pause(attempt int, asked time.Duration) time.Duration {
	bound := float64(c.config.BackOff) * math.Pow(2, float64(attempt-1))
	random := time.Duration(c.config.Rand() * min(bound, float64(c.config.LongestWait)))
	return min(max(random, asked), c.config.LongestWait)
}

func (c *Client) admit() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	next, admitted := c.breaker.admit(c.config.Now())
	c.breaker = next
	return admitted
}

// record tells the breaker how an attempt ended. Any answer at all, even a refusal, shows that the register is there.
func (c *Client) record(ctx context.Context, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		c.breaker = c.breaker.abandoned()
	case errors.Is(err, register.ErrUnavailable), errors.Is(err, register.ErrProtocol):
		c.breaker = c.breaker.failed(c.config.Now())
	default:
		c.breaker = c.breaker.succeeded()
	}
}

// attempt sends the question once. The wait is what the register asked for, zero when it did not.
func (c *Client) attempt(ctx context.Context, path, key string, body []byte, answer any) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("%w: request cannot be made", register.ErrRefused)
	}
	request.Header.Set("Content-Type", jsonType)
	request.Header.Set("Accept", jsonType+", "+problemType)
	request.Header.Set(idempotencyKey, key)
	response, err := c.http.Do(request)
	if err != nil {
		return 0, fmt.Errorf("%w: no answer: %v", register.ErrUnavailable, cause(err))
	}
	defer response.Body.Close()
	return readAnswer(ctx, response, path, answer)
}

// cause is what went wrong below HTTP, without the address: a refused connection, a certificate, the time limit. It is
// told in words only, so that the limit of one attempt is not taken for the caller's own.
func cause(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
