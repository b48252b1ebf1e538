package broker

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"kapu/internal/authn"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/useragent"
	"kapu/internal/web"
)

func asProblem(err error, p **web.Problem) bool { return errors.As(err, p) }

// Complete is the only way out of a room in which something was proved: it
// writes the event into the ledger together with what the room itself records
// (also may be nil), begins the session anew with the event, and leads on.
func (b *Broker) Complete(w http.ResponseWriter, r *http.Request, v *Visit, e authn.Event, also func(*store.Tx) error) error {
	ctx := r.Context()
	var left authn.Session
	if v.Standing.Account != e.Account { // the other's session ends; its key stays, so that begin forgets it
		left, v.Session = v.Session, authn.Session{}
	}
	session, kind, fresh := v.Session.With(e), "", store.NewID()
	device := b.rememberedOr(r, e.Account, fresh)
	v.known = device != fresh
	err := b.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if err := b.ended(tx, left); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		if err := b.record(tx, r, v, session, e); err != nil {
			return err
		}
		if session.Device, err = b.remember(tx, r, v, session, device); err != nil || session.ID != "" {
			return err
		}
		kind, err = sealKind(tx, r, e.Person)
		return err
	})
	if err != nil {
		return err
	}
	if v.Session, err = b.begin(ctx, w, v, session, kind); errors.Is(err, errEnded) {
		return b.endedMeanwhile(w, r, v)
	} else if err != nil {
		return err
	}
	if err := b.unlist(ctx, left); err != nil {
		return err
	}
	if e.Factor != authn.Password { // a password that comes twice is simply proved twice
		if err := b.rememberOutcome(ctx, r, v); err != nil {
			return err
		}
	}
	return b.arrive(w, r, v, e)
}

// Admit begins a transaction for one of the gateway's own pages with a proof
// that was made outside the corridor: the password set at activation. It leads
// on from there.
func (b *Broker) Admit(w http.ResponseWriter, r *http.Request, q authn.Request, e authn.Event, also func(*store.Tx) error) error {
	current, err := b.Current(r)
	if err != nil {
		return err
	}
	q.Provisional = true // a page of our own
	t := authn.Transaction{ID: store.NewID(), Opened: b.Now(), Request: q, Browser: b.browser(w, r)}
	return b.Complete(w, r, &Visit{Transaction: t, Current: current}, e, also)
}

// record writes what was proved, and has its person told. It is an identification
// once a method is whole.
func (b *Broker) record(tx *store.Tx, r *http.Request, v *Visit, s authn.Session, e authn.Event) error {
	d, err := tx.Disposition(e.Person)
	if err != nil {
		return err
	}
	if err := b.recordForbidden(tx, r, v, s, e, d); err != nil {
		return err
	}
	best, ok := s.Best(v.Rules.For(d, ""))
	if !ok || best.Method.Level == law.NoLevel {
		return nil
	}
	if _, err := b.Ledger.Append(tx, e.Person, ledger.Identified{
		Method: best.Method.Name, Level: best.Method.Level, Account: e.Account, Device: useragent.Read(r.UserAgent()).Name(), Address: b.Address(r),
	}); err != nil {
		return err
	}
	return b.announce(tx, r, v, e, best.Method.Name, false)
}

// arrive leads on after a proof, with the standing as it is now.
func (b *Broker) arrive(w http.ResponseWriter, r *http.Request, v *Visit, e authn.Event) error {
	var err error
	if v.Standing, err = b.standing(r.Context(), e.Account); err != nil {
		return err
	}
	v.Rules = b.Rules(b.Now()).For(v.Standing.Disposition, "")
	v.Transaction.State, v.Transaction.Proved = nil, true
	if r.URL.Path == roomPrefix+roomOf(authn.Step{Room: authn.Enrol, Factor: e.Factor}) {
		v.Transaction.Request.Enrol = "" // done; a factor that was only proved may yet be replaced
	}
	if v.Session.Level(v.Rules) > law.NoLevel {
		b.takeDevice(w, r, e.Account, v.Session.Device, v.Transaction.Chosen)
	}
	return b.onward(w, r, v)
}

// outcomeLife is how long a second submit of the same page finds the outcome of
// the first: the cookie of the session that it led to, so that a double click
// does not end in an error.
const outcomeLife = time.Minute

func outcomeKey(b *Broker, r *http.Request, t authn.Transaction) string {
	return "outcome/" + b.Ring.Digest("outcome", t.ID+" "+r.URL.Path+" "+t.Browser)
}

func (b *Broker) rememberOutcome(ctx context.Context, r *http.Request, v *Visit) error {
	if r.Method != http.MethodPost {
		return nil
	}
	raw, err := json.Marshal(v.cookie)
	if err != nil {
		return err
	}
	sealed, err := b.Ring.Seal("outcome", raw)
	if err != nil {
		return err
	}
	return b.Volatile.Put(ctx, outcomeKey(b, r, v.Transaction), []byte(sealed), outcomeLife)
}

// Repeat tells whether this very step was completed a moment ago in the same
// browser, and if so leads on as it did. A room calls it before it refuses a
// one-time code as used. A session that has ended since is not brought back.
func (b *Broker) Repeat(w http.ResponseWriter, r *http.Request, v *Visit) (bool, error) {
	sealed, found, err := b.Volatile.Get(r.Context(), outcomeKey(b, r, v.Transaction))
	if err != nil || !found {
		return false, err
	}
	raw, err := b.Ring.Unseal("outcome", string(sealed))
	if err != nil {
		return false, nil
	}
	var cookie string
	if err := json.Unmarshal(raw, &cookie); err != nil {
		return false, err
	}
	current, err := b.under(r.Context(), b.sessionKey(cookie))
	if err != nil || current.Session.Account() == "" {
		return false, err
	}
	b.setCookie(w, sessionCookie, cookie, 0)
	v.Current, v.cookie = current, cookie
	return true, b.arrive(w, r, v, current.Session.Events[len(current.Session.Events)-1])
}

// LeadOn leads on a form whose step is over: sent twice, or from a page that was
// left open.
func (b *Broker) LeadOn(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if v.Session.Account() == "" { // perhaps begun anew a moment ago, by the first of two submits
		done, err := b.Repeat(w, r, v)
		if err != nil || done {
			return err
		}
	}
	return b.Go(w, r, v, func(*authn.Transaction) {})
}

// Go leads on after a change of the transaction that proved nothing.
func (b *Broker) Go(w http.ResponseWriter, r *http.Request, v *Visit, change func(*authn.Transaction)) error {
	v.Transaction.State = nil
	change(&v.Transaction)
	return b.onward(w, r, v)
}
