package app_test

import (
	"strings"
	"testing"
)

func TestTheOperatorAllowsASandboxServiceByService(t *testing.T) {
	command, server, _ := two(t)
	s := library()
	if _, err := command.AddService(t.Context(), s, true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := command.InviteToSandbox(t.Context(), "library"); err == nil || !strings.Contains(err.Error(), "oidc.sandbox: true") {
		t.Errorf("a service without a sandbox: %v", err)
	}
	if _, _, err := command.InviteToSandbox(t.Context(), "nobody"); err == nil {
		t.Error("a service that is not there")
	}
	s.OIDC.Sandbox = true
	if err := command.ChangeService(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	address, code, err := command.InviteToSandbox(t.Context(), "library")
	if err != nil || address != server.Issuer+"/sandbox/library" || len(code) < 26 || strings.Contains(address, code) {
		t.Errorf("%s, %q, %v", address, code, err)
	}
	if !sees(t, server, "library").Sandboxed() {
		t.Error("the server does not know of it")
	}
}
