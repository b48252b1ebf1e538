package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"kapu/internal/app/bench"
)

type benchCommand struct {
	Run       benchRunCommand       `cmd:"" default:"withargs" help:"Measure, with the server held to one core."`
	OIDC      benchOIDCCommand      `cmd:"" name:"oidc" help:"Measure what services ask: single sign-on, tokens, introspection, keys. Server and database are held to one core."`
	SAML      benchSAMLCommand      `cmd:"" name:"saml" help:"Measure single sign-on by SAML and reading what services send. Server and database are held to one core."`
	Lifecycle benchLifecycleCommand `cmd:"" help:"Measure the nightly work on very many accounts while people sign in, with the whole machine."`
	Calls     benchCallsCommand     `cmd:"" help:"Measure the telephone line, held to one core, with many calls at once."`
	Line      benchLineCommand      `cmd:"" hidden:""`
	Attack    benchAttackCommand    `cmd:"" help:"Attack a server: guess at one account from many addresses, then try many accounts once each, while owners sign in."`
	Serve     benchServeCommand     `cmd:"" hidden:""`
	Raw       benchRawCommand       `cmd:"" hidden:""`
	Bare      benchBareCommand      `cmd:"" hidden:""`
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

type benchOIDCCommand struct {
	Database string        `placeholder:"DSN" help:"An empty PostgreSQL database (postgres://…), best on this machine; without it a SQLite file is used."`
	Time     time.Duration `default:"10s" help:"How long each endpoint is measured."`
	Workers  int           `default:"32" help:"Connections at once."`
	Lasting  int           `default:"100000" help:"Single sign-ons after which memory is looked at again; 0 for none."`
	Only     string        `placeholder:"NAME" help:"Measure only what has this in its name."`
	Profile  string        `placeholder:"FILE" help:"Write the server's processor profile to this file."`
}

// Run implements the command.
func (c *benchOIDCCommand) Run(ctx context.Context) error {
	o := bench.Options{Database: c.Database, Time: c.Time, Workers: c.Workers, Profile: c.Profile, Out: os.Stdout}
	return bench.OIDC(ctx, bench.OIDCOptions{Options: o, Lasting: c.Lasting, Only: c.Only})
}

type benchSAMLCommand struct {
	Database string        `placeholder:"DSN" help:"An empty PostgreSQL database (postgres://…), best on this machine; without it a SQLite file is used."`
	Time     time.Duration `default:"10s" help:"How long each is measured."`
	Workers  int           `default:"32" help:"Connections at once."`
	Only     string        `placeholder:"NAME" help:"Measure only what has this in its name."`
	Profile  string        `placeholder:"FILE" help:"Write the server's processor profile to this file."`
}

// Run implements the command.
func (c *benchSAMLCommand) Run(ctx context.Context) error {
	o := bench.Options{Database: c.Database, Time: c.Time, Workers: c.Workers, Profile: c.Profile, Out: os.Stdout}
	return bench.SAML(ctx, bench.OIDCOptions{Options: o, Only: c.Only})
}

type benchLifecycleCommand struct {
	Database string        `placeholder:"DSN" help:"An empty PostgreSQL database (postgres://…); without it a SQLite file is used. Drop it afterwards."`
	World    string        `placeholder:"DIR" help:"Keep the accounts: the next measurement with this folder builds only those that are due."`
	Accounts int           `default:"5500000" help:"How many accounts to build."`
	Due      int           `default:"55000" help:"How many of them are due tonight: half to end, half to be reminded."`
	Visitors int           `default:"1000" help:"Citizens who sign in, in turn; each can once in 30 seconds."`
	Rate     int           `default:"5" help:"Sign-ins a second."`
	Before   time.Duration `default:"60s" help:"How long sign-ins are measured before the sweep may begin."`
}

// Run implements the command.
func (c *benchLifecycleCommand) Run(ctx context.Context) error {
	return bench.Lifecycle(ctx, bench.LifecycleOptions{Database: c.Database, World: c.World, Accounts: c.Accounts, Due: c.Due,
		Visitors: c.Visitors, Rate: c.Rate, Before: c.Before, Out: os.Stdout})
}

type benchCallsCommand struct {
	Calls   int           `default:"200" help:"Calls at once."`
	Rate    int           `default:"20" help:"New calls a second."`
	Time    time.Duration `default:"20s" help:"How long all calls are held."`
	Profile string        `placeholder:"FILE" help:"Write the line's processor profile to this file."`
}

// Run implements the command.
func (c *benchCallsCommand) Run(ctx context.Context) error {
	return bench.Calls(ctx, bench.CallsOptions{Calls: c.Calls, Rate: c.Rate, Time: c.Time, Profile: c.Profile, Out: os.Stdout})
}

// benchLineCommand is the line's process of a measurement.
type benchLineCommand struct {
	Address string `arg:""`
	Profile string
}

// Run implements the command.
func (c *benchLineCommand) Run(ctx context.Context) error {
	return bench.Line(ctx, c.Address, c.Profile)
}

type benchAttackCommand struct {
	Database  string        `placeholder:"DSN" help:"An empty PostgreSQL database (postgres://…); without it a SQLite file is used."`
	Time      time.Duration `default:"60s" help:"How long each attack lasts."`
	Rate      int           `default:"10000" help:"Guesses a minute."`
	Addresses int           `default:"1000" help:"Addresses that guesses at one account come from, each in a network of its own."`
	Stuffers  int           `default:"100" help:"Addresses from which many accounts are tried."`
}

// Run implements the command.
func (c *benchAttackCommand) Run(ctx context.Context) error {
	return bench.Attack(ctx, bench.AttackOptions{Database: c.Database, Time: c.Time, Rate: c.Rate, Addresses: c.Addresses, Stuffers: c.Stuffers, Out: os.Stdout})
}

// benchServeCommand is the server's process of a measurement.
type benchServeCommand struct {
	Dir     string `arg:""`
	Profile string
}

// Run implements the command.
func (c *benchServeCommand) Run(ctx context.Context) error { return bench.Serve(ctx, c.Dir, c.Profile) }

// benchRawCommand is the process that only hashes, or only signs. It prints how often, and the nanoseconds of the processor.
type benchRawCommand struct {
	Time time.Duration `arg:""`
	What string        `arg:"" enum:"argon2id,ES256,RS256" default:"argon2id"`
}

// Run implements the command.
func (c *benchRawCommand) Run(ctx context.Context) error {
	n, cpu, err := bench.Raw(ctx, c.What, c.Time)
	if err == nil {
		fmt.Println(n, int64(cpu))
	}
	return err
}

// benchBareCommand is the process that only answers.
type benchBareCommand struct {
	Address string `arg:""`
}

// Run implements the command.
func (c *benchBareCommand) Run(ctx context.Context) error { return bench.Bare(ctx, c.Address) }
