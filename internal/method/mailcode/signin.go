package mailcode

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

type signInData struct {
	Number     string    // to compare with the letter
	Digits     int       // of the code
	Until      time.Time // it can be typed
	Enrolling  bool      // the factor is being set up
	Often      bool      // no more codes in this hour
	Rest       time.Time // codes count for nothing until then
	ChooserURL string
}

// longestTyped is how much of a code is read, blanks among it.
const longestTyped = 32

// ask serves both rooms: a code proves the factor, and sets it up where it is not.
func (x *Room) ask(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if v.Step.Factor != authn.MailCode || v.Step.Room != authn.Prove && v.Step.Room != authn.Enrol {
		return x.Broker.LeadOn(w, r, v)
	}
	if v.Step.Room == authn.Enrol && slices.Contains(v.Standing.Has, Kind) {
		return x.Broker.Go(w, r, v, func(t *authn.Transaction) { t.Request = broker.Request(law.Substantial, managePath) })
	}
	s := readSent(v.Transaction.State)
	counts := s.counts(v.Session.Account(), x.Broker.Now())
	if r.Method != http.MethodPost {
		if !counts {
			return x.send(w, r, v)
		}
		return x.show(w, r, v, http.StatusOK, nil, x.dataOf(s))
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "code", Max: longestTyped}, web.Field{Name: "again", Max: len("yes")})
	if err != nil {
		return err
	}
	if !counts || form.Value("again") != "" {
		return x.send(w, r, v)
	}
	if form.OK() && form.Value("code") == "" {
		form.Fail("code", "mailcode.missing")
	}
	if !form.OK() {
		return x.show(w, r, v, http.StatusUnprocessableEntity, form, x.dataOf(s))
	}
	return x.prove(w, r, v, form, s)
}

func (x *Room) dataOf(s sent) signInData {
	digits, _, _ := x.Broker.Law.MailCode(x.Broker.Now())
	return signInData{Number: s.Number, Digits: digits, Until: s.Until}
}

func (x *Room) show(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form, d signInData) (err error) {
	d.Enrolling = v.Step.Room == authn.Enrol
	if d.ChooserURL, err = x.Broker.BackToChooser(v); err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "signin", web.View{Form: form, Data: d})
}

// prove compares the code and spends it; of two equal forms one is good, and the
// other ends where it did.
func (x *Room) prove(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, s sent) error {
	code := broker.Secret{Gate: x.Gate, Name: v.Session.Account(), Note: ledger.Throttled{Method: law.MailCode, Scope: "account"}}
	ok, wait, err := x.Broker.Try(r, v, code, func() bool { return s.fits(x.Broker.Ring, v.Transaction.ID, form.Value("code")) })
	if err != nil {
		return err
	}
	if wait > 0 {
		web.RetryAfter(w, wait)
		form.Fail("code", "mailcode.wait", "Wait", wait)
		return x.show(w, r, v, http.StatusTooManyRequests, form, x.dataOf(s))
	}
	if !ok {
		form.Fail("code", "mailcode.wrong")
		return x.show(w, r, v, http.StatusUnprocessableEntity, form, x.dataOf(s))
	}
	n, err := x.Broker.Volatile.Increment(r.Context(), "mailcode/used/"+s.Digest, s.Until.Sub(x.Broker.Now()))
	if err != nil {
		return err
	}
	if n > 1 {
		return x.Broker.LeadOn(w, r, v)
	}
	e := authn.Event{Factor: authn.MailCode, At: x.Broker.Now(), Account: s.Account, Person: v.Session.Person()}
	err = x.Broker.Complete(w, r, v, e, func(tx *store.Tx) error { return x.proved(tx, v) })
	if errors.Is(err, store.ErrStale) {
		return x.Broker.LeadOn(w, r, v)
	}
	return err
}

// proved writes what goes with the proof: where the factor is set up, all of it.
// store.ErrStale: it was taken off meanwhile, or codes were put to rest.
func (x *Room) proved(tx *store.Tx, v *broker.Visit) error {
	account := v.Session.Account()
	rest, err := rests(tx, account)
	if err != nil {
		return err
	}
	if !rest.IsZero() {
		return store.ErrStale
	}
	if v.Step.Room == authn.Enrol {
		return x.add(tx, account, v.Session.Person())
	}
	_, err = tx.Credential(account, Kind)
	if errors.Is(err, store.ErrNotFound) {
		return store.ErrStale
	}
	return err
}

// add sets the factor up, and tells every address of the person, with the link by
// which the account can be shut.
func (x *Room) add(tx *store.Tx, account, person string) error {
	if err := tx.PutCredential(store.Credential{Account: account, Kind: Kind}); err != nil {
		return err
	}
	link, until, err := x.Revocation(tx, account, tx.Now.Add(x.Broker.Law.PlusRevocation(tx.Now)))
	if err != nil {
		return err
	}
	if err := notify.PostToAll(tx, person, notify.MailCodeRequested{At: tx.Now, RevokeLink: link, RevokeUntil: until}); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, person,
		ledger.FactorRequested{Method: law.MailCode, Account: account},
		ledger.FactorAdded{Method: law.MailCode, Account: account},
		ledger.NoticeSent{Template: "mailcode-requested", Medium: notify.Mail, Account: account})
}
