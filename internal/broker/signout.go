package broker

import (
	"net/http"

	"kapu/internal/catalogue"
	"kapu/internal/ledger"
	"kapu/internal/web"
)

// signOutData is the page that asks.
type signOutData struct {
	Services []string // names of those that were reached in the session
}

// farewell is the page that says goodbye, and honestly of each service that was
// reached whether it hears of it. Lists hold names.
type farewell struct {
	SignedIn bool     // there was a session
	Done     []string // they have said that it is over there
	Told     []string // we tell them
	Asked    []string // the browser tells them, if it lets the frames have their cookies
	Open     []string // nobody tells them, or they did not answer
	Frames   []string // addresses by which the browser tells
	After    string   // where the visitor goes on; "" for nowhere
}

// askSignOut asks whether to sign out: a link must never do it by itself.
func (b *Broker) askSignOut(w http.ResponseWriter, r *http.Request) error {
	c, err := b.Current(r)
	if err != nil {
		return err
	}
	if c.Session.Account() == "" {
		b.pages.Show(w, r, http.StatusOK, "signedout", web.View{Data: farewell{}})
		return nil
	}
	var d signOutData
	for _, visit := range c.Session.Visits {
		if s := b.Catalogue.Service(visit.Service); s != nil {
			d.Services = append(d.Services, nameIn(r, s))
		}
	}
	b.pages.Show(w, r, http.StatusOK, "signout", web.View{Data: d})
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
	return b.part(w, r, c, b.parted(c, nil))
}

// After is where the visitor goes on from the goodbye; "" for nowhere.
type After struct {
	All  string // where every service hears of the end
	Some string // where some do not
}

// SignOut ends the visitor's session for a door that a service asked to, nil for
// one that nobody knows, and goes on to an address that the door vouches for. On
// the way it says goodbye if there is something to do or to know: browsers that
// must tell services, services that nobody tells. Without address it stays there.
func (b *Broker) SignOut(w http.ResponseWriter, r *http.Request, c Current, by *catalogue.Service, after After) error {
	if err := b.end(w, r, c, byService); err != nil {
		return err
	}
	d := b.parted(c, by)
	d.After = after
	return b.part(w, r, c, d)
}

// end ends a session: in the ledger, for the services, in the store, in the browser.
func (b *Broker) end(w http.ResponseWriter, r *http.Request, c Current, reason string) error {
	b.setCookie(w, sessionCookie, "", 0)
	if c.Session.Account() == "" {
		return nil
	}
	return b.finish(r.Context(), c, ledger.SignedOut{Reason: reason, Account: c.Session.Account()})
}
