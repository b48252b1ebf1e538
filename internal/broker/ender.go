package broker

import (
	"context"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/store"
)

// Ender is a door whose services want to hear of the end of a session.
type Ender interface {
	Door
	// Reached is called when a session comes to a service for the first time,
	// before the door replies. It may be called again if that fails.
	Reached(ctx context.Context, s authn.Session, service *catalogue.Service) error
	// Ended is called in the transaction in which the broker ends a session:
	// somebody signs out, or signs in as somebody else. Sessions that end with
	// their account, or because it counts them no more, end in package store,
	// where the account does.
	Ended(tx *store.Tx, s authn.Session) error
	// Parting tells how a service of a session hears of the end.
	Parting(s authn.Session, service *catalogue.Service) Parting
}

// Parting is how a service hears of the end of a session: in both ways, in one
// or, with the zero value, not at all.
type Parting struct {
	Told  bool   // by us, without the visitor
	Frame string // by the visitor's browser, which must load this address; "" for not so
	Walk  bool   // by the visitor's browser, which must go there itself and comes back: see [Walker]
}

// Walker is a door that leads the visitor's browser from one service to the next
// when a session has ended, since browsers give frames no cookies.
type Walker interface {
	Ender
	// Walk begins the way. The door ends it with [Broker.Walked], to which it hands
	// rest, which is sealed; nobody comes back whom a service keeps.
	Walk(w http.ResponseWriter, r *http.Request, s authn.Session, services []string, rest string) error
}

// enders are the doors that want to hear.
func (b *Broker) enders() (list []Ender) {
	for _, d := range b.doors {
		if e, ok := d.(Ender); ok {
			list = append(list, e)
		}
	}
	return list
}

// walker is the door that leads browsers on; there is one at most.
func (b *Broker) walker() Walker {
	for _, d := range b.doors {
		if w, ok := d.(Walker); ok {
			return w
		}
	}
	return nil
}

// ended lets the doors hear that a session ends in this transaction; the zero
// session does not.
func (b *Broker) ended(tx *store.Tx, s authn.Session) error {
	if s.Account() == "" {
		return nil
	}
	for _, d := range b.enders() {
		if err := d.Ended(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// parting is how a service hears, by any of the doors.
func (b *Broker) parting(s authn.Session, service *catalogue.Service) (all Parting) {
	for _, d := range b.enders() {
		p := d.Parting(s, service)
		all.Told, all.Walk = all.Told || p.Told, all.Walk || p.Walk
		if p.Frame != "" {
			all.Frame = p.Frame
		}
	}
	return all
}
