package notify

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"kapu/internal/identity"
)

// A Message is something the gateway has to say. Only the types of message*.go are messages, so these files are the list
// of all that is ever sent. None of them holds a name, and only [UsernameReminder] holds usernames: the citizen knows
// theirs, others need not.
type Message interface {
	kind() string // begins the keys of its texts, and is the outbox's template
	facts() facts
}

// ActivationCode brings the one-time code of a new registration (R5). Mail only.
type ActivationCode struct {
	Code  string // digits
	Link  string // the activation page
	Until time.Time
}

// CodeResent brings a new code in place of an earlier one. Mail only.
type CodeResent struct {
	Code  string // digits
	Link  string // the activation page
	Until time.Time
}

// RegistrationLapsed says that a registration was deleted because nobody activated it (R5). Mail only.
type RegistrationLapsed struct {
	Until time.Time // the deadline that passed
}

// PlusRequested says that Ügyfélkapu+ was requested with a password alone, and how to take that back.
type PlusRequested struct {
	At          time.Time
	RevokeLink  string
	RevokeUntil time.Time
}

// PlusRevoked brings the code that opens an account again which was closed when its owner said from a notice that the
// request of Ügyfélkapu+, or its removal by code, was not theirs. Mail only.
type PlusRevoked struct {
	Code  string // digits
	Link  string // the activation page
	Until time.Time
}

// FactorRemoved says that the second factor was taken off.
type FactorRemoved struct {
	At   time.Time
	Link string // where the account is looked after
}

// FactorRemovedByCode says that the second factor was taken off with the removal code, and how to close the account if
// somebody else did it.
type FactorRemovedByCode struct {
	At          time.Time
	RevokeLink  string
	RevokeUntil time.Time
}

// PasswordChanged says that the password is a new one.
type PasswordChanged struct {
	At   time.Time
	Link string // where the account is looked after
}

// DispositionChanged says that somebody laid down anew how the person may be identified (R23).
type DispositionChanged struct {
	At   time.Time
	Link string // where the account is looked after
}

func (ActivationCode) kind() string      { return "activation-code" }
func (CodeResent) kind() string          { return "code-resent" }
func (RegistrationLapsed) kind() string  { return "registration-lapsed" }
func (PlusRequested) kind() string       { return "plus-requested" }
func (PlusRevoked) kind() string         { return "plus-revoked" }
func (FactorRemoved) kind() string       { return "factor-removed" }
func (FactorRemovedByCode) kind() string { return "factor-removed-by-code" }
func (PasswordChanged) kind() string     { return "password-changed" }

// SignInCode brings a one-time code for signing in. Mail only.
type SignInCode struct {
	Code   string // digits
	Number string // digits that the page shows, too
	Until  time.Time
}

// MailCodeRequested says that codes by mail were set up as the second factor, and how to shut the account.
type MailCodeRequested struct {
	At          time.Time
	RevokeLink  string
	RevokeUntil time.Time
}

// MailCodeRemoved says that codes by mail are the second factor no more.
type MailCodeRemoved struct {
	At   time.Time
	Link string // where the account is looked after
}

func (SignInCode) kind() string         { return "signin-code" }
func (MailCodeRequested) kind() string  { return "mailcode-requested" }
func (MailCodeRemoved) kind() string    { return "mailcode-removed" }
func (DispositionChanged) kind() string { return "disposition-changed" }

func (m SignInCode) facts() facts { return facts{Code: m.Code, Number: m.Number, Until: m.Until} }
func (m MailCodeRequested) facts() facts {
	return facts{At: m.At, Link: m.RevokeLink, Until: m.RevokeUntil}
}
func (m MailCodeRemoved) facts() facts { return facts{At: m.At, Link: m.Link} }

func (m ActivationCode) facts() facts     { return facts{Code: m.Code, Link: m.Link, Until: m.Until} }
func (m CodeResent) facts() facts         { return facts{Code: m.Code, Link: m.Link, Until: m.Until} }
func (m RegistrationLapsed) facts() facts { return facts{Until: m.Until} }
func (m PlusRequested) facts() facts {
	return facts{At: m.At, Link: m.RevokeLink, Until: m.RevokeUntil}
}
func (m PlusRevoked) facts() facts   { return facts{Code: m.Code, Link: m.Link, Until: m.Until} }
func (m FactorRemoved) facts() facts { return facts{At: m.At, Link: m.Link} }
func (m FactorRemovedByCode) facts() facts {
	return facts{At: m.At, Link: m.RevokeLink, Until: m.RevokeUntil}
}
func (m PasswordChanged) facts() facts    { return facts{At: m.At, Link: m.Link} }
func (m DispositionChanged) facts() facts { return facts{At: m.At, Link: m.Link} }

// facts is all that a text can speak of. The outbox keeps it as JSON, encrypted, until the message is sent.
type facts struct {
	Code   string    `json:"code,omitempty"`
	Number string    `json:"number,omitempty"` // digits to compare
	Link   string    `json:"link,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	Names  []string  `json:"names,omitempty"` // usernames

	Method  string `json:"method,omitempty"`  // by which somebody was identified
	Why     string `json:"why,omitempty"`     // a word for it among the texts
	Service string `json:"service,omitempty"` // its name
	Lines   []Line `json:"lines,omitempty"`   // of a statement
}

const (
	longestCode = 16   // digits
	longestLink = 1000 // bytes
	// MostUsernames is how many usernames a letter tells at most.
	MostUsernames = 20
)

var (
	errCode  = errors.New("notify: a code is 1 to 16 digits")
	errLink  = errors.New("notify: a link is an absolute http(s) address")
	errNames = errors.New("notify: 1 to 20 usernames, each of the alphabet of usernames")
)

// check refuses what would break out of a line of text or lead astray.
func (f facts) check() error {
	if len(f.Code) > longestCode || strings.Trim(f.Code+f.Number, "0123456789") != "" {
		return errCode
	}
	if len(f.Names) > MostUsernames {
		return errNames
	}
	for _, name := range f.Names {
		if _, err := identity.ParseUsername(name); err != nil {
			return errNames
		}
	}
	if err := f.checkWords(); err != nil {
		return err
	}
	return f.checkLink()
}

func (f facts) checkLink() error {
	if f.Link == "" {
		return nil
	}
	u, err := url.Parse(f.Link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(f.Link) > longestLink ||
		strings.ContainsAny(f.Link, " <>\"'\\`") {
		return errLink
	}
	return nil
}
