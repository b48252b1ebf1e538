package phone

import (
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// tell writes to every address known of the owner: those of their accounts, and
// the one to which their one-time password went.
func (g *Register) tell(tx *store.Tx, p store.Phone, m notify.Message, template string) error {
	if err := notify.PostToAll(tx, p.Person, m); err != nil {
		return err
	}
	accounts, err := tx.AccountsOf(p.Person)
	if err != nil {
		return err
	}
	to := notify.Recipient{Email: p.Contact.Email, Phone: p.Contact.Phone, Lang: p.Contact.Lang}
	for _, a := range accounts {
		if a.Email.String() == to.Email {
			return g.append(tx, p.Person, ledger.NoticeSent{Template: template, Medium: notify.Mail})
		}
	}
	if err := notify.Post(tx, to, m); err != nil {
		return err
	}
	return g.append(tx, p.Person, ledger.NoticeSent{Template: template, Medium: mediumOf(p.Contact)})
}
