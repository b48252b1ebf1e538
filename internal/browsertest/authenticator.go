package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// An Authenticator is a device of the visitor's that keeps passkeys and says at
// once that its owner is there and is who they are.
type Authenticator struct {
	page *Page
	id   webauthn.AuthenticatorID
}

// Authenticator gives the visitor such a device, built into the computer.
func (p *Page) Authenticator() *Authenticator {
	p.t.Helper()
	a := &Authenticator{page: p}
	p.do("plugging in an authenticator", webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		a.id, err = webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
	return a
}

// Recognises lets the device say whether its owner is who they are.
func (a *Authenticator) Recognises(owner bool) {
	a.page.t.Helper()
	a.page.do("looking at the owner", webauthn.SetUserVerified(a.id, owner))
}

// Passkeys is how many passkeys the device keeps.
func (a *Authenticator) Passkeys() int {
	a.page.t.Helper()
	return len(a.keys())
}

func (a *Authenticator) keys() (all []*webauthn.Credential) {
	a.page.t.Helper()
	a.page.do("counting passkeys", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		all, err = webauthn.GetCredentials(a.id).Do(ctx)
		return err
	}))
	return all
}

// Rewind puts back the counters of the device's passkeys, as in a copy that was
// made before they were used.
func (a *Authenticator) Rewind() {
	a.page.t.Helper()
	for _, key := range a.keys() {
		key.SignCount = 0
		a.page.do("copying a passkey", webauthn.RemoveCredential(a.id, key.CredentialID), webauthn.AddCredential(a.id, key))
	}
}

// Unplug takes the device away, with its passkeys.
func (a *Authenticator) Unplug() {
	a.page.t.Helper()
	a.page.do("unplugging the authenticator", webauthn.RemoveVirtualAuthenticator(a.id))
}
