package totp

import (
	"context"
	"embed"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Kinds of credentials.
const (
	Kind        = "totp"    // the secret's Text; the counter is the last step used
	RemovalKind = "removal" // the removal code's hash, in base64
)

// Config is what the rooms work with.
type Config struct {
	Broker *broker.Broker
	Gate   *throttle.Gate // of the purpose "totp"
	// Confirm asks for the password again: it says on the form's field what is
	// wrong, with the status to show it with, 0 for nothing. The password room has it.
	Confirm func(w http.ResponseWriter, r *http.Request, account string, form *web.Form, field string) (status int, err error)
	// Revocation makes the link in a notice by which an owner shuts the account. The
	// room of these links has it.
	Revocation func(tx *store.Tx, account string, until time.Time) (link string, linkUntil time.Time, err error)
}

// Room serves the pages of the second factor. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// removalRoom is a side room of the code's own.
const removalRoom = string(authn.TOTP) + "/removal"

// New makes the rooms.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("totp", files)}
	x.samples()
	return x
}

// Mount adds the rooms and pages.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Room(mux, string(authn.TOTP), x.signIn)
	b.Room(mux, removalRoom, x.remove)
	b.Room(mux, "enrol/"+string(authn.TOTP), x.enrol)
	b.Shell.Handle(mux, "GET "+plusPath, x.plus)
	b.Shell.Handle(mux, "POST "+plusPath, x.replace)
}

// Keep gives an account its second factor: the secret, of which steps up to
// used are spent, and the hash of the removal code under the ring's pepper.
func Keep(tx *store.Tx, account string, s Secret, used int64, c RemovalCode, pepper []byte) error {
	if err := tx.PutCredential(store.Credential{Account: account, Kind: Kind, Secret: s.Text(), Counter: used}); err != nil {
		return err
	}
	hash := base64.RawStdEncoding.EncodeToString(c.Hash(pepper))
	return tx.PutCredential(store.Credential{Account: account, Kind: RemovalKind, Secret: hash})
}

// params are the shape of a code, as the law is now.
func (x *Room) params() Params {
	digits, period, skew := x.Broker.Law.TOTP(x.Broker.Now())
	return Params{Digits: digits, Period: period, Skew: skew}
}

// credential is the account's credential of a kind, zero if there is none.
func (x *Room) credential(ctx context.Context, account, kind string) (c store.Credential, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Credential(account, kind)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return store.Credential{}, nil
	}
	return c, err
}
