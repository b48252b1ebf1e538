package broker

import (
	"context"
	"net/http"
	"slices"

	"kapu/internal/authn"
	"kapu/internal/catalogue"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// readDecision puts into the standing what the owner of the session has decided
// about the service, where it asks for something that is theirs to give.
func (b *Broker) readDecision(ctx context.Context, v *Visit) error {
	v.Standing.Allows, v.Standing.Refuses = nil, nil
	if len(v.Transaction.Request.Asks) == 0 || v.Session.Person() == "" {
		return nil
	}
	return b.DB.View(ctx, func(tx *store.Tx) error {
		d, err := tx.Decision(v.Session.Person(), v.Transaction.Request.Service)
		v.Standing.Allows, v.Standing.Refuses = d.Allows, d.Refuses
		return err
	})
}

// allowed is what the service asks for and may have.
func (v *Visit) allowed() (names []string) {
	for _, name := range v.Transaction.Request.Asks {
		if slices.Contains(v.Standing.Allows, name) {
			names = append(names, name)
		}
	}
	return names
}

// Told is what is recorded when a service is told of a person what the claims say;
// how the person was identified is for the door to add. The service may be gone
// from the catalogue meanwhile.
func Told(s *catalogue.Service, claims []catalogue.Claim) ledger.Released {
	told := ledger.Released{Service: s.ID, Data: catalogue.Names(claims), Consented: catalogue.Names(s.OnConsent(claims))}
	if len(s.OnGround(claims)) > 0 {
		told.Ground = s.Ground
	}
	return told
}

// Decide keeps what the person decided about what the service of the visit asks
// for, in the place of what they decided about it before, and leads on. What is
// among neither stays as it was.
func (b *Broker) Decide(w http.ResponseWriter, r *http.Request, v *Visit, allows, refuses []string) error {
	ctx, service, person := r.Context(), v.Transaction.Request.Service, v.Session.Person()
	err := b.DB.Update(ctx, func(tx *store.Tx) error {
		d, err := tx.Decision(person, service)
		if err != nil {
			return err
		}
		if err := tx.Decide(person, service, d.With(allows, refuses)); err != nil {
			return err
		}
		_, err = b.Ledger.Append(tx, person, ledger.ConsentDecided{Service: service, Allowed: allows, Refused: refuses})
		return err
	})
	if err != nil {
		return err
	}
	return b.Go(w, r, v, func(t *authn.Transaction) { t.Decided = true })
}

// State remembers that the person stated an identifier, and that the register
// confirmed it, together with what the room itself records, and leads on.
func (b *Broker) State(w http.ResponseWriter, r *http.Request, v *Visit, name string, also func(*store.Tx) error) error {
	ctx := r.Context()
	err := b.DB.Update(ctx, func(tx *store.Tx) error {
		if err := also(tx); err != nil {
			return err
		}
		_, err := b.Ledger.Append(tx, v.Session.Person(), ledger.IdentifierStated{Service: v.Transaction.Request.Service, Name: name})
		return err
	})
	if err != nil {
		return err
	}
	err = b.keep(ctx, v, func(s authn.Session) authn.Session { return s.Stating(name, b.Now()) })
	if err != nil && err != errEnded {
		return err
	}
	return b.Go(w, r, v, func(*authn.Transaction) {})
}
