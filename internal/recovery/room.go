package recovery

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Passwords is what recovery needs of the password room.
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
	Gate      *throttle.Gate // of the purpose "recover"
	SignIn    *throttle.Gate // of the purpose "password", whose delays end with a new password
	Passwords Passwords
	// RestCodes lets mailed codes of an account count for nothing for a while, since its
	// password was chosen by a letter. The room of mailed codes has it.
	RestCodes func(tx *store.Tx, account string) error
	Issuer    string       // the gateway's absolute address, without a slash at the end, for links in letters
	Log       *slog.Logger // nil is silent
}

// Room serves the pages of recovery. It is safe for concurrent use.
type Room struct {
	Config
	letters Letters
	pages   *web.Pages

	running sync.WaitGroup // what is done apart from the answers
	slots   chan struct{}
	apart   func(work func()) // runs work apart from the answer
}

const (
	startPath    = "/recover"
	passwordPath = "/recover/password"
	mailedPath   = "/recover/password/mailed"
	newPath      = "/recover/password/new"
	donePath     = "/recover/password/done"
	usernamePath = "/recover/username"
	toldPath     = "/recover/username/mailed"
)

// New makes the room.
func New(c Config) *Room {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	x := &Room{
		Config: c, letters: Letters{Ring: c.Broker.Ring, Law: c.Broker.Law, Issuer: c.Issuer},
		pages: c.Broker.Shell.Pages("recovery", files), slots: make(chan struct{}, mostAtOnce),
	}
	x.apart = x.running.Go
	x.samples()
	return x
}

// Mount adds the pages.
func (x *Room) Mount(mux *http.ServeMux) {
	shell := x.Broker.Shell
	shell.Handle(mux, "GET "+startPath, x.start)
	shell.Handle(mux, "GET "+passwordPath, x.askPassword)
	shell.Handle(mux, "POST "+passwordPath, x.takePassword)
	shell.Handle(mux, "GET "+mailedPath, x.mailed)
	shell.Handle(mux, "GET "+newPath, x.askNew)
	shell.Handle(mux, "POST "+newPath, x.takeNew)
	shell.Handle(mux, "GET "+donePath, x.done)
	shell.Handle(mux, "GET "+usernamePath, x.askUsername)
	shell.Handle(mux, "POST "+usernamePath, x.takeUsername)
	shell.Handle(mux, "GET "+toldPath, x.told)
}

// Rest waits until what is done apart from the answers is done.
func (x *Room) Rest() { x.running.Wait() }

// startData is what the first page says of times.
type startData struct {
	Life time.Duration // of a link
	Stop time.Duration // until an office's removal of the second factor is carried out
}

func (x *Room) startData() startData {
	now := x.Broker.Now()
	return startData{x.Broker.Law.ResetLife(now), x.Broker.Law.StopPeriod(now)}
}

// start explains what can be done about each loss.
func (x *Room) start(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "recover", web.View{Data: x.startData()})
	return nil
}
