package main

import (
	"context"
	"fmt"

	"kapu/internal/app"
	"kapu/internal/identity"
)

type adminCommand struct {
	Keys   keysCommands `cmd:"" help:"The key file and the signing keys."`
	Office struct {
		Add officeCommand `cmd:"" help:"Add an office, or change it."`
	} `cmd:"" help:"Offices."`
	Clerk struct {
		Invite  inviteCommand  `cmd:"" help:"Register a clerk who has no account yet, against the population register."`
		Appoint appointCommand `cmd:"" help:"Let the owner of an account act at an office."`
		Dismiss dismissCommand `cmd:"" help:"End a clerk's right to act, and their sessions."`
	} `cmd:"" help:"Clerks."`
	Service serviceCommands `cmd:"" help:"The services that people are identified for."`
	Ledger  ledgerCommands  `cmd:"" help:"The ledger."`
	Jobs    jobsCommand     `cmd:"" help:"When the work that comes round last ran, what it did, when it is next."`
	Secret  secretCommand   `cmd:"" help:"Make a client secret for a service, and the digest for the catalogue."`
}

type migrateCommand struct {
	where
}

// Run implements the command.
func (c *migrateCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(*app.App) error {
		fmt.Println("The tables are up to date.")
		return nil
	})
}

type officeCommand struct {
	where
	ID      string `arg:"" help:"Short name: letters, digits, hyphens."`
	Kind    string `required:"" enum:"kormanyablak,okmanyiroda,nav,kulkepviselet,onkormanyzat" help:"One of ${enum}."`
	Name    string `required:"" help:"As people know it."`
	Address string `required:"" help:"Where it is."`
}

// Run implements the command.
func (c *officeCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		return a.PutOffice(ctx, identity.Office{ID: c.ID, Kind: identity.OfficeKind(c.Kind), Name: c.Name, Address: c.Address})
	})
}
