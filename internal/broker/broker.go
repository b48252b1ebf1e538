// Package broker owns the corridor between a service's request and its answer:
// it opens a transaction, leads the visitor from room to room as authn.Next
// decides, keeps the session and writes down what happened. It owns the
// chooser, the refusals and signing out. It refuses to know how any factor is
// proved and how any protocol speaks.
package broker

import (
	"context"
	"embed"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/living"
	"kapu/internal/store"
	"kapu/internal/volatile"
	"kapu/internal/web"
)

//go:embed *.html text
var files embed.FS

// Door is a federation protocol: it opens transactions and gives the answers.
type Door interface {
	// Name is the door's name in authn.Request.Door.
	Name() string
	// Reply answers the service whose request led here.
	Reply(w http.ResponseWriter, r *http.Request, a Answer) error
}

// Answer is what a door tells the service: who the person is, or why not.
type Answer struct {
	Request  authn.Request
	Service  *catalogue.Service // nil for the gateway's own pages
	Achieved authn.Achievement  // valid when Error is ""
	Session  authn.Session
	Mandate  *store.Mandate // by which the person acts for another; nil in their own matter
	Allowed  []string       // of what the request asks for, what the person lets the service have
	Error    string         // one of the authn.Err constants
}

// Config is what the broker works with.
type Config struct {
	DB        *store.DB
	Volatile  volatile.Store
	Ring      *keys.Ring
	Ledger    *ledger.Ledger
	Law       law.Table
	Catalogue *catalogue.Catalogue
	Shell     *web.Shell
	Now       func() time.Time
	Secure    bool // the gateway is reached by https
	Proxied   bool // X-Forwarded-For is set by a proxy of ours
}

// Broker leads visitors. It is safe for concurrent use once all doors are added.
type Broker struct {
	Config
	// Announcer tells people that they were identified; nil tells nobody. It is set before the broker is mounted.
	Announcer Announcer
	// Heard names the factor whose secret others may know, so that its owner must choose another; nil knows of none.
	// It is set before the broker is mounted.
	Heard func(tx *store.Tx, person string) (authn.Factor, error)

	pages *web.Pages
	doors map[string]Door
	rules atomic.Pointer[rulesOfMinute]
	lives living.Register // which sessions of a person do
}

// New makes a broker with the one door it owns, to the gateway's own pages.
func New(c Config) *Broker {
	b := &Broker{Config: c, pages: c.Shell.Pages("broker", files), doors: map[string]Door{}}
	b.lives = living.Register{Store: c.Volatile, Key: b.listKey, Now: c.Now}
	b.AddDoor(here{b})
	b.samples()
	return b
}

// AddDoor lets transactions be answered through a door.
func (b *Broker) AddDoor(d Door) { b.doors[d.Name()] = d }

// Mount adds the broker's own rooms.
func (b *Broker) Mount(mux *http.ServeMux) {
	b.Room(mux, string(authn.Choose), b.choose)
	b.Room(mux, string(authn.Refuse), b.refuse)
	b.Room(mux, string(authn.WrongSelf), b.otherSelf("self", authn.ErrDenied))
	b.Room(mux, string(authn.NotFinal), b.otherSelf("provisional", authn.ErrProvisional))
	b.Room(mux, leaveRoom, b.leave)
	b.Shell.Handle(mux, "GET /signout", b.askSignOut)
	b.Shell.Handle(mux, "POST /signout", b.signOut)
}

// Rules are the rules of signing in as the law is at now. Law changes with the
// day, so what was read within the same minute still holds.
func (b *Broker) Rules(now time.Time) authn.Rules {
	minute := now.Truncate(time.Minute)
	if known := b.rules.Load(); known != nil && known.minute.Equal(minute) {
		return known.rules
	}
	read := &rulesOfMinute{minute, authn.RulesAt(b.Law, minute)}
	b.rules.Store(read)
	return read.rules
}

// rulesOfMinute are the rules as they were read last.
type rulesOfMinute struct {
	minute time.Time
	rules  authn.Rules
}

// Open begins a transaction for a request and sends the visitor to its first
// room, or answers at once when the session suffices (R1). It writes nothing
// unless it answers.
func (b *Broker) Open(w http.ResponseWriter, r *http.Request, q authn.Request) error {
	current, err := b.Current(r)
	if err != nil {
		return err
	}
	service := b.Catalogue.Service(q.Service)
	q.Provisional = service == nil || service.Provisional
	if service != nil {
		q.Kind, q.Mandates = service.KindOf(), service.Mandates
	}
	t := authn.Transaction{ID: store.NewID(), Opened: b.Now(), Request: q}
	v := &Visit{Transaction: t, Current: current, Service: service}
	step, err := b.next(r.Context(), v)
	if err != nil {
		return err
	}
	if step.Room == authn.Reply {
		return b.reply(w, r, v, step)
	}
	v.Transaction.Browser = b.browser(w, r)
	if !current.Ended.IsZero() && !q.Passive {
		return b.tellEnded(w, r, v, step)
	}
	return b.lead(w, r, v, step)
}

// next is where the visitor goes from here.
func (b *Broker) next(ctx context.Context, v *Visit) (authn.Step, error) {
	if err := b.readDecision(ctx, v); err != nil {
		return authn.Step{}, err
	}
	if err := b.readMandates(ctx, v); err != nil {
		return authn.Step{}, err
	}
	if err := b.readHeard(ctx, v); err != nil {
		return authn.Step{}, err
	}
	return authn.Next(v.Transaction, v.Session, v.Standing, v.Rules), nil
}

// onward sends the visitor there.
func (b *Broker) onward(w http.ResponseWriter, r *http.Request, v *Visit) error {
	step, err := b.next(r.Context(), v)
	if err != nil {
		return err
	}
	return b.lead(w, r, v, step)
}

// lead sends the visitor to the room of a step.
func (b *Broker) lead(w http.ResponseWriter, r *http.Request, v *Visit, step authn.Step) error {
	if step.Room == authn.Reply {
		return b.reply(w, r, v, step)
	}
	address, err := b.address(v.Transaction, roomOf(step))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, address)
}

// roomOf names the room of a step; its path is /signin/ and the name.
func roomOf(step authn.Step) string {
	switch step.Room {
	case authn.Prove:
		return string(step.Factor)
	case authn.Enrol:
		return "enrol/" + string(step.Factor)
	case authn.Replace:
		return "replace/" + string(step.Factor)
	}
	return string(step.Room)
}

const (
	roomPrefix  = "/signin/"
	sealPurpose = "signin/"
)

// address seals the transaction for one room.
func (b *Broker) address(t authn.Transaction, room string) (string, error) {
	sealed, err := b.seal(t, room)
	return roomPrefix + room + "?t=" + url.QueryEscape(sealed), err
}

func (b *Broker) reply(w http.ResponseWriter, r *http.Request, v *Visit, step authn.Step) error {
	door := b.doors[v.Transaction.Request.Door]
	a := Answer{Request: v.Transaction.Request, Service: v.Service, Achieved: step.Achieved, Error: step.Error}
	if step.Error == "" {
		if a.Mandate = v.under(step); a.Mandate == nil {
			a.Allowed = v.allowed() // as it was read for this step; another tab may make us read the session anew
		}
		switch err := b.visited(r.Context(), v); {
		case errors.Is(err, errEnded):
			return b.onward(w, r, v)
		case err != nil:
			return err
		}
		a.Session = v.Session
	}
	return door.Reply(w, r, a)
}

// errEnded: the session ended while its visitor was on the way.
var errEnded = errors.New("broker: the session has ended")

// visited remembers that the session reached the service, so that it can be
// told of the session's end. Later visits to the same service write nothing.
func (b *Broker) visited(ctx context.Context, v *Visit) error {
	if v.Service == nil || v.Session.Reached(v.Service.ID) {
		return nil
	}
	for _, d := range b.enders() {
		if err := d.Reached(ctx, v.Session, v.Service); err != nil {
			return err
		}
	}
	err := b.keep(ctx, v, func(s authn.Session) authn.Session { return s.Visited(v.Service.ID, b.Now()) })
	if err == nil {
		err = b.passed(ctx, v)
	}
	if err != nil || v.Service.SAML == nil {
		return err
	}
	return b.place(ctx, v.Session, v.key, v.Rules)
}

// keepTries bounds how often a change of a session is written down after others;
// each loss means that another tab was first.
const keepTries = 8

// keep writes down a change of the session, beside what other tabs write at the
// same time. errEnded: in one of them the session was ended.
func (b *Broker) keep(ctx context.Context, v *Visit, change func(authn.Session) authn.Session) error {
	for range keepTries {
		done, err := b.change(ctx, &v.Current, change(v.Session))
		if err != nil || done {
			return err
		}
		if v.Current, err = b.under(ctx, v.key); err != nil {
			return err
		}
		if v.Session.Account() == "" {
			return errEnded
		}
	}
	return errors.New("broker: too many tabs at one session")
}

// cookie names: the prefix __Host- forbids them to be set from elsewhere, but
// browsers accept it over https only (RFC 6265bis, 4.1.3.2).
func (b *Broker) cookieName(name string) string {
	if b.Secure {
		return "__Host-" + name
	}
	return name
}

func (b *Broker) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{Name: b.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteLaxMode}
	switch {
	case value == "":
		c.MaxAge = -1
	case life > 0:
		c.MaxAge = int(life.Seconds())
	}
	http.SetCookie(w, c)
}

func (b *Broker) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(b.cookieName(name))
	if err != nil || len(c.Value) > 4096 {
		return ""
	}
	return c.Value
}

// LocalPath returns a path of the gateway that is safe to redirect to, or "/".
func LocalPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}

// Address is the visitor's network address. Behind a proxy of ours it is the
// last one that the proxy added; what came before may be made up.
func (b *Broker) Address(r *http.Request) string {
	if b.Proxied {
		// Some proxies lengthen the line that came, others add one of their own below it.
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
			return last
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
