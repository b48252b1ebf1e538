package witness

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	askTimeout = 20 * time.Second
	maxAnswer  = 64 << 10 // bytes
	maxProof   = 63       // hashes: the height of the largest tree there can be
)

// Gateway is the public ledger of a gateway, as anybody can ask it.
type Gateway struct {
	base   string
	client *http.Client
}

// NewGateway returns the ledger of the gateway at that address, https or on this machine.
func NewGateway(address string) (*Gateway, error) {
	u, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "https" && !(u.Scheme == "http" && isLocal(u.Hostname())) {
		return nil, fmt.Errorf("witness: %q is no address of a gateway: write one like https://kapu.example.hu", address)
	}
	client := &http.Client{Timeout: askTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Gateway{u.String(), client}, nil
}

func isLocal(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// errRefused: the gateway answered that it has no such thing.
var errRefused = errors.New("witness: the gateway has no such proof")

// Settled is the head that witnesses are to sign.
func (g *Gateway) Settled(ctx context.Context) (string, error) {
	text, status, err := g.ask(ctx, http.MethodGet, "/ledger/settled", "")
	if err == nil && status == http.StatusNotFound {
		return "", ErrNothing
	}
	return text, answered(err, status)
}

// Newest is the newest head.
func (g *Gateway) Newest(ctx context.Context) (string, error) {
	text, status, err := g.ask(ctx, http.MethodGet, "/ledger/checkpoint", "")
	return text, answered(err, status)
}

// Consistency is the proof that one tree is the beginning of another (RFC 6962, 2.1.2).
func (g *Gateway) Consistency(ctx context.Context, older, newer int64) (tlog.TreeProof, error) {
	q := url.Values{"old": {strconv.FormatInt(older, 10)}, "new": {strconv.FormatInt(newer, 10)}}
	text, status, err := g.ask(ctx, http.MethodGet, "/ledger/consistency?"+q.Encode(), "")
	if err == nil && (status == http.StatusNotFound || status == http.StatusBadRequest) {
		return nil, errRefused
	}
	if err := answered(err, status); err != nil {
		return nil, err
	}
	return parseProof(text)
}

// parseProof reads hashes, a line each; what is none proves nothing.
func parseProof(text string) (proof tlog.TreeProof, err error) {
	for line := range strings.Lines(text) {
		h, err := tlog.ParseHash(strings.TrimSuffix(line, "\n"))
		if err != nil || len(proof) == maxProof {
			return nil, errRefused
		}
		proof = append(proof, h)
	}
	return proof, nil
}

// Hand gives a head that was signed to the gateway.
func (g *Gateway) Hand(ctx context.Context, signed string) error {
	text, status, err := g.ask(ctx, http.MethodPost, "/ledger/cosignatures", signed)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("witness: the gateway did not take the signature (%d): %s; does its configuration name this witness's key?", status, strings.TrimSpace(text))
	}
	return err
}

func (g *Gateway) ask(ctx context.Context, method, path, body string) (text string, status int, err error) {
	r, err := http.NewRequestWithContext(ctx, method, g.base+path, strings.NewReader(body))
	if err != nil {
		return "", 0, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	answer, err := g.client.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		err = errors.New("witness: the answer is too long")
	}
	return string(data), answer.StatusCode, err
}

func answered(err error, status int) error {
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("witness: the gateway answered %d", status)
	}
	return err
}
