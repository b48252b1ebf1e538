package ledger

import (
	"time"

	"kapu/internal/keys/rotation"
	"kapu/internal/law"
	"kapu/internal/store"
)

var operation = topic{"Operation", []Event{Started{}, KeyRotated{}, KeySwitched{}, LawOverridden{}, AttackSuspected{}}}

// Started is recorded when the gateway has started.
type Started struct {
	Version   string   `public:"version"`   // of the program
	Witnesses []string `public:"witnesses"` // public keys of the outside witnesses whose signatures count from now on
}

// Kind names the event.
func (Started) Kind() string { return "gateway.started" }

// KeyRotated is recorded when a signing key has been made.
type KeyRotated struct {
	Use    string    `public:"use"`    // what it signs: "oidc", "ledger"
	KID    string    `public:"kid"`    // thumbprint of the public key (RFC 7638)
	Alg    string    `public:"alg"`    // "ES256", "EdDSA"
	Active time.Time `public:"active"` // when it begins to sign
	Wait   string    `public:"wait"`   // "ready": it begins before, as soon as all services have it
}

// Kind names the event.
func (KeyRotated) Kind() string { return "key.rotated" }

// KeySwitched is recorded when a signing key that has waited for services to
// fetch it is to wait no more.
type KeySwitched struct {
	Use     string    `public:"use"`     // what it signs: "oidc"
	KID     string    `public:"kid"`     // thumbprint of the public key
	Active  time.Time `public:"active"`  // when it begins to sign
	Fetched []string  `public:"fetched"` // services that were seen to have it
	Missing []string  `public:"missing"` // active services that were not: its time was over
}

// Kind names the event.
func (KeySwitched) Kind() string { return "key.switched" }

// KeyMade records a new signing key; it is what [rotation.Set.OnMade] is given.
func (l *Ledger) KeyMade(tx *store.Tx, m rotation.Made) error {
	event := KeyRotated{Use: m.Use, KID: m.KID, Alg: m.Alg, Active: m.Active}
	if m.WhenReady {
		event.Wait = "ready"
	}
	_, err := l.Append(tx, "", event)
	return err
}

// KeySettled records that a signing key waits no more; it is what
// [rotation.Set.OnSettled] is given.
func (l *Ledger) KeySettled(tx *store.Tx, s rotation.Settled) error {
	_, err := l.Append(tx, "", KeySwitched{Use: s.Use, KID: s.KID, Active: s.Active, Fetched: s.Fetched, Missing: s.Missing})
	return err
}

// LawOverridden is recorded at start-up for every row by which the operator
// departs from the law as the program knows it.
type LawOverridden struct {
	Rule   law.Rule `public:"rule"`   // name of the rule
	Value  string   `public:"value"`  // what counts here
	From   string   `public:"from"`   // first day; left out: ever since
	Until  string   `public:"until"`  // last day; left out: still in force
	Source string   `public:"source"` // on what ground
}

// Kind names the event.
func (LawOverridden) Kind() string { return "law.overridden" }

// AttackSuspected is recorded when there are so many more wrong secrets than usual
// that devices which nobody remembers have to wait longer. It names nobody.
type AttackSuspected struct {
	Secret string `public:"secret"` // which kind: "password", "totp", …
	Seen   int    `public:"seen"`   // wrong ones in the window of the law
	Usual  int    `public:"usual"`  // how many there usually are in it
}

// Kind names the event.
func (AttackSuspected) Kind() string { return "attack.suspected" }
