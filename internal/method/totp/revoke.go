package totp

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

const (
	revocationPurpose = "plus-revocation"

	revokePath  = "/revoke"
	revokedPath = "/revoke/done"
)

// revocationLink puts a fresh code in place of any earlier one and returns the
// link that holds it. The token names itself and nobody.
func (x *Room) revocationLink(tx *store.Tx, account string, until time.Time) (string, error) {
	token := keys.RandomToken()
	code := store.Code{Account: account, Purpose: revocationPurpose, Digest: x.Broker.Ring.Digest(revocationPurpose, token), Expires: until}
	return x.Issuer + revokePath + "?c=" + token, tx.PutCode(code)
}

type revokeData struct {
	Until   time.Time
	Removed bool // what the notice told was a removal, not a request
}

// askRevoke shows what revoking does. Opening the link changes nothing: mail
// programs open links of their own accord.
func (x *Room) askRevoke(w http.ResponseWriter, r *http.Request) error {
	var d revokeData
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		c, err := x.revocation(tx, r)
		if err != nil {
			return err
		}
		standing, err := tx.Standing(c.Account)
		d = revokeData{c.Expires, !slices.Contains(standing.Has, Kind)}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "revoke", web.View{Data: d})
	return nil
}

// revocation is the code of the link, if it is still good; else store.ErrNotFound.
func (x *Room) revocation(tx *store.Tx, r *http.Request) (store.Code, error) {
	c, err := tx.CodeByDigest(revocationPurpose, x.Broker.Ring.Digest(revocationPurpose, r.URL.Query().Get("c")))
	if err == nil && !tx.Now.Before(c.Expires) {
		err = store.ErrNotFound
	}
	return c, err
}

func (x *Room) showGone(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusGone, "gone", web.View{})
	return nil
}

// revoke needs no session: whoever reads the owner's mail may close the door,
// and only the owner's mail brings the code that opens it again.
func (x *Room) revoke(w http.ResponseWriter, r *http.Request) error {
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error {
		c, err := x.revocation(tx, r)
		if err != nil {
			return err
		}
		return x.shut(tx, c)
	})
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrStale) {
		return x.showGone(w, r)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, revokedPath)
}

// shut takes every credential off, since whoever asked knew the password, and
// closes the account with its sessions.
func (x *Room) shut(tx *store.Tx, c store.Code) error {
	if err := tx.SpendCode(c.ID); err != nil {
		return err
	}
	a, err := tx.Account(c.Account)
	if err != nil {
		return err
	}
	standing, err := tx.Standing(a.ID)
	if err != nil {
		return err
	}
	for _, kind := range standing.Has {
		if err := tx.RemoveCredential(a.ID, kind); err != nil {
			return err
		}
	}
	if err := tx.CloseAccount(a.ID); err != nil {
		return err
	}
	if _, err := x.Reopen(tx, a); err != nil {
		return err
	}
	var shut ledger.Event = ledger.AccountClosed{By: "link", Account: a.ID}
	if slices.Contains(standing.Has, Kind) {
		shut = ledger.FactorRevoked{Method: law.TOTP, Account: a.ID}
	}
	return x.append(tx, a.PersonID, shut,
		ledger.CodeSent{Purpose: "activation", Medium: notify.Mail, Account: a.ID})
}

// revoked says that it is done. It names nobody.
func (x *Room) revoked(w http.ResponseWriter, r *http.Request) error {
	x.pages.Show(w, r, http.StatusOK, "revoked", web.View{})
	return nil
}
