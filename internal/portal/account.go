package portal

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kapu/internal/authn"
	"kapu/internal/broker"
	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/store"
	"kapu/internal/web"
)

// accountData is the dot of "my account".
type accountData struct {
	Who         *greeting
	Person      identity.Person
	Address     string // on one line
	Identifiers []identifier
	Account     identity.Account
	Registered  string // the office that registered the account
	Accounts    int    // how many the person has
	Waiting     []waiting
	Methods     []method
	Session     sessionData
	Recent      []told
}

// identifier is a number of a person's, shown by its end.
type identifier struct {
	Key    string
	Value  string
	Hidden string // as many dots as characters are covered
	End    string
}

// shownDigits is how much of an identifier stands open: enough to recognise
// one's own, too little for whoever looks over one's shoulder.
const shownDigits = 3

func identifierOf(key, value string) identifier {
	runes := []rune(value)
	cut := max(0, len(runes)-shownDigits)
	dots := make([]rune, cut)
	for i := range dots {
		dots[i] = '•'
	}
	return identifier{Key: key, Value: value, Hidden: string(dots), End: string(runes[cut:])}
}

func identifiersOf(p identity.Person) (found []identifier) {
	for _, i := range []identifier{
		identifierOf("portal.account.personal-id", p.PersonalID.String()),
		identifierOf("portal.account.tax-number", p.TaxNumber.String()),
		identifierOf("portal.account.taj", p.TAJ.String()),
	} {
		if i.Value != "" {
			found = append(found, i)
		}
	}
	return found
}

// addressLine is an address as it is written on a letter, on one line. The
// country is named where it is not ours.
func addressLine(a identity.Address) string {
	if a.Settlement == "" {
		return ""
	}
	line := strings.TrimSpace(a.PostalCode+" "+a.Settlement) + ", " + a.Street
	if a.Country != identity.Hungary {
		line += " (" + a.Country + ")"
	}
	return line
}

// method is a card: a means of identification and what can be done with it.
type method struct {
	Factor authn.Factor
	Key    string // of its name; what there is to say of it is beside it
	Icon   string
	Since  time.Time // zero: the account does not have it
	Manage string    // address of its room, where it is begun and changed
}

// waiting is something announced for the account that can still be stopped.
type waiting struct {
	Key  string // of the sentence
	Due  time.Time
	Link string // where it is shown, and stopped
}

// waitingOf tells what waits, by the kinds of acts; the room of the citizen's own
// acts shows and stops it.
func waitingOf(acts []store.PendingAct, now time.Time) (list []waiting) {
	tells := map[string]waiting{
		"delete":      {Key: "portal.account.waiting.delete", Link: "/account/delete"},
		"email":       {Key: "portal.account.waiting.email", Link: "/account/email"},
		"remove-totp": {Key: "portal.account.waiting.remove-totp", Link: "/account/stop/remove-totp"},
	}
	for _, a := range acts {
		if told, known := tells[a.Kind]; known && now.Before(a.Due) {
			told.Due = a.Due
			list = append(list, told)
		}
	}
	return list
}

// sessionData is what there is to say of the session.
type sessionData struct {
	Until    time.Time // it ends then at the latest
	Idle     time.Duration
	Services []string
}

// account shows "my account".
func (x *Room) account(w http.ResponseWriter, r *http.Request) error {
	c := broker.Of(r.Context())
	d := accountData{Who: x.greet(r, c), Session: x.sessionOf(c, web.Language(r))}
	err := x.DB.View(r.Context(), func(tx *store.Tx) error { return x.fill(tx, c, &d) })
	if err != nil {
		return err
	}
	x.pages.Show(w, r, http.StatusOK, "account", web.View{Data: d})
	return nil
}

func (x *Room) fill(tx *store.Tx, c broker.Current, d *accountData) (err error) {
	if d.Person, err = tx.Person(c.Session.Person()); err != nil {
		return err
	}
	d.Identifiers, d.Address = identifiersOf(d.Person), addressLine(d.Person.Address)
	if d.Account, err = tx.Account(c.Session.Account()); err != nil {
		return err
	}
	if d.Registered, err = x.officeName(tx, d.Account.Office); err != nil {
		return err
	}
	if d.Methods, err = methodsOf(tx, c.Session.Account()); err != nil {
		return err
	}
	if err := standOf(tx, d); err != nil {
		return err
	}
	found, err := x.read(tx, c.Session.Person(), ledger.Filter{}, "", recentOnAccount)
	d.Recent = found.Entries
	return err
}

// standOf reads what waits on the account, and how many others there are.
func standOf(tx *store.Tx, d *accountData) error {
	acts, err := tx.ActsOf(d.Account.ID)
	if err != nil {
		return err
	}
	d.Waiting = waitingOf(acts, tx.Now)
	all, err := tx.AccountsOf(d.Account.PersonID)
	d.Accounts = len(all)
	return err
}

// methods are the cards there are, the strongest first.
func methods() []method {
	return []method{
		{Factor: authn.TOTP, Key: "portal.account.plus", Icon: "lock", Manage: "/account/plus"},
		{Factor: authn.Passkey, Key: "portal.account.passkey", Icon: "passkey", Manage: "/account/passkeys"},
		{Factor: authn.MailCode, Key: "portal.account.mailcode", Icon: "mail", Manage: "/account/mailcode"},
		{Factor: authn.Password, Key: "portal.account.password", Icon: "key", Manage: "/account/password"},
	}
}

// methodsOf are the cards with what the account has of them.
func methodsOf(tx *store.Tx, account string) ([]method, error) {
	cards := methods()
	for i := range cards {
		credential, err := tx.Credential(account, string(cards[i].Factor))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		cards[i].Since = credential.Created
	}
	return cards, nil
}

func (x *Room) sessionOf(c broker.Current, lang web.Lang) sessionData {
	d := sessionData{Until: c.Session.Began().Add(c.Rules.SessionLife), Idle: c.Rules.SessionIdle}
	for _, v := range c.Session.Visits {
		if s := x.Catalogue.Service(v.Service); s != nil {
			d.Services = append(d.Services, offerOf(s, lang).Name)
		}
	}
	return d
}
