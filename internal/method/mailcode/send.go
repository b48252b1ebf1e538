package mailcode

import (
	"encoding/json"
	"net/http"
	"time"

	"kapu/internal/broker"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// send sends a code for the visit, and comes back with what it keeps of it, so
// that a reload sends no second one.
func (x *Room) send(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	account := v.Session.Account()
	now := x.Broker.Now()
	digits, life, hourly := x.Broker.Law.MailCode(now)
	n, err := x.Broker.Volatile.Increment(r.Context(), "mailcode/sent/"+account, time.Hour)
	if err != nil {
		return err
	}
	if n > int64(hourly) {
		return x.show(w, r, v, http.StatusTooManyRequests, nil, signInData{Often: true})
	}
	number, err := draw(numberDigits)
	if err != nil {
		return err
	}
	code, err := draw(digits)
	if err != nil {
		return err
	}
	s := sent{Account: account, Digest: digestOf(x.Broker.Ring, v.Transaction.ID, account, code), Number: number, Until: now.Add(life)}
	var rest time.Time
	err = x.Broker.DB.Update(r.Context(), func(tx *store.Tx) (err error) {
		if rest, err = rests(tx, account); err != nil || !rest.IsZero() {
			return err
		}
		return x.post(tx, account, notify.SignInCode{Code: code, Number: number, Until: s.Until})
	})
	if err != nil {
		return err
	}
	if !rest.IsZero() {
		return x.show(w, r, v, http.StatusForbidden, nil, signInData{Rest: rest})
	}
	state, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return x.Broker.Stay(w, r, v, state)
}

func (x *Room) post(tx *store.Tx, account string, m notify.SignInCode) error {
	a, err := tx.Account(account)
	if err != nil {
		return err
	}
	if err := notify.Post(tx, notify.Recipient{Email: string(a.Email), Lang: a.Lang}, m); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, a.PersonID, ledger.CodeSent{Purpose: "signin", Medium: notify.Mail, Account: a.ID})
}
