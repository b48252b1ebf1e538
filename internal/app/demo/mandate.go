package demo

import (
	"context"

	"kapu/internal/identity"
	"kapu/internal/mandate"
	"kapu/internal/simulator/services"
	"kapu/internal/store"
)

// Situations of two people of whom the one acts for the other.
const accountant, client = "accountant", "client"

// appoint has the client let the accountant act at the tax office, unless they
// have dealt with each other already.
func (s *seeder) appoint(ctx context.Context, citizens []Login) error {
	return s.app.DB.Update(ctx, func(tx *store.Tx) error {
		who := map[string]identity.Account{}
		for _, l := range citizens {
			if l.Situation != accountant && l.Situation != client {
				continue
			}
			a, err := tx.AccountByUsername(identity.Username(l.Username))
			if err != nil {
				return err
			}
			who[l.Situation] = a
		}
		known, err := tx.MandatesOf(who[client].PersonID)
		if err != nil || len(known) > 0 {
			return err
		}
		wish := mandate.Wish{Services: []string{services.Tax().ID}, Until: tx.Now.Add(s.app.Law.LongestMandate(tx.Now)), Reveal: mandate.FullName}
		_, err = s.app.Mandates().Record(tx, who[client], who[accountant].PersonID, wish, mandate.Clerk{Office: office.ID})
		return err
	})
}
