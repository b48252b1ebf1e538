package main

import (
	"context"
	"fmt"
	"os"

	"kapu/internal/app"
	"kapu/internal/identity"
	"kapu/internal/keys"
)

type adminCommand struct {
	Keys struct {
		Generate generateCommand `cmd:"" help:"Make a new key file."`
	} `cmd:"" help:"The key file."`
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

type generateCommand struct {
	File string `arg:"" help:"Where to write it; it must not exist."`
}

// Run implements the command.
func (c *generateCommand) Run() error {
	data, err := keys.Generate(false)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	fmt.Println("Keep a copy of this file apart from the database: without it nobody can read the data, with it everybody can.")
	return f.Sync()
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
