package provider

import (
	"testing"

	"kapu/internal/authn"
	"kapu/internal/federation/saml/wire"
)

// Every way in which the broker can end a visit has a status, and what people
// have forbidden looks like turning back.
func TestEveryOutcomeHasAStatus(t *testing.T) {
	for outcome, want := range map[string]string{
		authn.ErrLoginRequired: wire.NoPassive, authn.ErrConsent: wire.NoPassive, authn.ErrIdentify: wire.NoPassive,
		authn.ErrUnmet: wire.NoAuthnContext, authn.ErrProvisional: wire.RequestDenied, authn.ErrDenied: wire.AuthnFailed,
	} {
		if told := refusals[outcome]; told == nil || told.Code != wire.Responder || told.Sub != want {
			t.Errorf("%s: %+v", outcome, told)
		}
	}
	for _, outcome := range []string{authn.ErrForbidden, authn.ErrLocked} {
		if refusals[outcome] != refusals[authn.ErrDenied] {
			t.Errorf("the service learns that the outcome was %q", outcome)
		}
	}
}
