package life

import (
	"errors"
	"log/slog"
	"time"

	"kapu/internal/identity"
	"kapu/internal/keys"
	"kapu/internal/law"
	"kapu/internal/ledger"
	"kapu/internal/store"
)

// Errors that callers tell apart.
var (
	// ErrGone: the link, the act or the account is over, or never was.
	ErrGone = errors.New("life: over")
	// ErrProvisional: a provisional account is made final at a desk, not extended (R8).
	ErrProvisional = errors.New("life: a provisional account cannot be extended")
	// ErrNotLonger: the account is valid for as long already.
	ErrNotLonger = errors.New("life: not longer than it is")
	// ErrSameEmail: the account has that address.
	ErrSameEmail = errors.New("life: the address is the present one")
	// ErrNoFactor: the account has no second factor.
	ErrNoFactor = errors.New("life: no second factor")
)

// Reasons for which an account ends, as the ledger and the tombstone name them.
const (
	Expired     = "expired"     // its time was over (R6)
	Deleted     = "deleted"     // its owner asked for it (R14)
	Provisional = "provisional" // it was never made final (R8)
	ClosedOut   = "closed-out"  // a registration took its place (R11)
)

// Config is what the life of accounts stands on.
type Config struct {
	DB     *store.DB
	Ledger *ledger.Ledger
	Law    law.Table
	Ring   *keys.Ring
	Issuer string // begins the links in letters; no slash at the end
	Now    func() time.Time
	Log    *slog.Logger
	// Ending is told of accounts in the transaction in which they end, before they
	// are gone: for what ends with them. It may be nil.
	Ending func(tx *store.Tx, accounts []identity.Account) error
}

// Life knows what may happen to an account and when. It is safe for concurrent use.
type Life struct{ Config }

// New returns the life of accounts.
func New(c Config) *Life { return &Life{c} }

// Actor is who asks: a clerk at an office, or, when zero, the citizen.
type Actor struct {
	Clerk  string `json:"clerk,omitempty"` // id of the clerk's account
	Office string `json:"office,omitempty"`
}

// name is the actor as the ledger calls them.
func (by Actor) name() string {
	if by.Office != "" {
		return "office"
	}
	return "citizen"
}

// over tells whether the account's time is over, be its end carried out or not.
func over(a identity.Account, now time.Time) bool { return !now.Before(a.ValidUntil) }

// home is where an account is looked after.
func (l *Life) home() string { return l.Issuer + "/account" }
