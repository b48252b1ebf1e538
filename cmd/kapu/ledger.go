package main

import (
	"context"
	"errors"
	"fmt"

	"kapu/internal/app"
	"kapu/internal/ledger"
)

type ledgerCommands struct {
	Verify verifyCommand `cmd:"" help:"Prove that no entry was altered, removed or cut off."`
}

type verifyCommand struct {
	where
	Seen      []string `type:"existingfile" placeholder:"FILE" help:"Heads that were kept elsewhere, such as the state of a witness; may be repeated."`
	Witnesses int      `placeholder:"N" help:"How many outside witnesses must have signed one head."`
}

var errUnsound = errors.New("the ledger is not as it was written")

// Run implements the command.
func (c *verifyCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		report, err := a.Ledger.Verify(ctx, ledger.Watch{Seen: c.Seen, Need: c.Witnesses, Found: func(f ledger.Finding) { fmt.Println(f) }})
		if err != nil {
			return err
		}
		fmt.Println(report)
		if !report.Sound() {
			return errUnsound
		}
		return nil
	})
}
