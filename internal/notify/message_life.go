package notify

import "time"

// Messages of an account's life: registration on the internet, validity, deletion.

// ProvisionalCode brings the one-time code of a provisional registration (R8), which also proves the address. Mail only.
type ProvisionalCode struct {
	Code  string // digits
	Link  string // the activation page
	Until time.Time
}

// AccountReminder says that an account will end unless it is extended (R6).
type AccountReminder struct {
	Until time.Time // the end
	Link  string    // where it is extended
}

// ProvisionalEnding says that a provisional account will end unless it is made final at an office (R8).
type ProvisionalEnding struct {
	Until time.Time // the end
	Link  string    // how to register at an office
}

// AccountExpired says that an account ended because its time was over, and that its data are deleted (R6).
type AccountExpired struct{ Until time.Time }

// AccountExtended says that an account is valid for longer.
type AccountExtended struct {
	Until time.Time
	Link  string // where the account is looked after
}

// AccountAdded says, to the addresses known before, that an office registered a further account for its person (R7).
type AccountAdded struct{ At time.Time }

// DeletionConfirm asks the citizen who wants an account deleted to confirm it. Mail only.
type DeletionConfirm struct {
	Link  string // the confirmation page
	Until time.Time
}

// DeletionAnnounced says that an account will be deleted, and how to stop that.
type DeletionAnnounced struct {
	Due      time.Time
	StopLink string // works until Due
}

// DeletionStopped says that an announced deletion was called off.
type DeletionStopped struct {
	At   time.Time
	Link string // where the account is looked after
}

// AccountDeleted says that an account and its data were deleted at its owner's request. It is the last letter.
type AccountDeleted struct{ At time.Time }

func (ProvisionalCode) kind() string   { return "provisional-code" }
func (AccountReminder) kind() string   { return "account-reminder" }
func (ProvisionalEnding) kind() string { return "provisional-ending" }
func (AccountExpired) kind() string    { return "account-expired" }
func (AccountExtended) kind() string   { return "account-extended" }
func (AccountAdded) kind() string      { return "account-added" }
func (DeletionConfirm) kind() string   { return "deletion-confirm" }
func (DeletionAnnounced) kind() string { return "deletion-announced" }
func (DeletionStopped) kind() string   { return "deletion-stopped" }
func (AccountDeleted) kind() string    { return "account-deleted" }

func (m ProvisionalCode) facts() facts   { return facts{Code: m.Code, Link: m.Link, Until: m.Until} }
func (m AccountReminder) facts() facts   { return facts{Link: m.Link, Until: m.Until} }
func (m ProvisionalEnding) facts() facts { return facts{Link: m.Link, Until: m.Until} }
func (m AccountExpired) facts() facts    { return facts{Until: m.Until} }
func (m AccountExtended) facts() facts   { return facts{Link: m.Link, Until: m.Until} }
func (m AccountAdded) facts() facts      { return facts{At: m.At} }
func (m DeletionConfirm) facts() facts   { return facts{Link: m.Link, Until: m.Until} }
func (m DeletionAnnounced) facts() facts { return facts{Link: m.StopLink, Until: m.Due} }
func (m DeletionStopped) facts() facts   { return facts{At: m.At, Link: m.Link} }
func (m AccountDeleted) facts() facts    { return facts{At: m.At} }
