package herald

import (
	"context"
	"errors"

	"kapu/internal/identity"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Identified tells a person of an identification, if the rules say so, in the transaction that records it.
func (h *Herald) Identified(tx *store.Tx, i notice.Identification) error {
	n, err := tx.Notices(i.Person)
	if err != nil {
		return err
	}
	s, err := readSeen(n)
	if err != nil {
		return err
	}
	settings, err := readSettings(n)
	if err != nil {
		return err
	}
	f, err := h.facts(tx, i, s)
	if err != nil {
		return err
	}
	if !i.Forbidden {
		if err := saveSeen(tx, i.Person, s.with(h.network(i), i.Method, tx.Now, h.Law.NetworkMemory(tx.Now))); err != nil {
			return err
		}
	}
	return h.tell(tx, i, settings, h.judge(tx, settings, f))
}

func (h *Herald) judge(tx *store.Tx, s Settings, f notice.Facts) notice.Verdict {
	return notice.Judge(s.Wish, f, notice.Limits{Delays: h.Law.SuspiciousDelays(tx.Now), Apart: h.Law.Apart(tx.Now)})
}

// tell posts the notice with its link. What is suspicious goes to every address: one of them may be in wrong hands.
func (h *Herald) tell(tx *store.Tx, i notice.Identification, s Settings, v notice.Verdict) error {
	if !v.Tell {
		return nil
	}
	a, err := addressee(tx, i)
	if err != nil {
		return err
	}
	if a.ID == "" {
		return h.tellHolder(tx, i, v)
	}
	about := aboutSignIn
	if i.Forbidden {
		about = aboutForbidden
	}
	link, until, err := h.Link(tx, a, about, i.Method)
	if err != nil {
		return err
	}
	var m notify.Message = notify.SignInNotice{At: tx.Now, Method: i.Method, Link: link, Until: until}
	switch {
	case i.Forbidden:
		m = notify.ForbiddenAlert{At: tx.Now, Method: i.Method, Link: link, Until: until}
	case v.Suspicious:
		m = notify.SignInAlert{At: tx.Now, Method: i.Method, Why: string(v.Reason), Link: link, Until: until}
	case i.Service != "":
		m = notify.ServiceNotice{At: tx.Now, Service: h.Service(i.Service, a.Lang), Link: link, Until: until}
	}
	return h.post(tx, a, s, v.Suspicious, m)
}

// tellHolder tells who has no account that is open, but a telephone identifier, where its password went. Reports belong
// to accounts: the letter leads to where another password is chosen, which signs everybody out.
func (h *Herald) tellHolder(tx *store.Tx, i notice.Identification, v notice.Verdict) error {
	to, home, err := h.Holder(tx, i.Person)
	if err != nil || to == (notify.Recipient{}) {
		return err
	}
	used := notify.PhoneUsed{At: tx.Now, Link: home}
	if v.Suspicious {
		used.Why = string(v.Reason)
	}
	var m notify.Message = used
	if i.Forbidden {
		m = notify.PhoneRefused{At: tx.Now}
	}
	if err := notify.Post(tx, to, m); err != nil {
		return err
	}
	_, err = h.Ledger.Append(tx, i.Person, ledger.NoticeSent{Template: notify.KindOf(m), Medium: to.Medium()})
	return err
}

// addressee is the account that hears of an identification: its own, or, where it was made with the telephone's
// credential, which is a person's and no account, the oldest that is open. Nobody has none: a.ID is "".
func addressee(tx *store.Tx, i notice.Identification) (a identity.Account, err error) {
	if a, err = tx.Account(i.Account); !errors.Is(err, store.ErrNotFound) {
		return a, err
	}
	all, err := tx.AccountsOf(i.Person)
	for _, a := range all {
		if a.State == identity.Active {
			return a, err
		}
	}
	return identity.Account{}, err
}

// Passed tells of single sign-on to a service that the session had not reached, to those who wish to hear of every one.
// All others cost one look.
func (h *Herald) Passed(ctx context.Context, i notice.Identification) error {
	var settings Settings
	err := h.DB.View(ctx, func(tx *store.Tx) error {
		n, err := tx.Notices(i.Person)
		if err == nil {
			settings, err = readSettings(n)
		}
		return err
	})
	if err != nil || settings.Wish != notice.Every {
		return err
	}
	return h.DB.Update(ctx, func(tx *store.Tx) error {
		return h.tell(tx, i, settings, h.judge(tx, settings, notice.Facts{Passed: true, KnownDevice: true}))
	})
}

// Closed tells a person what a desk found out about what they reported.
func (h *Herald) Closed(tx *store.Tx, a identity.Account, result string) error {
	return h.post(tx, a, Settings{}, false, notify.ReportClosed{At: tx.Now, Result: result, Link: h.Home})
}
