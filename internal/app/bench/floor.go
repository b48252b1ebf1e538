package bench

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"

	"kapu/internal/app"
	"kapu/internal/keys"
)

// signing makes one signature under an algorithm at each call.
func signing(alg string) (func() error, error) {
	private, err := keys.GeneratePrivate(alg)
	if err != nil {
		return nil, err
	}
	_, signer, err := keys.ParsePrivate(private)
	digest := sha256.Sum256([]byte("bench"))
	return func() error { _, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256); return err }, err
}

// bareAnswer is as long as what an endpoint for machines says.
var bareAnswer = append(make([]byte, 0, bareBytes), fmt.Sprintf("%*s", bareBytes, "bare")...)

const bareBytes = 300

// Bare serves a handler that does nothing but answer, with the gateway's limits:
// what it takes, no handler can do without.
func Bare(ctx context.Context, address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bareAnswer) })
	return app.Serve(untilOrphaned(ctx), app.NewServer(h, nil, quiet), l)
}

// printSignatures says how often the server's core can sign at all.
func printSignatures(o Options) error {
	for _, alg := range []string{keys.ES256, keys.RS256} {
		r, err := rawWork(slice, alg)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "%-22s %6.0f/s per core\n", "raw signatures, "+alg, 1/r.each().Seconds())
	}
	return nil
}

// floor is a server that only answers, beside the one that is measured. It rests
// while it is not asked.
type floor struct {
	server  *process
	callers []*caller
}

// layFloor starts it at a free address.
func layFloor(ctx context.Context, workers int) (*floor, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	server, err := child("bench", "bare", address)
	if err != nil {
		return nil, err
	}
	if err := onCore(serverCore, server.cmd.Start); err != nil {
		return nil, err
	}
	if _, err := ready(ctx, "http://"+address); err != nil {
		return nil, err
	}
	f := &floor{server: server}
	for range workers {
		l, err := dial(ctx, address)
		if err != nil {
			return nil, err
		}
		c := &caller{line: l}
		f.callers = append(f.callers, c)
		if err := c.bare(); err != nil { // a connection on which nothing is asked is soon given up
			return nil, err
		}
	}
	return f, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
