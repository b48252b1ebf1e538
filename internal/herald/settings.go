package herald

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notice"
	"kapu/internal/notify"
	"kapu/internal/store"
)

// Settings are what a person wishes to be told, and by what way. The zero Settings are those of everybody who said
// nothing: what is important, by mail. They are kept sealed with the person's key.
type Settings struct {
	notify.Reach
	Wish    notice.Wish    `json:"wish,omitempty"`
	NoMail  bool           `json:"no-mail,omitempty"` // identifications only; changes are told by mail whatever somebody wishes
	Proven  time.Time      `json:"proven,omitzero"`   // when the phone was
	Pending identity.Phone `json:"pending,omitempty"` // a code is on its way to it
	Sent    []time.Time    `json:"sent,omitempty"`    // codes of the last day
	Monthly bool           `json:"monthly,omitempty"` // a statement is wished
}

func (s Settings) texted() bool { return s.SMS && s.Phone != "" }

// media are the ways of notices, for the ledger.
func (s Settings) media() string {
	var all []string
	if !s.NoMail {
		all = append(all, notify.Mail)
	}
	if s.texted() {
		all = append(all, notify.SMS)
	}
	return strings.Join(all, " ")
}

func readSettings(n store.Notices) (s Settings, err error) {
	if len(n.Settings) > 0 {
		err = json.Unmarshal(n.Settings, &s)
	}
	s.Wish = s.Wish.Known()
	return s, err
}

// Settings are those of a person.
func (h *Herald) Settings(tx *store.Tx, person string) (Settings, error) {
	n, err := tx.Notices(person)
	if err != nil {
		return Settings{}, err
	}
	return readSettings(n)
}

// Wishes are what a person can change at once.
type Wishes struct {
	Wish      notice.Wish
	Mail, SMS bool
	Monthly   bool
}

// Wishes are those of the settings.
func (s Settings) Wishes() Wishes { return Wishes{s.Wish.Known(), !s.NoMail, s.texted(), s.Monthly} }

// Wish lays down what a person wishes to be told, and tells them so by the old way and by the new one. method is how
// they are signed in. Nothing happens where nothing changes. store.ErrStale: somebody else was first.
func (h *Herald) Wish(tx *store.Tx, a identity.Account, method law.Method, w Wishes) error {
	return h.change(tx, a, method, func(s *Settings) ledger.Event {
		if w.SMS = w.SMS && s.Phone != ""; s.Wishes() == w {
			return nil
		}
		s.Wish, s.NoMail, s.SMS, s.Monthly = w.Wish.Known(), !w.Mail, w.SMS, w.Monthly
		return s.set(a)
	})
}

func (s Settings) set(a identity.Account) ledger.Event {
	e := ledger.NoticesSet{Wish: string(s.Wish), Media: s.media(), Account: a.ID}
	if s.Monthly {
		e.Statement = "monthly"
	}
	return e
}

// change makes a change of a person's settings that says what to record; nil for nothing. Every address and the phone
// as they were before are told, and the phone that is there after.
func (h *Herald) change(tx *store.Tx, a identity.Account, method law.Method, f func(*Settings) ledger.Event) error {
	n, err := tx.Notices(a.PersonID)
	if err != nil {
		return err
	}
	before, err := readSettings(n)
	if err != nil {
		return err
	}
	after := before
	after.Sent = slices.Clone(before.Sent)
	event := f(&after)
	if event == nil {
		return nil
	}
	if _, err := h.Ledger.Append(tx, a.PersonID, event); err != nil {
		return err
	}
	link, until, err := h.Link(tx, a, aboutSettings, method)
	if err != nil {
		return err
	}
	told := notify.NoticesChanged{At: tx.Now, Link: link, Until: until}
	if err := h.post(tx, a, before, true, told); err != nil {
		return err
	}
	if after.texted() && (!before.texted() || before.Phone != after.Phone) {
		if err := notify.Post(tx, notify.Recipient{Phone: after.Phone.String(), Lang: a.Lang}, told); err != nil {
			return err
		}
	}
	return h.save(tx, n, after)
}

// save keeps settings in place of those that were read.
func (h *Herald) save(tx *store.Tx, n store.Notices, s Settings) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	n.Settings = raw
	switch {
	case !s.Monthly:
		n.Statement = 0
	case n.Statement == 0:
		n.Statement = monthOf(tx.Now)
	}
	return tx.SaveNotices(n)
}
