package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"

	"kapu/internal/app"
	"kapu/internal/config"
)

type serveCommand struct {
	Config string `required:"" type:"existingfile" placeholder:"FILE" help:"The configuration file."`
}

// Run implements the command.
func (c *serveCommand) Run(ctx context.Context) error {
	cfg, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	parts, err := app.Earnest(cfg, log)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, parts)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.RefuseDemo(ctx); err != nil {
		return err
	}
	certificates, err := app.Certificates(cfg)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return err
	}
	log.Info(fmt.Sprintf("kapu answers at %s", cfg.Issuer), "listen", l.Addr().String(), "engine", a.DB.Engine())
	ended := make(chan struct{})
	go func() { a.Run(ctx); close(ended) }()
	if cfg.Metrics != "" {
		go a.ServeMetrics(ctx, cfg.Metrics)
	}
	err = app.Serve(ctx, app.NewServer(a.Handler, certificates, log), l)
	<-ended
	return err
}
