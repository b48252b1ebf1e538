package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"os"
	"strings"
	"time"

	"kapu/internal/app"
	"kapu/internal/ledger/cosign"
	"kapu/internal/witness"
)

type witnessCommands struct {
	Key   witnessKeyCommand   `cmd:"" help:"Make the keys of a witness: the private one into a file, the public one for the gateway's configuration."`
	Watch witnessWatchCommand `cmd:"" help:"Watch a gateway's ledger and sign that it only grows. Run it on a machine of somebody else."`
}

type witnessKeyCommand struct {
	Name string `required:"" placeholder:"NAME" help:"Of the witness: an address without scheme, like witness.example/w1."`
	Out  string `required:"" placeholder:"FILE" help:"Where the private key goes; the file must not exist yet."`
}

// Run implements the command.
func (c *witnessKeyCommand) Run() error {
	private, public, err := cosign.NewKey(c.Name)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(private + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	fmt.Println(public)
	return nil
}

type witnessWatchCommand struct {
	Gateway   string        `required:"" placeholder:"URL" help:"Address of the gateway, like https://kapu.example.hu."`
	LedgerKey []string      `required:"" placeholder:"KEY" sep:"none" help:"Public key of the ledger; may be repeated. The gateway shows its own at /ledger/key: have it confirmed by another way."`
	Key       string        `required:"" type:"existingfile" placeholder:"FILE" help:"The witness's private key, made by kapu witness key."`
	State     string        `required:"" placeholder:"FILE" help:"What was signed last. Never delete it, never bring back an old one."`
	Every     time.Duration `default:"1m" help:"How often to look (default: ${default})."`
	Once      bool          `help:"Look once and end: 0 signed or nothing new, 1 not reached or not understood, 2 the ledger was rewritten."`
	Listen    string        `placeholder:"HOST:PORT" help:"Also show what was signed last, at /checkpoint and /key."`
}

// Run implements the command.
func (c *witnessWatchCommand) Run(ctx context.Context) error {
	w, err := c.open()
	if err != nil {
		return err
	}
	defer w.Close()
	if c.Once {
		seen, err := w.Look(ctx)
		if errors.Is(err, witness.ErrFork) {
			return exit{2, err}
		}
		if err == nil {
			fmt.Printf("The ledger only grew. Signed: %d entries.\n", seen.Size)
		}
		return err
	}
	if c.Listen == "" {
		w.Run(ctx, c.Every)
		return nil
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	go w.Run(ctx, c.Every)
	return app.Serve(ctx, app.NewServer(w, nil, w.Log), l)
}

func (c *witnessWatchCommand) open() (*witness.Witness, error) {
	private, err := os.ReadFile(c.Key)
	if err != nil {
		return nil, err
	}
	signer, err := cosign.NewSigner(strings.TrimSpace(string(private)), time.Now)
	if err != nil {
		return nil, err
	}
	gateway, err := witness.NewGateway(c.Gateway)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	return witness.Open(witness.Config{Gateway: gateway, Keys: c.LedgerKey, Signer: signer, State: c.State, Log: log})
}

// exit is an error with a status of its own.
type exit struct {
	status int
	error
}

// ExitCode implements kong.ExitCoder.
func (e exit) ExitCode() int { return e.status }

func (e exit) Unwrap() error { return e.error }
