// Package revocation owns the links by which people say from a letter that it was
// not them. In each notice that somebody changed how an account is opened stands
// one that shuts the account, good for some days. It needs no session: whoever
// reads the owner's mail may close the door, and only the owner's mail brings the
// code that opens it again. Where more than a password guarded the account before,
// a mailbox is not enough: what is stronger is then set up only after a visit to a
// desk.
//
// In each notice of an identification stands another: it signs everybody out,
// forbids the method that was used, and locks the person's identity. Either opens a
// case at the desk.
//
// It refuses to act by being opened: mail programs open links of their own accord.
package revocation

import (
	"embed"
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/broker"
	"kapu/internal/disposition"
	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

const (
	purpose = "plus-revocation" // of the codes in the links

	// Path is where the links lead.
	Path     = "/revoke"
	donePath = Path + "/done"
)

// Config is what the room works with.
type Config struct {
	Broker *broker.Broker
	Issuer string // the gateway's absolute address, without a slash at the end
	// Reopen mails the owner of a closed account a code with which it opens
	// again. Activation has it.
	Reopen func(tx *store.Tx, a identity.Account) (until time.Time, err error)
	// Dispositions are where the identity of whoever had more than a password is locked.
	Dispositions disposition.Register
	// Distrust forgets from where a person was identified. The herald has it; nil forgets nothing.
	Distrust func(tx *store.Tx, person string) error
}

// Room makes the links and serves their pages. It is safe for concurrent use.
type Room struct {
	Config
	pages *web.Pages
}

// New parses the pages and puts samples of them into the gallery.
func New(c Config) *Room {
	x := &Room{Config: c, pages: c.Broker.Shell.Pages("revocation", files)}
	x.sampleReports()
	x.pages.Sample("ask", "ask", web.View{Data: askData{time.Date(2026, time.May, 2, 9, 42, 0, 0, time.UTC)}})
	x.pages.Sample("done", "done", web.View{})
	x.pages.Sample("gone", "gone", web.View{})
	return x
}

// Mount adds the pages.
func (x *Room) Mount(mux *http.ServeMux) {
	shell := x.Broker.Shell
	shell.Handle(mux, "GET "+Path, x.ask)
	shell.Handle(mux, "POST "+Path, x.revoke)
	shell.Handle(mux, "GET "+donePath, x.done)
	shell.Handle(mux, "GET "+reportedPath, x.reported)
}

// Link makes the link of a notice about an account. While an earlier one is good it
// is the same link, for at least the time of that: whoever got in could else have
// notices sent until no link that their owner opens is the latest. The token in it
// names itself and nobody.
func (x *Room) Link(tx *store.Tx, account string, until time.Time) (string, time.Time, error) {
	code, err := tx.Code(account, purpose)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", until, err
	}
	if !tx.Now.Before(code.Expires) { // the zero time, too
		code = store.Code{ID: store.NewID(), Account: account, Purpose: purpose}
	}
	if code.Expires.Before(until) {
		code.Expires = until
	}
	token := x.Broker.Ring.Digest(purpose+"/token", code.ID)
	code.Digest = x.Broker.Ring.Digest(purpose, token)
	return x.Issuer + Path + "?c=" + token, code.Expires, tx.PutCode(code)
}

type askData struct{ Until time.Time }

// ask shows what shutting does, and asks whether it shall be.
func (x *Room) ask(w http.ResponseWriter, r *http.Request) error {
	var c store.Code
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) (err error) {
		c, err = x.code(tx, r)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return x.askReport(w, r)
	}
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "ask", web.View{Data: askData{c.Expires}})
	return nil
}

// code is that of the link, if it is still good; else store.ErrNotFound.
func (x *Room) code(tx *store.Tx, r *http.Request) (store.Code, error) {
	c, err := tx.CodeByDigest(purpose, x.Broker.Ring.Digest(purpose, r.URL.Query().Get("c")))
	if err == nil && !tx.Now.Before(c.Expires) {
		err = store.ErrNotFound
	}
	return c, err
}

func (x *Room) showGone(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusGone, "gone", web.View{})
	return nil
}

func (x *Room) revoke(w http.ResponseWriter, r *http.Request) error {
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error {
		c, err := x.code(tx, r)
		if err != nil {
			return err
		}
		return x.shut(tx, c)
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return x.takeReport(w, r)
	case errors.Is(err, store.ErrStale):
		return x.showGone(w, r)
	case err != nil:
		return err
	}
	return web.SeeOther(w, r, donePath)
}

// shut takes every credential off, since whoever changed something knew the
// password, and closes the account with its sessions.
func (x *Room) shut(tx *store.Tx, c store.Code) error {
	if err := tx.SpendCode(c.ID); err != nil {
		return err
	}
	a, err := tx.Account(c.Account)
	if err != nil {
		return err
	}
	standing, err := tx.Standing(a.ID)
	if err != nil {
		return err
	}
	for _, kind := range standing.Has {
		if err := tx.RemoveCredential(a.ID, kind); err != nil {
			return err
		}
	}
	if err := tx.CloseAccount(a.ID); err != nil {
		return err
	}
	if _, err := x.Reopen(tx, a); err != nil {
		return err
	}
	if err := x.record(tx, a, standing.Has); err != nil {
		return err
	}
	if err := x.openCase(tx, a, aboutChange); err != nil {
		return err
	}
	long, err := x.longGuarded(tx, a)
	if err != nil || !long {
		return err
	}
	return x.Dispositions.LockBy(tx, a.PersonID)
}

// readAtMost bounds how much of a history is looked through; what is longer is
// taken for long guarded.
const readAtMost, readAtOnce = 1000, 100

// longGuarded tells whether the account had more than a password, and nobody
// minded, before whatever the notice was about. Its mailbox alone must not open it
// then: after it is shut, a method is added only where a document is looked at.
func (x *Room) longGuarded(tx *store.Tx, a identity.Account) (bool, error) {
	since, last := tx.Now.Add(-x.Broker.Law.PlusRevocation(tx.Now)), ""
	for range readAtMost / readAtOnce {
		records, err := x.Broker.Ledger.History(tx, a.PersonID, last, readAtOnce)
		if err != nil {
			return false, err
		}
		for _, r := range records {
			e, ok := r.Event.(ledger.FactorAdded)
			if ok && e.Account == a.ID && e.Method != law.MailCode && r.At.Before(since) {
				return true, nil
			}
			last = r.ID
		}
		if len(records) < readAtOnce {
			return false, nil
		}
	}
	return true, nil
}

// record writes what was shut: the stronger methods that are gone, or else the
// account alone.
func (x *Room) record(tx *store.Tx, a identity.Account, had []string) error {
	var events []ledger.Event
	for _, m := range law.Methods() {
		if m != law.Password && slices.Contains(had, string(m)) {
			events = append(events, ledger.FactorRevoked{Method: m, Account: a.ID})
		}
	}
	if len(events) == 0 {
		events = append(events, ledger.AccountClosed{By: "link", Account: a.ID})
	}
	for _, e := range append(events, ledger.CodeSent{Purpose: "activation", Medium: notify.Mail, Account: a.ID}) {
		if _, err := x.Broker.Ledger.Append(tx, a.PersonID, e); err != nil {
			return err
		}
	}
	return nil
}

// done says that it is done. It names nobody.
func (x *Room) done(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "done", web.View{})
	return nil
}
