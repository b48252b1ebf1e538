package app

import (
	"context"
	"fmt"
	"net/http"

	"kapu/internal/catalogue"
	"kapu/internal/sandbox"
)

// allowSandboxes takes over from the catalogue which services have a sandbox.
func (a *App) allowSandboxes(list []*catalogue.Service) {
	var allowed []string
	for _, s := range list {
		if s.Sandboxed() {
			allowed = append(allowed, s.ID)
		}
	}
	a.sandbox.Allow(allowed)
}

// InviteToSandbox makes a code that opens the sandbox of a service once, and tells where that is.
func (a *App) InviteToSandbox(ctx context.Context, service string) (address, code string, err error) {
	if _, err := a.reload(ctx); err != nil {
		return "", "", err
	}
	s := a.Catalogue.Service(service)
	switch {
	case s == nil:
		return "", "", fmt.Errorf("there is no service %q", service)
	case !s.Sandboxed():
		return "", "", fmt.Errorf("service %q has no sandbox: set oidc.sandbox: true in its registration", service)
	}
	code, err = a.sandbox.Invite(ctx, service)
	return a.Issuer + sandbox.Path(service), code, err
}

// AdmitToSandbox lets a browser see the sandbox of a service without a code: for the demo, which has no secrets.
func (a *App) AdmitToSandbox(w http.ResponseWriter, r *http.Request, service string) error {
	return a.sandboxRoom.Admit(w, r, service)
}
