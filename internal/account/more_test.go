package account_test

import (
	"net/http"
	"strings"
	"testing"

	"kapu/internal/identity"
	"kapu/internal/method/roomtest"
	"kapu/internal/store"
)

// further gives the citizen another account, which waits for its activation.
func (w *world) further(c roomtest.Citizen, username string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		_, err := tx.AddAccount(identity.Account{PersonID: c.PersonID, State: identity.Pending, Username: identity.Username(username),
			Email: c.Email, Lang: "hu", Office: "office", ValidUntil: tx.Now.AddDate(5, 0, 0)})
		return err
	})
}

func TestTheAccountsOfAPerson(t *testing.T) {
	each(t, func(w *world) {
		anna := w.citizen("KisAnna", 2)
		w.citizen("NagyCili", 2)
		b := w.signIn(anna).Visit("/account/more").See(http.StatusOK, "Egy ügyfélkapuja van", "KisAnna", "2028. március 2-ig érvényes", "most ezt használja", "3000 forint", "Az első ügyfélkapu ingyenes")
		w.further(anna, "AnnaKettő")
		b.Visit("/account/more").See(http.StatusOK, "2 ügyfélkapuja van", "AnnaKettő", "az aktiváló kódra vár", "nincs aktiválva")
		lacks(w.t, b, "NagyCili")
		if strings.Count(b.Body, "most ezt használja") != 1 {
			w.t.Error("two accounts in use at once")
		}
		b.Visit("/account/more?lang=en").See(http.StatusOK, "You have 2 accounts", "in use now", "3000 forints")
	})
}

func TestAccountsThatAreClosedOrOver(t *testing.T) {
	w := open(t)
	anna := w.citizen("KisAnna", 2)
	w.further(anna, "AnnaKettő")
	w.update(func(tx *store.Tx) error {
		all, err := tx.AccountsOf(anna.PersonID)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.ID == anna.ID {
				continue
			}
			if err := tx.Activate(a.ID, tx.Now.AddDate(0, 0, 1)); err != nil {
				return err
			}
		}
		return nil
	})
	w.Clock.Advance(2 * day)
	w.signIn(anna).Visit("/account/more").See(http.StatusOK, "2026. március 3. óta nem érvényes", "lejárt")
	shut := w.citizen("NagyCili", 2)
	w.update(func(tx *store.Tx) error {
		a, err := tx.Account(shut.ID)
		if err != nil {
			return err
		}
		a.PersonID, a.Username = anna.PersonID, "AnnaHárom"
		if a, err = tx.AddAccount(a); err != nil {
			return err
		}
		return tx.CloseAccount(a.ID)
	})
	b := w.signIn(anna).Visit("/account/more").See(http.StatusOK, "AnnaHárom", "lezárva", "új aktiváló kóddal nyitható meg")
	w.update(func(tx *store.Tx) error { return tx.CloseAccount(anna.ID) })
	b.Visit("/account/more").At("/signin/choose")
}
