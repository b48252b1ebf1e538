package broker

import (
	"context"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/ledger"
	"kapu/internal/living"
	"kapu/internal/store"
	"kapu/internal/useragent"
)

// listKey is where the list of a person's sessions is kept.
func (b *Broker) listKey(person string) string {
	return "sessions/" + b.Ring.Digest("sessions", person)
}

// enlist puts a session that is new on its person's list, or says there that one
// has moved. errEnded: it was taken off the list meanwhile.
func (b *Broker) enlist(ctx context.Context, v *Visit, s authn.Session, isNew bool, l living.Session) error {
	if !isNew {
		lives, err := b.lives.Move(ctx, s.Person(), l.ID, l.Key)
		if err == nil && !lives {
			err = errEnded
		}
		return err
	}
	l.Until = s.Began().Add(v.Rules.SessionLife)
	over, err := b.lives.Begin(ctx, s.Person(), l, b.Law.MostSessions(b.Now()))
	if err != nil {
		return err
	}
	for _, o := range over {
		if err := b.finishAt(ctx, o, tooMany); err != nil {
			return err
		}
	}
	return nil
}

// kindPlace binds the kind of a browser to the person on whose list it stands.
func kindPlace(person string) string { return "sessions/kind/" + person }

// sealKind is the kind of the visitor's browser, under the person's key.
func sealKind(tx *store.Tx, r *http.Request, person string) (string, error) {
	key, err := tx.PersonalKey(person)
	if err != nil {
		return "", err
	}
	return key.Encrypt(kindPlace(person), useragent.Read(r.UserAgent()).String()), nil
}

// Held is a session of a person that lives.
type Held struct {
	Current
	Kind useragent.Kind // of the browser that holds it
	Here bool           // this very one
	at   living.Session
}

// Sessions are the sessions of the visitor that live, the newest first. Other
// accounts of the same person have theirs among them.
func (b *Broker) Sessions(ctx context.Context, c Current) (all []Held, err error) {
	list, err := b.lives.List(ctx, c.Session.Person())
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		one, err := b.read(ctx, l.Key)
		if err != nil {
			return nil, err
		}
		if one.Session.ID == l.ID {
			all = append(all, Held{Current: one, Here: l.ID == c.Session.ID, at: l})
		}
	}
	slices.Reverse(all)
	return all, b.openKinds(ctx, c.Session.Person(), all)
}

// openKinds reads of which kind the browsers are.
func (b *Broker) openKinds(ctx context.Context, person string, all []Held) error {
	return b.DB.View(ctx, func(tx *store.Tx) error {
		key, err := tx.PersonalKey(person)
		if err != nil {
			return err
		}
		for i := range all {
			if plain, err := key.Decrypt(kindPlace(person), all[i].at.Kind); err == nil {
				all[i].Kind = useragent.Parse(plain)
			}
		}
		return nil
	})
}

// EndHeld ends a session of the visitor that lives in another browser: at once, in
// every process, and for its services. Its browser is told when it comes.
func (b *Broker) EndHeld(ctx context.Context, h Held) error {
	why := ledger.SignedOut{Reason: byElsewhere, Account: h.Session.Account(), Device: h.Kind.Name()}
	return b.finish(ctx, h.Current, why)
}

// finishAt ends a session that has been taken off the list, if it counts.
func (b *Broker) finishAt(ctx context.Context, l living.Session, reason string) error {
	c, err := b.read(ctx, l.Key)
	if err != nil || c.Session.ID != l.ID {
		return err
	}
	return b.finish(ctx, c, ledger.SignedOut{Reason: reason, Account: c.Session.Account()})
}

// SignOutEverywhere ends all sessions of the visitor, and says goodbye as signing
// out does.
func (b *Broker) SignOutEverywhere(w http.ResponseWriter, r *http.Request, c Current) error {
	all, err := b.Sessions(r.Context(), c)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Here {
			continue
		}
		if err := b.EndHeld(r.Context(), h); err != nil {
			return err
		}
	}
	return b.signOut(w, r)
}
