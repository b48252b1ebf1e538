package app_test

import (
	"errors"
	"log/slog"
	"testing"

	"kapu/internal/app"
	"kapu/internal/config"
	"kapu/internal/keys/pkcs11"
)

func TestABuildWithoutModulesRefusesToStartWithOne(t *testing.T) {
	_, c := earnest(t)
	t.Setenv(config.PINEnv, "24681357")
	c.PKCS11 = &config.PKCS11{Module: "/lib/module.so", Token: "kapu"}
	p, err := app.Earnest(c, slog.New(slog.DiscardHandler))
	if !errors.Is(err, pkcs11.ErrNotBuilt) || p.Holder != nil {
		t.Errorf("%v, %v", p.Holder, err)
	}
}
