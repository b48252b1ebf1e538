// Command kapu is the citizen identity gateway: demo, serve, and what an
// operator needs around them. It holds flags and wiring only.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Demo    demoCommand     `cmd:"" help:"Try everything on this machine: gateway, desk, register, inbox, four services."`
	Serve   serveCommand    `cmd:"" help:"Run the gateway in earnest."`
	Migrate migrateCommand  `cmd:"" help:"Bring the database's tables up to date and stop."`
	Admin   adminCommand    `cmd:"" help:"What an operator does: keys, offices, clerks, ledger."`
	Law     lawCommand      `cmd:"" help:"The rules of law that the program goes by: print them, explain an account's dates, rehearse a change."`
	Verify  verifyCommands  `cmd:"" help:"Check what the gateway gave out, without the gateway."`
	Witness witnessCommands `cmd:"" help:"Watch a gateway's ledger from outside and sign what was seen."`
	Bench   benchCommand    `cmd:"" help:"Measure sign-ins and single sign-on against a server of its own."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) == 1 {
		os.Args = append(os.Args, "--help")
	}
	var c cli
	k := kong.Parse(&c,
		kong.Name("kapu"),
		kong.Description("Citizen identity gateway: people prove who they are once and reach every public service."),
		kong.ShortUsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	k.FatalIfErrorf(k.Run())
}
