package passkey

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kapu/internal/authn"
	"kapu/internal/store"
)

// siteName is what the device shows beside the username.
const siteName = "Kapu"

// siteOf is the gateway as keys know it: the host of its address, and that very
// origin (Web Authentication, 13.4.9). A gateway without a name has no keys:
// browsers refuse to make any there, whatever it asks for.
func siteOf(issuer string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(strings.ToLower(issuer))
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	name := u.Hostname()
	if net.ParseIP(name) != nil {
		name = "localhost"
	}
	verified := protocol.AuthenticatorSelection{
		ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
	}
	return webauthn.New(&webauthn.Config{
		RPID: name, RPDisplayName: siteName, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AuthenticatorSelection: verified, AttestationPreference: protocol.PreferNoAttestation,
	})
}

// owner is an account as the library asks for it.
type owner struct {
	handle   []byte // the account's pseudonym, which its keys keep
	username string
	keys     []store.Passkey
}

// handlePurpose keeps the pseudonyms apart from all other digests.
const handlePurpose = "passkey/owner"

// handle is what keys know an account by: nothing that says whose it is (Web
// Authentication, 14.6.1).
func (x *Room) handle(account string) []byte {
	return []byte(x.Broker.Ring.Digest(handlePurpose, account))
}

// WebAuthnID implements webauthn.User.
func (o owner) WebAuthnID() []byte { return o.handle }

// WebAuthnName implements webauthn.User.
func (o owner) WebAuthnName() string { return o.username }

// WebAuthnDisplayName implements webauthn.User.
func (o owner) WebAuthnDisplayName() string { return o.username }

// WebAuthnCredentials implements webauthn.User.
func (o owner) WebAuthnCredentials() (all []webauthn.Credential) {
	for _, k := range o.keys {
		all = append(all, recordOf(k))
	}
	return all
}

// has tells whether one of the keys has that id.
func (o owner) has(credential []byte) bool {
	return slices.ContainsFunc(o.keys, func(k store.Passkey) bool { return bytes.Equal(k.Credential, credential) })
}

// recordOf is a key as the library knows it.
func recordOf(k store.Passkey) webauthn.Credential {
	return webauthn.Credential{
		ID: k.Credential, PublicKey: k.PublicKey,
		Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: k.Synced, BackupState: k.BackedUp},
		Authenticator: webauthn.Authenticator{AAGUID: k.Model, SignCount: k.Counter},
	}
}

// keyOf is a key that was just made.
func keyOf(account, name string, c *webauthn.Credential) store.Passkey {
	return store.Passkey{
		Account: account, Credential: c.ID, PublicKey: c.PublicKey, Model: c.Authenticator.AAGUID,
		Synced: c.Flags.BackupEligible, BackedUp: c.Flags.BackupState, Name: name, Counter: c.Authenticator.SignCount,
	}
}

// references are what a key adds to the method's (RFC 8176, 2): whether it stays
// in one device or its owner has it on several.
func references(k store.Passkey) []string {
	if k.Synced {
		return []string{"swk"}
	}
	return []string{"hwk"}
}

// proof is the event of having proved a key.
func (x *Room) proof(k store.Passkey, person string) authn.Event {
	return authn.Event{Factor: authn.Passkey, At: x.Broker.Now(), Account: k.Account, Person: person, AMR: references(k)}
}
