package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kapu/internal/app"
)

type serviceSandboxCommand struct {
	where
	ID string `arg:"" help:"Id of the service; its registration must say sandbox: true."`
}

// Run implements the command.
func (c *serviceSandboxCommand) Run(ctx context.Context) error {
	if strings.HasPrefix(c.ID, app.DemoPrefix) {
		return errors.New("the sandboxes of the demo's own services open from its first page, without a code")
	}
	return c.open(ctx, func(a *app.App) error {
		address, code, err := a.InviteToSandbox(ctx, c.ID)
		if err != nil {
			return err
		}
		fmt.Printf("address     %s\nentry code  %s\n\n", address, grouped(code))
		fmt.Println("The code is shown this once and counts once, for 15 minutes. The page asks for it: no address holds it.")
		return nil
	})
}

// grouped sets a code in fours.
func grouped(code string) (text string) {
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			text += "-"
		}
		text += string(r)
	}
	return text
}
