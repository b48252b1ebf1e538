package notify

import "time"

// Messages about a new e-mail address, and about what was lost.

// EmailConfirmNew asks at the new address whether it may become the account's. Mail only.
type EmailConfirmNew struct {
	Link  string // the confirmation page
	Until time.Time
}

// EmailConfirmOld asks at the present address whether another may take its place. The page of the link confirms or
// stops. Mail only.
type EmailConfirmOld struct {
	Link  string
	Until time.Time
}

// EmailChanged says that the account has another address now. It goes to the old one as well as to the new one.
type EmailChanged struct {
	At   time.Time
	Link string // where the account is looked after
}

// EmailChangeAnnounced says at the old address that an office will enter another, and how to stop that.
type EmailChangeAnnounced struct {
	Due      time.Time
	StopLink string // works until Due
}

// EmailChangeStopped says that the address remains as it was.
type EmailChangeStopped struct {
	At   time.Time
	Link string // where the account is looked after
}

// PasswordReset brings the link to a new password, to whoever named the account and its address. Mail only.
type PasswordReset struct {
	Link  string
	Until time.Time
}

// UsernameReminder tells the usernames of the active accounts at an address, to that address. It is the one letter that
// names usernames, for they are what was asked; it holds no link that would open an account with them. Mail only.
type UsernameReminder struct {
	Usernames []string // at most [MostUsernames]
	Link      string   // the sign-in page
}

// RemovalAnnounced says that the second factor will be taken off, and how to stop that.
type RemovalAnnounced struct {
	Due      time.Time
	StopLink string // works until Due
}

// RemovalStopped says that the second factor stays.
type RemovalStopped struct {
	At   time.Time
	Link string // where the account is looked after
}

func (EmailConfirmNew) kind() string      { return "email-confirm-new" }
func (EmailConfirmOld) kind() string      { return "email-confirm-old" }
func (EmailChanged) kind() string         { return "email-changed" }
func (EmailChangeAnnounced) kind() string { return "email-change-announced" }
func (EmailChangeStopped) kind() string   { return "email-change-stopped" }
func (PasswordReset) kind() string        { return "password-reset" }
func (UsernameReminder) kind() string     { return "username-reminder" }
func (RemovalAnnounced) kind() string     { return "removal-announced" }
func (RemovalStopped) kind() string       { return "removal-stopped" }

func (m EmailConfirmNew) facts() facts      { return facts{Link: m.Link, Until: m.Until} }
func (m EmailConfirmOld) facts() facts      { return facts{Link: m.Link, Until: m.Until} }
func (m EmailChanged) facts() facts         { return facts{At: m.At, Link: m.Link} }
func (m EmailChangeAnnounced) facts() facts { return facts{Link: m.StopLink, Until: m.Due} }
func (m EmailChangeStopped) facts() facts   { return facts{At: m.At, Link: m.Link} }
func (m PasswordReset) facts() facts        { return facts{Link: m.Link, Until: m.Until} }
func (m UsernameReminder) facts() facts     { return facts{Names: m.Usernames, Link: m.Link} }
func (m RemovalAnnounced) facts() facts     { return facts{Link: m.StopLink, Until: m.Due} }
func (m RemovalStopped) facts() facts       { return facts{At: m.At, Link: m.Link} }
