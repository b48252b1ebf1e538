package revocation_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"kapu/internal/method/roomtest"
	"kapu/internal/store"
	"kapu/internal/store/storetest"
)

// Whoever has read the mailbox of somebody with an app for long shuts the account
// by any notice, and yet sets no app of their own up.
func TestAMailboxAloneDoesNotOpenWhatWasGuarded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		g := roomtest.New(t, db, clock)
		anna := g.Citizen(t, "KisAnna")
		_, anna = g.Enrol(t, g.Browser(t).SignIn(anna), anna)
		g.Letters(t)
		g.Clock.Advance(100 * time.Hour)
		b := g.Browser(t).SignIn(anna)
		b.Submit("code", g.Code(anna.Secret)).Visit("/account/plus").Submit()
		b, anna = g.Enrol(t, b, anna) // another phone, and so a notice
		thief := g.Browser(t).Visit(g.Letter(t, "plus-requested").Path()).Submit().At("/revoke/done")
		letter := g.Letter(t, "plus-revoked")
		g.Clock.Advance(time.Minute)
		thief.Visit(letter.Path()).Submit("username", string(anna.Username), "code", letter.Code).At("/activate/password")
		thief.Submit("password", "kilenc kerek kő koppan").At("/signin/refuse").See(http.StatusForbidden, "csak személyesen")
		if events := g.Events(t, anna.PersonID); !slices.Contains(events, "disposition.changed") {
			t.Errorf("the history does not say so: %v", events)
		}
		b.Visit("/account").At("/signin/choose")
	})
}
