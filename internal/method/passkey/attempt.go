package passkey

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
	"kapu/internal/web"
)

// factorMethod is the method that a passkey alone makes up.
const factorMethod = law.Passkey

// shown is what an answer has shown.
type shown struct {
	fault    string // the key of what is wrong with it, or ""
	key      store.Passkey
	person   string
	counter  uint32
	backedUp bool
	copied   bool // the counter has not grown: there are two of the key
}

// attempt verifies an answer, unless wrong ones bring a delay first; then wait is
// above zero and nothing was looked at.
func (x *Room) attempt(r *http.Request, c challenge, answer *protocol.ParsedCredentialAssertionData) (s shown, wait time.Duration, err error) {
	ctx := r.Context()
	key, standing, err := x.holder(ctx, answer.RawID)
	if err != nil {
		return s, 0, err
	}
	a := x.Broker.Attempt(r, x.Gate, base64.RawURLEncoding.EncodeToString(answer.RawID), key.Account)
	if wait, err = a.Begin(ctx); err != nil || wait > 0 {
		return s, wait, err
	}
	s = x.verify(c, answer, key, standing)
	if s.fault != "" {
		return s, 0, errors.Join(a.Failed(ctx), x.notes.Delayed(ctx, a, standing.Person, ledger.Throttled{Method: factorMethod, Scope: "account"}))
	}
	return s, 0, a.Succeeded(ctx)
}

// Rest waits until what is written apart from the answers is written.
func (x *Room) Rest() { x.notes.Rest() }

// holder looks up whose key that is; zero for a key that nobody has.
func (x *Room) holder(ctx context.Context, credential []byte) (k store.Passkey, s authn.Standing, err error) {
	err = x.Broker.DB.View(ctx, func(tx *store.Tx) (err error) {
		if k, err = tx.PasskeyByCredential(credential); err != nil {
			return err
		}
		s, err = tx.Standing(k.Account)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return store.Passkey{}, authn.Standing{}, nil
	}
	return k, s, err
}

var errNobody = errors.New("passkey: nobody has that key")

// verify holds the answer to the challenge (Web Authentication, 7.2).
func (x *Room) verify(c challenge, answer *protocol.ParsedCredentialAssertionData, k store.Passkey, standing authn.Standing) shown {
	record, err := x.site.ValidateDiscoverableLogin(func([]byte, []byte) (webauthn.User, error) {
		if k.ID == "" {
			return nil, errNobody
		}
		return owner{handle: x.handle(k.Account), keys: []store.Passkey{k}}, nil
	}, c.Asked, answer)
	switch {
	case err != nil, !standing.Open(x.Broker.Now()):
		return shown{fault: "passkey.signin.wrong"}
	case !k.Suspected.IsZero():
		return shown{fault: "passkey.signin.suspected"}
	}
	return shown{key: k, person: standing.Person, counter: record.Authenticator.SignCount,
		backedUp: record.Flags.BackupState, copied: record.Authenticator.CloneWarning}
}

func (x *Room) showWait(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, wait time.Duration) error {
	web.RetryAfter(w, wait)
	form.Fail("", "passkey.wait", "Wait", wait)
	return x.showSignIn(w, r, v, http.StatusTooManyRequests, form)
}

// suspect sets a key aside of which there are two (Web Authentication, 6.1.1):
// which of them its owner holds, nobody can tell.
func (x *Room) suspect(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, s shown) error {
	account, address := s.key.Account, x.Broker.Address(r)
	err := x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error {
		if err := tx.SuspectPasskey(account, s.key.ID); err != nil {
			return err
		}
		if err := notify.PostToAll(tx, s.person, notify.PasskeySuspected{At: tx.Now, Link: x.home()}); err != nil {
			return err
		}
		return x.Broker.Ledger.AppendAll(tx, s.person,
			ledger.PasskeySuspected{Account: account, Address: address},
			ledger.NoticeSent{Template: "passkey-suspected", Medium: notify.Mail, Account: account})
	})
	if err != nil && !errors.Is(err, store.ErrStale) { // stale: set aside by another attempt at the same time
		return err
	}
	return x.refuse(w, r, v, form, "passkey.signin.copied")
}
