package main

import (
	"context"
	"errors"
	"fmt"

	"kapu/internal/app"
	"kapu/internal/catalogue"
)

type serviceCheckCommand struct {
	where
	ID   string `arg:"" optional:"" help:"Id of the service; all of them without one."`
	File string `type:"existingfile" placeholder:"FILE" help:"Check a registration that is still in a file."`
	Live bool   `help:"Also fetch what we shall fetch from it: its public keys."`
}

var errFaulty = errors.New("people would be turned away")

// Run implements the command.
func (c *serviceCheckCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		list := a.Catalogue.All()
		switch {
		case c.File != "":
			s, err := readService(c.File)
			if err != nil {
				return err
			}
			if err := a.CheckService(ctx, s); err != nil {
				return err
			}
			list = []*catalogue.Service{s}
		case c.ID != "":
			s := a.Catalogue.Service(c.ID)
			if s == nil {
				return fmt.Errorf("there is no service %q", c.ID)
			}
			list = []*catalogue.Service{s}
		}
		var err error
		for _, s := range list {
			err = errors.Join(err, advise(s, a.LintService(ctx, s, c.Live)))
		}
		return err
	})
}

// advise prints what there is to say of a registration; it errs where people would be turned away.
func advise(s *catalogue.Service, found []catalogue.Advice) (err error) {
	if len(found) == 0 {
		fmt.Printf("%s: nothing to better.\n", s.ID)
	}
	for _, f := range found {
		fmt.Printf("%s: %s\n", s.ID, f)
		if f.Blocking {
			err = errFaulty
		}
	}
	return err
}
