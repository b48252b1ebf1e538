package passkey

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/store"
	"kapu/internal/web"
)

type signInData struct {
	Options    string // what the browser asks the key for, as JSON
	Challenge  string // the same, sealed
	ChooserURL string
}

func (x *Room) signIn(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	switch {
	case r.Method != http.MethodPost:
		return x.showSignIn(w, r, v, http.StatusOK, nil)
	case v.Step.Room != authn.Prove || v.Step.Factor != authn.Passkey:
		return x.Broker.LeadOn(w, r, v)
	}
	form, err := readAnswer(w, r)
	if err != nil {
		return err
	}
	if !form.OK() {
		return x.showSignIn(w, r, v, http.StatusUnprocessableEntity, form)
	}
	return x.prove(w, r, v, form)
}

func readAnswer(w http.ResponseWriter, r *http.Request) (*web.Form, error) {
	return web.ReadForm(w, r, web.Field{Name: "challenge", Max: longestChallenge}, web.Field{Name: "answer", Max: longestAnswer})
}

// ask makes a challenge to whatever key of this site the browser has.
func (x *Room) ask(v *broker.Visit) (options, sealed string, err error) {
	assertion, asked, err := x.site.BeginDiscoverableLogin()
	if err != nil {
		return "", "", err
	}
	raw, err := json.Marshal(assertion.Response)
	if err != nil {
		return "", "", err
	}
	sealed, err = x.seal(v, asked)
	return string(raw), sealed, err
}

func (x *Room) showSignIn(w http.ResponseWriter, r *http.Request, v *broker.Visit, status int, form *web.Form) error {
	chooser, err := x.Broker.BackToChooser(v)
	if err != nil {
		return err
	}
	data := signInData{ChooserURL: chooser}
	if data.Options, data.Challenge, err = x.ask(v); err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "signin", web.View{Form: form, Data: data})
}

// refuse shows the page again with what was wrong, and another challenge.
func (x *Room) refuse(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, key string) error {
	form.Fail("", key)
	return x.showSignIn(w, r, v, http.StatusUnprocessableEntity, form)
}

// prove verifies the answer. Whatever is wrong with it is told by one text, until
// the key has shown that it is the account's.
func (x *Room) prove(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form) error {
	c, good := x.unseal(v, form.Value("challenge"))
	if !good {
		return x.refuse(w, r, v, form, "passkey.signin.late")
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(form.Value("answer")))
	if err != nil {
		return x.refuse(w, r, v, form, "passkey.signin.wrong")
	}
	shown, wait, err := x.attempt(r, c, answer)
	switch {
	case err != nil:
		return err
	case wait > 0:
		return x.showWait(w, r, v, form, wait)
	case shown.fault != "":
		return x.refuse(w, r, v, form, shown.fault)
	}
	if first, err := x.spend(r.Context(), c); err != nil || !first {
		return x.used(w, r, v, form, err)
	}
	if shown.copied {
		return x.suspect(w, r, v, form, shown)
	}
	err = x.Broker.Complete(w, r, v, x.proof(shown.key, shown.person), func(tx *store.Tx) error {
		return tx.UsePasskey(shown.key.ID, shown.counter, shown.backedUp)
	})
	if errors.Is(err, store.ErrStale) { // removed, or used beside this, since it was read
		return x.refuse(w, r, v, form, "passkey.signin.wrong")
	}
	return err
}

// used refuses an answer that came before, unless this is the second submit of
// the very form that brought it.
func (x *Room) used(w http.ResponseWriter, r *http.Request, v *broker.Visit, form *web.Form, err error) error {
	if err != nil {
		return err
	}
	done, err := x.Broker.Repeat(w, r, v)
	if err != nil || done {
		return err
	}
	return x.refuse(w, r, v, form, "passkey.signin.late")
}

// Shortcut lets a browser offer a passkey on the page of another method of the
// same visit (conditional mediation); nil where a passkey would not do.
func (x *Room) Shortcut(v *broker.Visit) (*broker.Shortcut, error) {
	m, offered := v.Rules.Method(factorMethod)
	if !offered || !v.Transaction.Request.Allows(m) || v.Session.Account() != "" {
		return nil, nil
	}
	action, err := x.Broker.Way(v, string(authn.Passkey), func(t *authn.Transaction) { t.Chosen = factorMethod })
	if err != nil {
		return nil, err
	}
	options, sealed, err := x.ask(v)
	return &broker.Shortcut{Script: script, Action: action, Options: options, Challenge: sealed}, err
}
