package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"kapu/internal/app"
	"kapu/internal/app/demo"
	"kapu/internal/config"
)

// where says which gateway a command is about: one in earnest by its
// configuration, or a demo by its data folder.
type where struct {
	Config string `type:"existingfile" placeholder:"FILE" xor:"where" help:"The configuration file."`
	Demo   string `name:"data" type:"existingdir" placeholder:"DIR" xor:"where" help:"The data folder of a demo instead."`
}

// open opens the gateway without serving it.
func (w where) open(ctx context.Context, f func(*app.App) error) error {
	parts, err := w.parts()
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, parts)
	if err != nil {
		return err
	}
	defer a.Close()
	return f(a)
}

func (w where) parts() (app.Parts, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	switch {
	case w.Demo != "":
		dir, err := filepath.Abs(w.Demo)
		if err != nil {
			return app.Parts{}, err
		}
		return demo.Parts(dir, log)
	case w.Config != "":
		cfg, err := config.Load(w.Config)
		if err != nil {
			return app.Parts{}, err
		}
		return app.Earnest(cfg, log)
	}
	return app.Parts{}, errors.New("say which gateway: --config FILE, or --data DIR for a demo")
}
