package account

import (
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/store"
	"kapu/internal/web"
)

// listed is one of the person's accounts in a line.
type listed struct {
	Username string
	Until    time.Time // zero: it is not activated yet
	Here     bool      // it is the one of this session
	Closed   bool      // shut; a new activation opens it
	State    string    // "on", "wait" or "off", as the shell draws it
	StateKey string
}

// moreData is the dot of the page of a person's accounts.
type moreData struct {
	Accounts []listed
	Free     int // accounts without a fee
	Fee      int // forints
	FeeSet   bool
	Unproved bool // the account is provisional: a further one needs the desk as this one does
}

// more lists the accounts of the person whose session it is, and says how a
// further one is made (R7).
func (x *Room) more(w http.ResponseWriter, r *http.Request) error {
	c, now := broker.Of(r.Context()), x.Broker.Now()
	d := moreData{Free: x.Broker.Law.FreeAccounts(now), Unproved: c.Standing.Provisional}
	d.Fee, d.FeeSet = x.Broker.Law.FurtherAccountFee(now)
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		all, err := tx.AccountsOf(c.Session.Person())
		for _, a := range all {
			d.Accounts = append(d.Accounts, listedOf(a, c.Session.Account(), now))
		}
		return err
	})
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "more", web.View{Data: d})
	return nil
}

func listedOf(a identity.Account, here string, now time.Time) listed {
	l := listed{Username: string(a.Username), Until: a.ValidUntil, Here: a.ID == here, State: "off", StateKey: "account.state.closed"}
	switch {
	case a.State == identity.Pending:
		l.State, l.StateKey, l.Until = "wait", "account.state.pending", time.Time{}
	case !now.Before(a.ValidUntil):
		l.StateKey = "account.state.expired"
	case a.State == identity.Closed:
		l.Closed = true
	case a.State == identity.Active && a.Provisional:
		l.State, l.StateKey = "wait", "account.state.provisional"
	case a.State == identity.Active:
		l.State, l.StateKey = "on", "account.state.active"
	}
	return l
}
