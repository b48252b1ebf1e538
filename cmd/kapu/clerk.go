package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"kapu/internal/app"
	"kapu/internal/registration"
)

type inviteCommand struct {
	where
	Office   string `required:"" help:"Id of the office where the clerk will sit."`
	Username string `required:"" help:"Username of the clerk's account: letters only."`
	Email    string `required:"" help:"Address for the activation code."`
	Stated   string `arg:"" type:"existingfile" help:"JSON file with what a desk would type: current_name, birth_name, mother_birth_name, birth_place, birth_date, nationality, address, document."`
}

// Run implements the command.
func (c *inviteCommand) Run(ctx context.Context) error {
	text, err := os.ReadFile(c.Stated)
	if err != nil {
		return err
	}
	var stated registration.Stated
	if err := json.Unmarshal(text, &stated); err != nil {
		return fmt.Errorf("%s: %w", c.Stated, err)
	}
	return c.open(ctx, func(a *app.App) error {
		if err := a.InviteClerk(ctx, c.Office, stated, c.Username, c.Email); err != nil {
			return err
		}
		fmt.Println("Registered. The activation code is on its way as soon as the gateway runs.")
		return nil
	})
}

type appointCommand struct {
	where
	Office   string `required:"" help:"Id of the office."`
	Username string `arg:"" help:"Username of the account."`
}

// Run implements the command.
func (c *appointCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error { return a.AppointClerk(ctx, c.Username, c.Office) })
}

type dismissCommand struct {
	where
	Username string `arg:"" help:"Username of the account."`
}

// Run implements the command.
func (c *dismissCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error { return a.DismissClerk(ctx, c.Username) })
}

type secretCommand struct {
	where
}

// Run implements the command.
func (c *secretCommand) Run(ctx context.Context) error {
	parts, err := c.parts()
	if err != nil {
		return err
	}
	secret, digest := app.NewClientSecret(parts.Ring)
	fmt.Printf("client secret, for the service:  %s\nsecret_digest, for the catalogue: %s\n", secret, digest)
	return nil
}
