package herald

import (
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Config is what a herald stands on.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Law    law.Table
	Ring   *keys.Ring
	Now    func() time.Time
	// Link makes the link by which a notice's receiver says that it was not them. Revocation has it.
	Link func(tx *store.Tx, a identity.Account, kind string, m law.Method) (link string, until time.Time, err error)
	// Service is a service's name in a language.
	Service func(id, lang string) string
	// Holder is how the holder of a telephone identifier is reached, and where they look after it; nobody for who has none.
	Holder func(tx *store.Tx, person string) (to notify.Recipient, home string, err error)
	Home   string // where an account is looked after, for the links in letters
}

// Herald is safe for concurrent use.
type Herald struct{ Config }

// Kinds of notices, as reports remember them.
const (
	aboutSignIn    = "signin"
	aboutForbidden = "forbidden"
	aboutSettings  = "settings"
)

// post tells a person by the ways they wish: the account's mailbox, their phone, or every address there is.
func (h *Herald) post(tx *store.Tx, a identity.Account, s Settings, everywhere bool, m notify.Message) error {
	to := notify.Recipient{Lang: a.Lang}
	if !s.NoMail {
		to.Email = a.Email.String()
	}
	if s.texted() {
		to.Phone = s.Phone.String()
	}
	var err error
	switch {
	case everywhere:
		err = notify.PostToAll(tx, a.PersonID, m)
	case to.Email != "" || to.Phone != "":
		err = notify.Post(tx, to, m)
	default: // a phone that is gone
		err = notify.Post(tx, notify.Recipient{Email: a.Email.String(), Lang: a.Lang}, m)
	}
	if err != nil {
		return err
	}
	media := []string{notify.Mail}
	if !everywhere && s.NoMail {
		media = nil
	}
	if s.texted() {
		media = append(media, notify.SMS)
	}
	for _, medium := range media {
		if _, err := h.Ledger.Append(tx, a.PersonID, ledger.NoticeSent{Template: notify.KindOf(m), Medium: medium, Account: a.ID}); err != nil {
			return err
		}
	}
	return nil
}
