package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"kapu/internal/app"
	"kapu/internal/keys"
	"kapu/internal/keys/rotation"
)

type keysCommands struct {
	Generate generateCommand   `cmd:"" help:"Make a new key file."`
	List     keysListCommand   `cmd:"" help:"List the signing keys, and which services have one that waits for them."`
	Rotate   keysRotateCommand `cmd:"" help:"Publish new keys for what services are answered with, to sign a day later."`
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

type keysListCommand struct {
	where
}

// Run implements the command.
func (c *keysListCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error { return listKeys(ctx, a) })
}

type keysRotateCommand struct {
	where
	WhenReady bool          `help:"They sign as soon as every active service was seen to fetch them, instead of a day later."`
	AtLeast   time.Duration `default:"1h" help:"With --when-ready: how long they wait although all have them; an hour is how long copies may be kept."`
	Deadline  time.Duration `default:"168h" help:"With --when-ready: how long they wait for those who do not come."`
}

// Run implements the command.
func (c *keysRotateCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		rotate := a.RotateKeys
		if c.WhenReady {
			rotate = func(ctx context.Context) error {
				return a.RotateKeysWhenReady(ctx, keys.Patience{AtLeast: c.AtLeast, AtMost: c.Deadline})
			}
		}
		if err := rotate(ctx); err != nil {
			return err
		}
		fmt.Print("The new keys are published within a minute. Where one waited already, no other was made.\n\n")
		return listKeys(ctx, a)
	})
}

func listKeys(ctx context.Context, a *app.App) error {
	states, err := a.SigningKeys(ctx)
	if err != nil {
		return err
	}
	return printKeys(os.Stdout, states, a.Now())
}

func printKeys(out io.Writer, states []rotation.State, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tALG\tSTATE\tKEPT IN\tKID")
	for _, s := range states {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Name, s.Alg, stateOf(s.Life, now), keptIn(s.Held), s.KID)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, s := range states {
		if s.Waits() {
			printReadiness(out, s)
		}
	}
	return nil
}

func keptIn(held bool) string {
	if held {
		return "security module"
	}
	return "database"
}

// stateOf is what a key does at the moment, and until when.
func stateOf(l keys.Life, now time.Time) string {
	switch {
	case l.Waits() && now.Before(l.Active):
		return "waits for services, until " + clock(l.Active, "")
	case now.Before(l.Active):
		return "signs from " + clock(l.Active, "")
	case l.Retired.IsZero():
		return "signs since " + clock(l.Active, "")
	case now.Before(l.Retired):
		return "signs until " + clock(l.Retired, "")
	}
	return "is published until " + clock(l.Gone, "the end of days")
}

func printReadiness(out io.Writer, s rotation.State) {
	fmt.Fprintf(out, "\n%s signs when all active services have it: not before %s, and at %s whoever is missing.\n", s.Name, clock(s.Ready, ""), clock(s.Active, ""))
	for _, line := range []struct {
		services []string
		words    string
	}{
		{s.Fetched, "have it"},
		{s.Missing, "are missing"},
		{s.Unseen, "cannot be seen, since they come from people's own devices, and are not waited for"},
	} {
		if len(line.services) > 0 {
			fmt.Fprintf(out, "  %s: %s\n", line.words, strings.Join(line.services, ", "))
		}
	}
}
