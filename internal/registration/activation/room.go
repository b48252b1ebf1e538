package activation

import (
	"context"
	"embed"
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Passwords is what activation needs of the password room.
type Passwords interface {
	// Choose makes the record of a password that its owner chose, or says on
	// the form's field why it will not do; the record is then "".
	Choose(ctx context.Context, form *web.Form, field string, a identity.Account, p identity.Person) (record string, err error)
	// Shortest is the fewest characters of a password, Longest the most that
	// need to be read.
	Shortest() int
	Longest() int
}

// Config is what the room works with.
type Config struct {
	Broker    *broker.Broker
	Gate      *throttle.Gate // of the purpose "activation"
	Passwords Passwords
	// RestCodes lets mailed codes of an account that is opened again count for nothing
	// for a while: its password was chosen by a letter. The room of mailed codes has it.
	RestCodes func(tx *store.Tx, account string) error
}

// Room serves the pages of activation. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

const (
	codePath     = "/activate"
	passwordPath = "/activate/password"
	// passwordKind is the kind of the credential that activation sets.
	passwordKind = "password"
)

// New makes the room.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("activation", files)}
	x.samples()
	return x
}

// Mount adds the pages.
func (x *Room) Mount(mux *http.ServeMux) {
	shell := x.Broker.Shell
	shell.Handle(mux, "GET "+codePath, x.askCode)
	shell.Handle(mux, "POST "+codePath, x.takeCode)
	shell.Handle(mux, "GET "+passwordPath, x.askPassword)
	shell.Handle(mux, "POST "+passwordPath, x.takePassword)
}
