package provider

import (
	"context"
	"encoding/json"
	"errors"

	"kapu/internal/authn"
	"kapu/internal/federation/oidc/wire"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// grant is what a service was granted by one sign-in. Everything issued for it
// carries it, and is revoked with it.
type grant struct {
	ID      string `json:"g"`
	Service string `json:"s"` // id in the catalogue
	Person  string `json:"p"`
	Account string `json:"a"`
	Began   int64  `json:"b"` // beginning of the session, nanoseconds since 1970
	Asked   asked  `json:"c"`
}

// code is what an authorization code holds. Times are milliseconds since 1970,
// AuthTime seconds.
type code struct {
	Grant       grant      `json:"g"`
	RedirectURI string     `json:"r"`
	Challenge   string     `json:"p,omitempty"`
	Nonce       string     `json:"n,omitempty"`
	Method      law.Method `json:"h"`
	Level       law.Level  `json:"l"`
	ACR         string     `json:"q"`           // the level or the method, by the name that the service is told
	JKT         string     `json:"j,omitempty"` // thumbprint of the DPoP key that the tokens must be bound to (RFC 9449, 10)
	AMR         []string   `json:"m"`
	Provisional bool       `json:"v,omitempty"` // nobody has checked who the person is
	AuthTime    int64      `json:"t"`
	SID         string     `json:"i"`
	Expires     int64      `json:"x"`
}

// access is what an access token holds.
type access struct {
	Grant   grant `json:"g"`
	Expires int64 `json:"x"`
}

// Purposes for which things are sealed: one never passes for another.
const codePurpose, accessPurpose = "oidc/code", "oidc/access"

func (p *Provider) sealCode(c code) (string, error)     { return p.seal(codePurpose, c) }
func (p *Provider) sealAccess(a access) (string, error) { return p.seal(accessPurpose, a) }

func (p *Provider) seal(purpose string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return p.Broker.Ring.Seal(purpose, raw)
}

// unseal tells whether the text is one of ours, and reads it.
func (p *Provider) unseal(purpose, text string, into any) bool {
	raw, err := p.Broker.Ring.Unseal(purpose, text)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// over tells whether a time in milliseconds has come.
func (p *Provider) over(expires int64) bool { return p.Broker.Now().UnixMilli() >= expires }

func revokedKey(g grant) string { return "oidc/revoked/" + g.ID }

// spend uses a code up: it records that the service is told who the person is,
// under the grant's own id, which can be recorded only once. A code that comes
// again, or after its time, may have been stolen: whatever was issued for it is
// revoked (RFC 9700, 2.1.1 and 4.5; RFC 6749, 4.1.2).
func (p *Provider) spend(ctx context.Context, c code) error {
	if !p.over(c.Expires) {
		told := ledger.Released{Service: c.Grant.Service, Data: c.Grant.Asked.names(), Method: c.Method, Level: c.Level}
		err := p.Broker.DB.Apply(ctx, func(tx *store.Tx) error {
			return p.Broker.Ledger.AppendAs(tx, c.Grant.ID, c.Grant.Person, told)
		})
		if !errors.Is(err, store.ErrTaken) {
			return err
		}
	}
	if err := p.Broker.Volatile.Put(ctx, revokedKey(c.Grant), []byte("1"), p.CodeLife+p.TokenLife); err != nil {
		return err
	}
	return wire.Refuse(wire.InvalidGrant, "RFC 6749, 4.1.2", "the code was used before, or its time is over")
}

func (p *Provider) revoked(ctx context.Context, g grant) (bool, error) {
	_, found, err := p.Broker.Volatile.Get(ctx, revokedKey(g))
	return found, err
}

// errEnded: the account is shut, gone or over, or its sessions were ended.
var errEnded = errors.New("oidc: the grant has ended with the account or its sessions")

// inForce tells whether the account behind a grant still lets its owner in.
func (p *Provider) inForce(tx *store.Tx, g grant) error {
	s, err := tx.Standing(g.Account)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errEnded
	case err != nil:
		return err
	case s.Person != g.Person, !authn.Standing(s).Open(tx.Now), g.Began <= s.SessionsFrom.UnixNano() && !s.SessionsFrom.IsZero():
		return errEnded
	}
	return nil
}
