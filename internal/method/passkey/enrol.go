package passkey

import (
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"

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

// enrolment is what travels, sealed, to the second page of adding a key. Nothing
// is written before that is sent.
type enrolment struct {
	Account string `json:"a"`
	Name    string `json:"n"`
}

const (
	longestName = 40 // characters of what a citizen calls a key
	// longestPassword is how much of a password is read; what is longer is wrong.
	longestPassword = 4096
)

func (x *Room) enrol(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	if v.Step.Room != authn.Enrol || v.Step.Factor != authn.Passkey {
		return x.Broker.LeadOn(w, r, v)
	}
	if v.Session.Level(v.Rules) < law.Substantial { // whatever the request says
		return x.Broker.Go(w, r, v, func(t *authn.Transaction) { t.Request.Level = law.Substantial })
	}
	o, err := x.owner(r, v.Session.Account())
	if err != nil {
		return err
	}
	if len(o.keys) >= x.most() {
		return x.done(w, r, v)
	}
	var e enrolment
	if json.Unmarshal(v.Transaction.State, &e) != nil || e.Account != v.Session.Account() {
		return x.name(w, r, v, o)
	}
	return x.make(w, r, v, o, e)
}

// most is how many keys an account may have.
func (x *Room) most() int { return x.Broker.Law.MostPasskeys(x.Broker.Now()) }

// done leads on to what the request is for.
func (x *Room) done(w http.ResponseWriter, r *http.Request, v *broker.Visit) error {
	return x.Broker.Go(w, r, v, func(t *authn.Transaction) { t.Request.Enrol = "" })
}

func (x *Room) owner(r *http.Request, account string) (owner, error) {
	o := owner{handle: x.handle(account)}
	err := x.Broker.DB.View(r.Context(), func(tx *store.Tx) error {
		a, err := tx.Account(account)
		if err != nil {
			return err
		}
		o.username = string(a.Username)
		o.keys, err = tx.Passkeys(account)
		return err
	})
	return o, err
}

type nameData struct {
	Username string // for password managers
	Longest  int
}

// name is the first page: what the key is to be called, and the password once
// more. It comes first, so that no key is made that we then refuse.
func (x *Room) name(w http.ResponseWriter, r *http.Request, v *broker.Visit, o owner) error {
	view := web.View{Data: nameData{o.username, longestName}}
	if r.Method != http.MethodPost {
		return x.Broker.Show(w, r, v, x.pages, http.StatusOK, "name", view)
	}
	form, err := web.ReadForm(w, r, web.Field{Name: "name", Max: longestName * utf8.UTFMax}, web.Field{Name: "password", Max: longestPassword, Secret: true})
	if err != nil {
		return err
	}
	view.Form = form
	if status := checkName(form); status != 0 {
		return x.Broker.Show(w, r, v, x.pages, status, "name", view)
	}
	status, err := x.Confirm(w, r, v.Session.Account(), form, "password")
	if err != nil {
		return err
	}
	if status != 0 {
		return x.Broker.Show(w, r, v, x.pages, status, "name", view)
	}
	state, err := json.Marshal(enrolment{v.Session.Account(), form.Value("name")})
	if err != nil {
		return err
	}
	return x.Broker.Stay(w, r, v, state)
}

// checkName says on the form what is wrong with the name, and the status to show
// it with; 0 if nothing is.
func checkName(form *web.Form) int {
	switch n := utf8.RuneCountInString(form.Value("name")); {
	case n == 0:
		form.Fail("name", "passkey.name.missing")
	case n > longestName:
		form.Fail("name", "passkey.name.long", "Longest", longestName)
	}
	if form.OK() {
		return 0
	}
	return http.StatusUnprocessableEntity
}

type makeData struct {
	Name      string
	Options   string // what the browser asks the device for, as JSON
	Challenge string // the same, sealed
}

// make is the second page: the device makes the key.
func (x *Room) make(w http.ResponseWriter, r *http.Request, v *broker.Visit, o owner, e enrolment) error {
	if r.Method != http.MethodPost {
		return x.showMake(w, r, v, o, e, http.StatusOK, nil)
	}
	form, err := readAnswer(w, r)
	if err != nil {
		return err
	}
	fault, err := x.take(r, v, o, e, form)
	switch {
	case err != nil:
		return err
	case fault != "":
		form.Fail("", fault)
		return x.showMake(w, r, v, o, e, http.StatusUnprocessableEntity, form)
	}
	return x.done(w, r, v)
}

func (x *Room) showMake(w http.ResponseWriter, r *http.Request, v *broker.Visit, o owner, e enrolment, status int, form *web.Form) error {
	creation, asked, err := x.site.BeginRegistration(o, webauthn.WithExclusions(descriptors(o)))
	if err != nil {
		return err
	}
	raw, err := json.Marshal(creation.Response)
	if err != nil {
		return err
	}
	data := makeData{Name: e.Name, Options: string(raw)}
	if data.Challenge, err = x.seal(v, asked); err != nil {
		return err
	}
	return x.Broker.Show(w, r, v, x.pages, status, "make", web.View{Form: form, Data: data})
}

// descriptors name the keys there are, so that a device with one of them makes no other.
func descriptors(o owner) (all []protocol.CredentialDescriptor) {
	for _, c := range o.WebAuthnCredentials() {
		all = append(all, c.Descriptor())
	}
	return all
}

// take verifies what the device made (Web Authentication, 7.1) and records it, or
// says by a key what is wrong.
func (x *Room) take(r *http.Request, v *broker.Visit, o owner, e enrolment, form *web.Form) (fault string, err error) {
	c, good := x.unseal(v, form.Value("challenge"))
	if !form.OK() || !good {
		return "passkey.make.late", nil
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(form.Value("answer")))
	if err != nil {
		return "passkey.make.wrong", nil
	}
	made, err := x.site.CreateCredential(o, c.Asked, answer)
	if err != nil {
		return "passkey.make.wrong", nil
	}
	if o.has(made.ID) { // the second submit of the form that brought it
		return "", nil
	}
	if first, err := x.spend(r.Context(), c); err != nil || !first {
		return "passkey.make.late", err
	}
	err = x.Broker.DB.Update(r.Context(), func(tx *store.Tx) error {
		return x.add(tx, keyOf(e.Account, e.Name, made), v.Session.Person())
	})
	switch {
	case errors.Is(err, store.ErrTaken):
		return "passkey.make.known", nil
	case errors.Is(err, store.ErrStale): // closed, locked or full meanwhile: the next room says so
		return "", nil
	}
	return "", err
}

// add writes all of it: the key, the ledger, and notices with a way to revoke it.
// store.ErrStale: the account was closed or locked, or it has as many as may be.
func (x *Room) add(tx *store.Tx, k store.Passkey, person string) error {
	standing, err := tx.Standing(k.Account)
	if err != nil {
		return err
	}
	if !authn.Standing(standing).Open(tx.Now) || standing.Disposition.Locked {
		return store.ErrStale
	}
	if err := tx.AddPasskey(k, x.most()); err != nil {
		return err
	}
	link, until, err := x.Revocation(tx, k.Account, tx.Now.Add(x.Broker.Law.PlusRevocation(tx.Now)))
	if err != nil {
		return err
	}
	if err := notify.PostToAll(tx, person, notify.PasskeyAdded{At: tx.Now, RevokeLink: link, RevokeUntil: until}); err != nil {
		return err
	}
	return x.Broker.Ledger.AppendAll(tx, person,
		ledger.FactorRequested{Method: factorMethod, Account: k.Account},
		ledger.FactorAdded{Method: factorMethod, Account: k.Account},
		ledger.NoticeSent{Template: "passkey-added", Medium: notify.Mail, Account: k.Account})
}
