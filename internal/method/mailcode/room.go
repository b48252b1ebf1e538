package mailcode

import (
	"embed"
	"errors"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Kind of the credential that says that the factor is set up. It holds no secret.
const Kind = "mailcode"

// restPurpose is of the mark that codes count for nothing for a while.
const restPurpose = "mailcode-rest"

const managePath = "/account/mailcode"

// Config is what the rooms work with.
type Config struct {
	Broker *broker.Broker
	Gate   *throttle.Gate // of the purpose "mailcode"
	Home   string         // where an account is looked after, for links in letters
	// Confirm asks for the password again: it says on the form's field what is
	// wrong, with the status to show it with, 0 for nothing. The password room has it.
	Confirm func(w http.ResponseWriter, r *http.Request, account string, form *web.Form, field string) (status int, err error)
	// Revocation makes the link in a notice by which an owner shuts the account. The
	// room of these links has it.
	Revocation func(tx *store.Tx, account string, until time.Time) (link string, linkUntil time.Time, err error)
}

// Room serves the pages of mailed codes. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New makes the rooms.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("mailcode", files)}
	x.samples()
	return x
}

// Mount adds the rooms and pages.
func (x *Room) Mount(mux *http.ServeMux) {
	b := x.Broker
	b.Room(mux, string(authn.MailCode), x.ask)
	b.Room(mux, "enrol/"+string(authn.MailCode), x.ask)
	b.Shell.Handle(mux, "GET "+managePath, x.manage)
	b.Shell.Handle(mux, "POST "+managePath, b.Require(law.Substantial, x.remove))
}

// Rest lets mailed codes of an account count for nothing for a while: its password
// was just chosen by a letter, and the same mailbox must not be both factors.
func Rest(table law.Table) func(tx *store.Tx, account string) error {
	return func(tx *store.Tx, account string) error {
		until := tx.Now.Add(table.MailCodeRest(tx.Now))
		return tx.PutCode(store.Code{Account: account, Purpose: restPurpose, Digest: keys.RandomToken(), Expires: until})
	}
}

// rests tells until when codes of an account count for nothing; the zero time if
// they count.
func rests(tx *store.Tx, account string) (time.Time, error) {
	c, err := tx.Code(account, restPurpose)
	if errors.Is(err, store.ErrNotFound) || err == nil && !tx.Now.Before(c.Expires) {
		return time.Time{}, nil
	}
	return c.Expires, err
}
