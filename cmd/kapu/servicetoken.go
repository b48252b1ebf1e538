package main

import (
	"context"
	"fmt"
	"time"

	"kapu/internal/app"
)

type serviceTokenCommand struct {
	where
	Uses int           `default:"1" help:"How many services may register with it."`
	For  time.Duration `default:"24h" help:"How long it counts."`
}

// Run implements the command.
func (c *serviceTokenCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		token, err := a.MakeServiceToken(ctx, c.Uses, c.For)
		if err != nil {
			return err
		}
		fmt.Printf("initial_access_token  %s\nregistration_endpoint  %s/oidc/register\n\n", token, a.Issuer)
		fmt.Printf("The token is shown this once. Services that register with it (%d, within %s) learn a pseudonym of each person and nothing else.\n", c.Uses, c.For)
		return nil
	})
}
