package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"kapu/internal/app"
	"kapu/internal/law"
)

type jobsCommand struct {
	where
}

// Run implements the command.
func (c *jobsCommand) Run(ctx context.Context) error {
	return c.open(ctx, func(a *app.App) error {
		states, err := a.Jobs(ctx)
		if err != nil {
			return err
		}
		return printJobs(os.Stdout, states, a.Now())
	})
}

func printJobs(out io.Writer, states []app.JobState, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "JOB\tLAST RAN\tTOOK\tDONE\tIN ALL\tNEXT\tFAULT")
	for _, s := range states {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%s\n", s.Name, clock(s.Began, "never"), took(s, now), s.Done, s.Total, clock(s.Next, "at the next start"), s.Fault)
	}
	return w.Flush()
}

// took is how long the last run took; "running" while a process has the job.
func took(s app.JobState, now time.Time) string {
	if now.Before(s.Lease) {
		return "running"
	}
	if took, known := s.Took(); known {
		return took.Round(time.Millisecond).String()
	}
	return "–"
}

func clock(at time.Time, none string) string {
	if at.IsZero() {
		return none
	}
	return at.In(law.Budapest).Format("2006-01-02 15:04:05")
}
