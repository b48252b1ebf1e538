package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"kapu/internal/app"
	"kapu/internal/config"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/statute"
)

//go:generate go test -run TestTheLawsPageIsCurrent -update .

type lawCommand struct {
	Show     lawShowCommand     `cmd:"" default:"withargs" help:"Print the rules, row by row, with days and sources."`
	Explain  lawExplainCommand  `cmd:"" help:"Say which rules give an account's dates. Its owner reads in their history that you looked."`
	Rehearse lawRehearseCommand `cmd:"" help:"Count the accounts that a change of rules would bear on, without touching them."`
}

type lawShowCommand struct {
	Config   string `type:"existingfile" placeholder:"FILE" help:"Also the rows that this configuration puts before the law's, marked with an asterisk."`
	At       string `placeholder:"DAY" help:"Only what is in force on that day, like 2008-05-01."`
	JSON     bool   `xor:"form" help:"As JSON, for programs."`
	Markdown bool   `xor:"form" help:"The page docs/law.md."`
}

// Run implements the command.
func (c *lawShowCommand) Run() error {
	table := law.Default()
	if c.Config != "" {
		cfg, err := config.Load(c.Config)
		if err != nil {
			return err
		}
		if table, err = cfg.Table(); err != nil {
			return err
		}
	}
	lines := statute.All(table)
	if c.At != "" {
		day, err := dayOf(c.At)
		if err != nil {
			return err
		}
		lines = statute.On(table, day)
	}
	switch {
	case c.JSON:
		return statute.JSON(os.Stdout, lines)
	case c.Markdown:
		return statute.Markdown(os.Stdout, lines)
	}
	return statute.Text(os.Stdout, lines)
}

// dayOf is the first moment of a day in Budapest.
func dayOf(text string) (time.Time, error) {
	day, err := identity.ParseDate(text)
	if err != nil {
		return time.Time{}, errors.New("--at: write a day like 2008-05-01")
	}
	return day.In(law.Budapest), nil
}

type lawExplainCommand struct {
	where
	Account string `required:"" placeholder:"NAME" help:"Username of the account, exactly."`
}

// Run implements the command.
func (c *lawExplainCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		life, err := a.Life(ctx, c.Account, "kapu law explain")
		if err != nil {
			return err
		}
		fmt.Printf("The account is %s. Times are those of Budapest.\n\n", life.Account.State)
		return statute.Words(os.Stdout, statute.Explain(a.Law, life, a.Now()), a.Law.Overrides())
	})
}

type lawRehearseCommand struct {
	where
	At    string   `required:"" placeholder:"DAY" help:"The day whose rules are compared with today's, like 2027-01-01."`
	Law   string   `type:"existingfile" placeholder:"FILE" help:"Rules to try: a YAML file with a law list, as a configuration has one."`
	Rule  []string `sep:"none" placeholder:"RULE" help:"A rule to try from that day on, with --value; may be repeated."`
	Value []string `sep:"none" placeholder:"VALUE" help:"Its value, as kapu law prints values."`
}

// Run implements the command.
func (c *lawRehearseCommand) Run(ctx context.Context) error {
	on, err := dayOf(c.At)
	if err != nil {
		return err
	}
	rows, err := c.rows(law.Day(on))
	if err != nil {
		return err
	}
	return c.open(ctx, func(a *app.App) error {
		after, err := a.Law.With(rows...)
		if err != nil {
			return err
		}
		effects, err := a.Rehearse(ctx, on, after)
		if err != nil {
			return err
		}
		if len(effects) == 0 {
			fmt.Printf("On %s the rules say what they say today. No account is touched.\n", law.Day(on))
			return nil
		}
		return statute.Table(os.Stdout, effects)
	})
}

// rows are the rules to try, those of the command line last and so first in rank.
func (c *lawRehearseCommand) rows(from identity.Date) (rows []law.Row, err error) {
	if len(c.Rule) != len(c.Value) {
		return nil, errors.New("each --rule needs its --value")
	}
	if c.Law != "" {
		if rows, err = config.LoadLaw(c.Law); err != nil {
			return nil, err
		}
	}
	for i, rule := range c.Rule {
		rows = append(rows, law.Row{Rule: law.Rule(rule), Value: c.Value[i], From: from, Source: "tried on the command line"})
	}
	return rows, nil
}
