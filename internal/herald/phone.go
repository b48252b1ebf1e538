package herald

import (
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"kapu/internal/identity"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/notify"
	"kapu/internal/registration"
	"kapu/internal/store"
)

// Why a phone is not proven.
var (
	// ErrOften: no more codes by text message today.
	ErrOften = errors.New("herald: as many codes as the law gives in a day were sent")
	// ErrNoCode: none was sent, or its time is over.
	ErrNoCode = errors.New("herald: there is no code to compare with")
	// ErrWrong: it is another code.
	ErrWrong = errors.New("herald: the code is wrong")
)

// proofPurpose is that of codes that prove phones.
const proofPurpose = "phone-proof"

// aDay is the time over which codes are counted.
const aDay = 24 * time.Hour

// AskPhone sends a code to a phone that somebody says is theirs. ErrOften: they have had as many as there are in a day.
func (h *Herald) AskPhone(tx *store.Tx, a identity.Account, phone identity.Phone) error {
	n, err := tx.Notices(a.PersonID)
	if err != nil {
		return err
	}
	s, err := readSettings(n)
	if err != nil {
		return err
	}
	s.Sent = slices.DeleteFunc(slices.Clone(s.Sent), func(at time.Time) bool { return at.Before(tx.Now.Add(-aDay)) })
	if len(s.Sent) >= h.Law.PhoneProofsADay(tx.Now) {
		return ErrOften
	}
	s.Pending, s.Sent = phone, append(s.Sent, tx.Now)
	life, digits := h.Law.PhoneProof(tx.Now)
	until := tx.Now.Add(life)
	code, err := registration.RandomDigits(digits)
	if err != nil {
		return err
	}
	if err := tx.PutCode(store.Code{Account: a.ID, Purpose: proofPurpose, Digest: h.proofDigest(a, code), Expires: until}); err != nil {
		return err
	}
	if err := notify.Post(tx, notify.Recipient{Phone: phone.String(), Lang: a.Lang}, notify.PhoneProof{Code: code, Until: until}); err != nil {
		return err
	}
	if _, err := h.Ledger.Append(tx, a.PersonID, ledger.CodeSent{Purpose: proofPurpose, Medium: notify.SMS, Account: a.ID}); err != nil {
		return err
	}
	return h.save(tx, n, s)
}

func (h *Herald) proofDigest(a identity.Account, code string) string {
	return h.Ring.Digest(proofPurpose, a.ID+" "+code)
}

// ProvePhone takes a code. The right one makes the phone theirs, and notices go there too. ErrWrong, ErrNoCode: it
// does not. Callers bound the tries.
func (h *Herald) ProvePhone(tx *store.Tx, a identity.Account, method law.Method, code string) error {
	c, err := tx.Code(a.ID, proofPurpose)
	if errors.Is(err, store.ErrNotFound) || err == nil && !tx.Now.Before(c.Expires) {
		return ErrNoCode
	}
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(c.Digest), []byte(h.proofDigest(a, code))) != 1 {
		return ErrWrong
	}
	if err := tx.SpendCode(c.ID); err != nil {
		return err
	}
	err = h.change(tx, a, method, func(s *Settings) ledger.Event {
		if s.Pending == "" {
			return nil
		}
		s.Phone, s.Pending, s.Proven, s.SMS = s.Pending, "", tx.Now, true
		return ledger.PhoneProven{Account: a.ID}
	})
	return err
}

// ForgetPhone forgets a person's phone; what was told there is told by mail again.
func (h *Herald) ForgetPhone(tx *store.Tx, a identity.Account, method law.Method) error {
	return h.change(tx, a, method, func(s *Settings) ledger.Event {
		if s.Phone == "" {
			return nil
		}
		s.Phone, s.Pending, s.Proven, s.SMS, s.NoMail = "", "", time.Time{}, false, false
		return ledger.PhoneRemoved{Account: a.ID}
	})
}
