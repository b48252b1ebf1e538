package broker

import (
	"context"

	"kapu/internal/authn"
	"kapu/internal/store"
)

// readMandates puts into the visit by which mandates the owner of the session may
// act at the service, where it takes people who act for others.
func (b *Broker) readMandates(ctx context.Context, v *Visit) error {
	v.Mandates, v.Standing.Mandates = nil, nil
	if !v.Transaction.Request.Mandates || v.Session.Person() == "" || v.Standing.Provisional {
		return nil
	}
	err := b.DB.View(ctx, func(tx *store.Tx) (err error) {
		v.Mandates, err = tx.MandatesFor(v.Session.Person(), v.Transaction.Request.Service)
		return err
	})
	for _, m := range v.Mandates {
		v.Standing.Mandates = append(v.Standing.Mandates, m.ID)
	}
	return err
}

// under is the mandate of a step; nil where the person acts in their own matter.
func (v *Visit) under(step authn.Step) *store.Mandate {
	for _, m := range v.Mandates {
		if m.ID == step.Mandate {
			return &m
		}
	}
	return nil
}

// Subject is the person whom the service is told of: for whom somebody acts, or
// who came.
func (a Answer) Subject() string {
	if a.Mandate != nil {
		return a.Mandate.Principal
	}
	return a.Achieved.Person
}
