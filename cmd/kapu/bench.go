package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"kapu/internal/app/bench"
)

type benchCommand struct {
	Run   benchRunCommand   `cmd:"" default:"withargs" help:"Measure, with the server held to one core."`
	Serve benchServeCommand `cmd:"" hidden:""`
	Raw   benchRawCommand   `cmd:"" hidden:""`
}

type benchRunCommand struct {
	Database string        `placeholder:"DSN" help:"An empty PostgreSQL database (postgres://…); without it a SQLite file is used."`
	Time     time.Duration `default:"10s" help:"How long each flow is measured."`
	Accounts int           `default:"1000" help:"How many citizens to make first; each signs in once."`
	Workers  int           `default:"16" help:"Visitors at once."`
	Profile  string        `placeholder:"FILE" help:"Write the server's processor profile to this file."`
}

// Run implements the command.
func (c *benchRunCommand) Run(ctx context.Context) error {
	return bench.Run(ctx, bench.Options{Database: c.Database, Time: c.Time, Accounts: c.Accounts, Workers: c.Workers, Profile: c.Profile, Out: os.Stdout})
}

// benchServeCommand is the server's process of a measurement.
type benchServeCommand struct {
	Dir     string `arg:""`
	Profile string
}

// Run implements the command.
func (c *benchServeCommand) Run(ctx context.Context) error { return bench.Serve(ctx, c.Dir, c.Profile) }

// benchRawCommand is the process that only hashes.
type benchRawCommand struct {
	Time time.Duration `arg:""`
}

// Run implements the command.
func (c *benchRawCommand) Run(ctx context.Context) error {
	n, err := bench.Raw(ctx, c.Time)
	if err == nil {
		fmt.Println(n)
	}
	return err
}
