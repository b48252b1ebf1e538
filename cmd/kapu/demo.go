package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	"kapu/internal/app/demo"
)

type demoCommand struct {
	Listen   string `default:"localhost:8080" placeholder:"HOST:PORT" help:"The gateway's own address (default: ${default}); the services and the register take the five ports after it."`
	Data     string `placeholder:"DIR" help:"Folder for the demo's data (default: kapu-demo below your cache folder)."`
	Fresh    bool   `help:"Start over: forget what an earlier demo left in the folder."`
	Database string `placeholder:"DSN" help:"Use this PostgreSQL database (postgres://…) instead of a SQLite file in the folder."`
	Verbose  bool   `short:"v" help:"Log every request."`
}

// Run implements the command.
func (c *demoCommand) Run(ctx context.Context) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelInfo
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	d, err := demo.Start(ctx, demo.Options{Data: dir, Fresh: c.Fresh, Listen: c.Listen, Database: c.Database, Log: log})
	if err != nil {
		return err
	}
	defer d.Close()
	d.Print(os.Stdout)
	return d.Wait(ctx)
}

func (c *demoCommand) folder() (string, error) {
	if c.Data != "" {
		return filepath.Abs(c.Data)
	}
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "kapu-demo"), err
}
