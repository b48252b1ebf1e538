package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"kapu/internal/ledger"
	"kapu/internal/witness"
)

type verifyCommands struct {
	Receipt verifyReceiptCommand `cmd:"" help:"Check a receipt without the gateway: that its entry stands in the ledger that was signed. Ends with 0 genuine, 1 not genuine or unreadable, 2 the ledger was rewritten since, 3 it fits but nobody vouches for it."`
}

// The statuses with which checking a receipt ends.
const (
	statusForged    = 1
	statusRewritten = 2
	statusUnvouched = 3
)

type verifyReceiptCommand struct {
	File       string   `arg:"" help:"The receipt, as it was downloaded; - for standard input."`
	Key        []string `placeholder:"KEY" sep:"none" help:"Public key of the ledger; may be repeated. The gateway shows its own at /ledger/key: best is one kept from earlier."`
	WitnessKey []string `placeholder:"KEY" sep:"none" help:"Public key of a witness; may be repeated."`
	Witnesses  int      `placeholder:"N" help:"How many of those witnesses must have signed."`
	Gateway    string   `placeholder:"URL" help:"Also ask this gateway for proof that its ledger still contains what the receipt's head covers."`
}

// maxFile bounds what is read, in bytes: far above a receipt.
const maxFile = 1 << 20

// Run implements the command.
func (c *verifyReceiptCommand) Run(ctx context.Context) error {
	data, err := c.read()
	if err != nil {
		return err
	}
	p, err := ledger.Trust{Keys: c.Key, Witnesses: c.WitnessKey, Need: c.Witnesses}.Verify(data)
	var doubt ledger.Doubt
	if err != nil && !errors.As(err, &doubt) {
		return err
	}
	if p.ID != "" {
		tellReceipt(os.Stdout, p)
	}
	switch {
	case doubt == ledger.Unvouched:
		return exit{statusUnvouched, errors.New("NOT PROVEN: " + doubt.Words() + "; name one with --key")}
	case doubt == ledger.Unwitnessed:
		return exit{statusUnvouched, fmt.Errorf("NOT PROVEN: %s: %d of %d", doubt.Words(), len(p.Witnesses), c.Witnesses)}
	case doubt != "":
		return exit{statusForged, errors.New("NOT GENUINE: " + doubt.Words())}
	}
	fmt.Println("GENUINE: the entry stands in the ledger as it was signed.")
	return c.follow(ctx, p)
}

func (c *verifyReceiptCommand) read() ([]byte, error) {
	if c.File == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, maxFile))
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// follow asks the gateway whether its ledger still contains the receipt's tree.
func (c *verifyReceiptCommand) follow(ctx context.Context, p ledger.Proven) error {
	if c.Gateway == "" {
		return nil
	}
	gateway, err := witness.NewGateway(c.Gateway)
	if err != nil {
		return err
	}
	now, err := witness.Contains(ctx, gateway, p.Head, c.Key...)
	if errors.Is(err, witness.ErrFork) {
		return exit{statusRewritten, errors.New("REWRITTEN: the ledger that the gateway shows now does not contain what this receipt proves")}
	}
	if err != nil {
		return err
	}
	fmt.Printf("The ledger still contains it; it has %d entries now.\n", now.Size)
	return nil
}

func tellReceipt(out io.Writer, p ledger.Proven) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(out, "%-10s %s\n", name, value)
		}
	}
	line("ledger", p.Origin)
	line("kind", p.Kind)
	line("at", p.At.Format(time.RFC3339))
	line("entry", p.ID)
	line("person", p.Person)
	line("says", strings.TrimPrefix(fmt.Sprintf("%+v", p.Event), "<nil>"))
	line("place", fmt.Sprintf("%d of %d, signed %s", p.Position+1, p.Size, p.Signed.Format(time.RFC3339)))
	for _, w := range p.Witnesses {
		line("witness", w.Name+", "+w.At.Format(time.RFC3339))
	}
}
