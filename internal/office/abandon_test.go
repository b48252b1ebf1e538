package office

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/internal/registration"
	"kapu/internal/simulator/population"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

func TestACaseThatNobodyTouchesIsForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		s := newStand(t, db, clock)
		people := s.people.In(population.Ordinary)
		old := caseID(s.checked(people[0]))
		clock.Advance(20 * day24)
		fresh := caseID(s.checked(people[1]))
		sweep := func(want map[string]registration.State) {
			t.Helper()
			if err := s.desk.Abandon(context.Background()); err != nil {
				t.Fatal(err)
			}
			s.update(func(tx *store.Tx) error {
				for id, state := range want {
					c, err := tx.Case(id)
					if err != nil {
						return err
					}
					if c.State != string(state) || (len(c.Data) == 0) != (state == registration.Withdrawn) {
						t.Errorf("case is %s with %d bytes of data, want %s", c.State, len(c.Data), state)
					}
				}
				return nil
			})
		}
		clock.Advance(10*day24 - time.Second)
		sweep(map[string]registration.State{old: registration.Checked, fresh: registration.Checked})
		clock.Advance(2 * time.Second)
		sweep(map[string]registration.State{old: registration.Withdrawn, fresh: registration.Checked})
		sweep(map[string]registration.State{old: registration.Withdrawn, fresh: registration.Checked})
		if kinds, _ := s.ledgerKinds(); kinds["registration.withdrawn"] != 1 {
			t.Errorf("ledger: %v", kinds)
		}
		s.sees(s.get("/office/registrations/"+old), http.StatusOK)
	})
}

func caseID(path string) string { return strings.TrimPrefix(path, "/office/registrations/") }
