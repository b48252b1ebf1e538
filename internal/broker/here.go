package broker

import (
	"context"
	"net/http"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/store"
	"kapu/internal/web"
)

// hereDoor names the door to the gateway's own pages.
const hereDoor = "here"

// here is the door to the gateway's own pages: the portal and the desk are
// reached by the same corridor as every service.
type here struct{ b *Broker }

// Name implements [Door].
func (here) Name() string { return hereDoor }

// Reply implements [Door]: it goes back to the page that asked.
func (d here) Reply(w http.ResponseWriter, r *http.Request, a Answer) error {
	if a.Error != "" {
		return web.SeeOther(w, r, "/")
	}
	return web.SeeOther(w, r, LocalPath(string(a.Request.Resume)))
}

// Request is a request for one of the gateway's own pages.
func Request(level law.Level, path string) authn.Request {
	return authn.Request{Door: hereDoor, Level: level, Resume: []byte(path)}
}

type currentKey struct{}

// Of returns the session under which a page behind [Broker.Require] is served.
func Of(ctx context.Context) Current {
	c, _ := ctx.Value(currentKey{}).(Current)
	return c
}

// WithCurrent puts a session under a context; samples and tests use it.
func WithCurrent(ctx context.Context, c Current) context.Context {
	return context.WithValue(ctx, currentKey{}, c)
}

// Require serves a page only to visitors whose session reaches the level;
// others are sent through the corridor and come back. A form that was posted
// without a session comes back to the page it was on.
func (b *Broker) Require(level law.Level, h web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := b.Current(r)
		if err != nil {
			return err
		}
		if c.Session.Account() == "" || c.Session.Level(c.Rules) < level {
			return b.Open(w, r, Request(level, r.URL.RequestURI()))
		}
		ctx, err := b.greet(WithCurrent(r.Context(), c), c)
		if err != nil {
			return err
		}
		return h(w, r.WithContext(ctx))
	}
}

// Greet lets a page that everybody may see greet a visitor who is signed in.
func (b *Broker) Greet(h web.HandlerFunc) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := b.Current(r)
		if err != nil {
			return err
		}
		if !c.Ended.IsZero() && r.Method == http.MethodGet {
			return b.showEnded(w, r, c.Ended, r.URL.RequestURI(), nil)
		}
		ctx := WithCurrent(r.Context(), c)
		if c.Session.Level(c.Rules) > law.NoLevel {
			if ctx, err = b.greet(ctx, c); err != nil {
				return err
			}
		}
		return h(w, r.WithContext(ctx))
	}
}

func (b *Broker) greet(ctx context.Context, c Current) (context.Context, error) {
	v := web.Visitor{Clerk: c.Standing.Office != ""}
	err := b.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(c.Session.Person())
		if err != nil {
			return err
		}
		v.Name = p.CurrentName.String()
		if v.Clerk {
			o, err := tx.Office(c.Standing.Office)
			v.Office = o.Name
			return err
		}
		return nil
	})
	return web.WithVisitor(ctx, v), err
}
