// Package outbound owns requests to addresses that services name: their keys,
// their request objects, the places where they want to hear of a logout. Such an
// address is a stranger's word, so it must never become a way into our own
// network (server-side request forgery; RFC 9700, 4.15; OpenID Connect Core,
// 16.18).
//
// It refuses everything but https (http on loopback, where private networks are
// allowed), host names that are numbers in disguise, addresses that are not
// public at the very moment of dialling whatever the name said before,
// redirects, answers that are compressed, large or slow, and to be busy with
// more than a few of them at once. It sends no cookie, no credentials, takes no
// proxy from the environment, and does not tell strangers what it saw.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds where the configuration says nothing.
const (
	DefaultTimeout  = 5 * time.Second // of a request from the queue to the last byte
	DefaultMaxBytes = 64 << 10        // of an answer
	DefaultParallel = 32              // requests at once
)

const (
	hostShare       = 4        // one host gets at most this part of the requests at once
	largestHeader   = 16 << 10 // bytes
	longestAddress  = 2 << 10  // bytes
	idleConnections = 16
	idleTime        = 30 * time.Second
)

// The errors. They are wrapped: an error's text says of which host it is.
var (
	ErrAddress  = errors.New("this address may not be called")
	ErrRedirect = errors.New("the answer leads elsewhere, and is not followed")
	ErrTooLarge = errors.New("the answer is too large")
	ErrEncoded  = errors.New("the answer is compressed")
	ErrStatus   = errors.New("the answer is not 200 OK")
	ErrBusy     = errors.New("too many requests at once")
)

// Config is what a client works with. Zero values have the defaults.
type Config struct {
	Private  bool           // loopback and private networks may be called, and http on loopback
	Timeout  time.Duration  // DefaultTimeout
	MaxBytes int64          // DefaultMaxBytes
	Parallel int            // DefaultParallel
	Roots    *x509.CertPool // who vouches for the hosts; nil: the system's
	Now      func() time.Time

	resolver *net.Resolver // of tests; nil: the system's
}

// Client makes guarded requests. It is safe for concurrent use.
type Client struct {
	Config
	secure *http.Client
	plain  *http.Client // http on loopback; nil unless Private
	queue  *queue
}

// New makes a client.
func New(c Config) *Client {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	if c.Parallel == 0 {
		c.Parallel = DefaultParallel
	}
	made := &Client{Config: c, queue: newQueue(c.Parallel)}
	made.secure = made.client(publicOnly)
	if c.Private {
		made.secure, made.plain = made.client(oursToo), made.client(loopbackOnly)
	}
	return made
}

func (c *Client) client(guard guard) *http.Client {
	dialer := &net.Dialer{Timeout: c.Timeout, Control: guard.control, Resolver: c.resolver}
	return &http.Client{
		Timeout:       c.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would resolve names in our place
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots, Time: c.Now},
			TLSHandshakeTimeout:    c.Timeout,
			ResponseHeaderTimeout:  c.Timeout,
			MaxResponseHeaderBytes: largestHeader,
			DisableCompression:     true,
			MaxIdleConns:           idleConnections,
			MaxIdleConnsPerHost:    1,
			IdleConnTimeout:        idleTime,
		},
	}
}

// Get fetches what is at an address; accept is the media type that is wanted.
// Anything but 200 is an error.
func (c *Client) Get(ctx context.Context, address, accept string) ([]byte, error) {
	var body []byte
	_, err := c.do(ctx, http.MethodGet, address, "", func(r *http.Request) { r.Header.Set("Accept", accept) }, func(answer *http.Response) (err error) {
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("%w, but %d", ErrStatus, answer.StatusCode)
		}
		body, err = c.read(answer)
		return err
	})
	return body, err
}

// Post sends a form and returns the status of the answer, which is not read. A
// redirect is an error.
func (c *Client) Post(ctx context.Context, address string, form url.Values) (status int, err error) {
	return c.do(ctx, http.MethodPost, address, form.Encode(), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}, func(*http.Response) error { return nil })
}

// Sent is what one machine says to another.
type Sent struct {
	Type   string // media type of the body
	Action string // SOAPAction (SOAP 1.1, 6.1.1); "" for none
	Body   []byte
}

// Exchange sends something and returns what is answered. Anything but 200 is an error.
func (c *Client) Exchange(ctx context.Context, address string, s Sent) (body []byte, err error) {
	_, err = c.do(ctx, http.MethodPost, address, string(s.Body), func(r *http.Request) {
		r.Header.Set("Content-Type", s.Type)
		if s.Action != "" {
			r.Header.Set("SOAPAction", `"`+s.Action+`"`)
		}
	}, func(answer *http.Response) (err error) {
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("%w, but %d", ErrStatus, answer.StatusCode)
		}
		body, err = c.read(answer)
		return err
	})
	return body, err
}

// do waits for its turn, makes the request and lets the answer be read.
func (c *Client) do(ctx context.Context, method, address, body string, prepare func(*http.Request), read func(*http.Response) error) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil || Check(address, c.Private) != nil {
		return 0, fmt.Errorf("outbound: %w", ErrAddress)
	}
	defer func() { err = named(r.URL.Host, err) }()
	if err := c.queue.enter(ctx, r.URL.Host); err != nil {
		return 0, err
	}
	defer c.queue.leave(r.URL.Host)
	r.Header.Set("User-Agent", "kapu")
	prepare(r)
	client := c.secure
	if r.URL.Scheme == "http" {
		client = c.plain
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 == 3 {
		return answer.StatusCode, ErrRedirect
	}
	return answer.StatusCode, read(answer)
}

// read reads an answer as it is, to the bound and not a byte further.
func (c *Client) read(answer *http.Response) ([]byte, error) {
	if e := answer.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, ErrEncoded
	}
	if answer.ContentLength > c.MaxBytes {
		return nil, ErrTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.MaxBytes+1))
	if err == nil && int64(len(body)) > c.MaxBytes {
		return nil, ErrTooLarge
	}
	return body, err
}

// named says of which host an error is. Paths and queries may hold more than a
// log should, so they are left out.
func named(host string, err error) error {
	if err == nil {
		return nil
	}
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return fmt.Errorf("outbound: %s: %w", host, err)
}
