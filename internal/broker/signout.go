package broker

import (
	"context"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

type signOutData struct {
	Services []string // names of the services that were reached in the session
	SignedIn bool
}

func (b *Broker) signOutData(r *http.Request, c Current) signOutData {
	d := signOutData{SignedIn: c.Session.Account() != ""}
	for _, visit := range c.Session.Visits {
		if s := b.Catalogue.Service(visit.Service); s != nil {
			d.Services = append(d.Services, catalogue.In(s.Name, string(web.Language(r))))
		}
	}
	return d
}

// askSignOut asks whether to sign out: a link must never do it by itself.
func (b *Broker) askSignOut(w http.ResponseWriter, r *http.Request) error {
	c, err := b.Current(r)
	if err != nil {
		return err
	}
	page := "signout"
	if c.Session.Account() == "" {
		page = "signedout"
	}
	b.pages.Show(w, r, http.StatusOK, page, web.View{Data: b.signOutData(r, c)})
	return nil
}

func (b *Broker) signOut(w http.ResponseWriter, r *http.Request) error {
	c, err := b.Current(r)
	if err != nil {
		return err
	}
	if err := b.end(w, r, c, byCitizen); err != nil {
		return err
	}
	r = r.WithContext(web.WithVisitor(r.Context(), web.Visitor{}))
	b.pages.Show(w, r, http.StatusOK, "signedout", web.View{Data: b.signOutData(r, c)})
	return nil
}

// SignedOutPath is a page that says so to a visitor who is signed out.
const SignedOutPath = "/signout"

// Who ended a session, for the ledger.
const byCitizen, byService = "citizen", "service"

// SignOut ends the visitor's session for a door that was asked to.
func (b *Broker) SignOut(w http.ResponseWriter, r *http.Request, c Current) error {
	return b.end(w, r, c, byService)
}

// end ends a session: in the ledger, in the store, in the browser.
func (b *Broker) end(w http.ResponseWriter, r *http.Request, c Current, reason string) error {
	b.setCookie(w, sessionCookie, "", 0)
	if c.Session.Account() == "" {
		return nil
	}
	err := b.DB.Update(r.Context(), func(tx *store.Tx) error {
		_, err := b.Ledger.Append(tx, c.Session.Person(), ledger.SignedOut{Reason: reason, Account: c.Session.Account()})
		return err
	})
	if err != nil {
		return err
	}
	if err := b.Volatile.Delete(r.Context(), c.key); err != nil {
		return err
	}
	ctx := context.WithoutCancel(r.Context()) // the visitor may leave; the end stays
	for _, door := range b.doors {
		if e, ok := door.(Ender); ok {
			e.Ended(ctx, c.Session, c.Session.Person())
		}
	}
	return nil
}

// Ender is a [Door] that wants to hear of the end of a session. It is told once
// the session is gone.
type Ender interface {
	Ended(ctx context.Context, s authn.Session, person string)
}
