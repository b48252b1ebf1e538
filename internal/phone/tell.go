package phone

import (
	"errors"

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
	to, told := notify.HolderOf(p), len(accounts) == 0 // then that address was the one there is
	for _, a := range accounts {
		told = told || a.Email.String() == to.Email
	}
	if !told {
		err = notify.Post(tx, to, m)
	}
	if err != nil {
		return err
	}
	return g.append(tx, p.Person, ledger.NoticeSent{Template: template, Medium: to.Medium()})
}

// Holder is how the holder of a credential is reached, at the address to which their
// one-time password went, and where they look after it; nobody for who has none.
func (g *Register) Holder(tx *store.Tx, person string) (to notify.Recipient, home string, err error) {
	p, err := tx.PhoneOf(person)
	if errors.Is(err, store.ErrNotFound) {
		return to, "", nil
	}
	return notify.HolderOf(p), g.Home, err
}
