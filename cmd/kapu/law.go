package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"kapu/internal/config"
	"kapu/internal/law"
)

type lawCommand struct {
	Config string `type:"existingfile" placeholder:"FILE" help:"Also the rows that this configuration puts before the law's, marked with an asterisk."`
}

// Run implements the command.
func (c *lawCommand) Run() error {
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
	return printLaw(os.Stdout, table)
}

func printLaw(out io.Writer, table law.Table) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RULE\tVALUE\tFROM\tUNTIL\tSOURCE\tMEANING")
	for _, r := range table.Rows() {
		mark := ""
		if slices.Contains(table.Overrides(), r) {
			mark = "*"
		}
		fmt.Fprintf(w, "%s%s\t%s\t%s\t%s\t%s\t%s\n", r.Rule, mark, r.Value, r.From, r.Until, r.Source, law.Meaning(r.Rule))
	}
	return w.Flush()
}
