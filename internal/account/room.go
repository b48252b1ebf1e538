// Package account owns what citizens do themselves with their own accounts
// (R6, R7, R14): extend one, give it another e-mail address, delete it, see which
// accounts they have, lay down how they may be identified (R23) and what they are
// told, and stop what was announced. It owns the pages that the
// links in letters lead to, too. It refuses to decide: package life knows what may
// happen to an account and when. Nothing ever happens by opening an address, since
// mail programs open links of their own accord; only a button acts.
package account

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"kapu/internal/broker"
	"kapu/internal/disposition"
	"kapu/internal/herald"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/life"
	"kapu/internal/store"
	"kapu/internal/throttle"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Config is what the room works with.
type Config struct {
	Broker *broker.Broker
	Life   *life.Life
	// Dispositions are where people lay down how they may be identified.
	Dispositions disposition.Register
	// Herald tells people what happens in their name.
	Herald *herald.Herald
	// Texts: somebody carries text messages, so people may give a phone.
	Texts bool
	// Phones delays wrong codes that would prove a phone.
	Phones *throttle.Gate
	// Confirm asks for the password again: it says on the form's field what is
	// wrong, with the status to show it with, 0 for nothing. The password room has it.
	Confirm func(w http.ResponseWriter, r *http.Request, account string, form *web.Form, field string) (status int, err error)
}

// Room serves the pages. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New parses the pages and puts samples of them into the gallery.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("account", files)}
	x.samples()
	return x
}

const (
	homePath     = "/account" // the portal's "my account"
	validityPath = "/account/validity"
	extendedPath = "/account/validity/extended"
	emailPath    = "/account/email"
	deletePath   = "/account/delete"
	sentPath     = "/account/delete/sent"
	morePath     = "/account/more"
	methodsPath  = "/account/methods"
	levelPath    = "/account/methods-level"
	lockPath     = "/account/methods-lock"
	stopOwnPath  = "/account/stop/" // and the kind of the act
	confirmPath  = "/confirm"
	stopPath     = "/stop"
	donePath     = "/confirm/done"
)

// Mount adds the pages. Those under /account need an identification that a
// service would accept; those of the links need none: whoever reads the owner's
// mail may confirm and stop what the mail is about, and nothing else.
func (x *Room) Mount(mux *http.ServeMux) {
	own := func(pattern string, h web.HandlerFunc) {
		x.Broker.Shell.Handle(mux, pattern, x.Broker.Require(law.Substantial, h))
	}
	own("GET "+validityPath, x.askYears)
	own("POST "+validityPath, x.extend)
	own("GET "+extendedPath, x.extended)
	own("GET "+emailPath, x.askEmail)
	own("POST "+emailPath, x.takeEmail)
	own("GET "+deletePath, x.askDeletion)
	own("POST "+deletePath, x.takeDeletion)
	own("GET "+sentPath, x.deletionSent)
	own("GET "+morePath, x.more)
	own("GET "+methodsPath, x.askMethods)
	own("GET "+methodsPath+"/{method}", x.askMethod)
	own("POST "+methodsPath+"/{method}", x.takeMethod)
	own("GET "+levelPath, x.askMethods)
	own("POST "+levelPath, x.takeLevel)
	own("GET "+lockPath, x.askLock)
	own("POST "+lockPath, x.takeLock)
	own("GET "+stopOwnPath+"{kind}", x.askStopOwn)
	own("POST "+stopOwnPath+"{kind}", x.stopOwn)
	x.mountNotices(own)
	x.mountLinks(mux)
}

// change writes in one transaction, with the account of the session as it is
// then. It holds the account, so that of two clicks one comes after the other.
func (x *Room) change(ctx context.Context, f func(tx *store.Tx, a identity.Account) error) error {
	id := broker.Of(ctx).Session.Account()
	return x.Broker.DB.Update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldAccount(id); err != nil {
			return err
		}
		a, err := tx.Account(id)
		if err != nil {
			return err
		}
		return f(tx, a)
	})
}

// expired is the refusal of an act on an account that is over by now.
func expired(err error) error {
	if errors.Is(err, life.ErrGone) || errors.Is(err, store.ErrNotFound) {
		return web.Expired("")
	}
	return err
}

// owned is the account of the session and what waits on it.
type owned struct {
	identity.Account
	waiting []life.Pending
}

// owned reads the account of the session.
func (x *Room) owned(ctx context.Context) (o owned, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		if o.Account, err = tx.Account(broker.Of(ctx).Session.Account()); err != nil {
			return err
		}
		o.waiting, err = x.Life.Pending(tx, o.ID)
		return err
	})
	return o, err
}

// waits is the act of a kind that waits, or nil.
func (o owned) waits(kind string) *life.Pending {
	for i := range o.waiting {
		if o.waiting[i].Kind == kind {
			return &o.waiting[i]
		}
	}
	return nil
}
