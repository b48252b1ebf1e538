package register

import (
	"context"
	"errors"

	"kapu/internal/identity"
)

// Population is the population register.
//
// Both calls only read, so they may be repeated. They err with ErrUnavailable, ErrRefused or ErrProtocol, wrapped
// without any personal data, or with the context's own error when the caller gave up.
type Population interface {
	// Check compares what a person states about themselves, and the document they show, with the register.
	Check(ctx context.Context, query Query) (Verdict, error)

	// ByReference is the present record of a person whom an earlier verdict named. It errs with ErrUnknown when the
	// register has no such person.
	ByReference(ctx context.Context, reference Reference) (Record, error)
}

// What can go wrong between the gateway and a register.
var (
	ErrUnavailable = errors.New("register: unavailable")                // down, too slow, or not asked because it was just down
	ErrRefused     = errors.New("register: refused the request")        // our certificate or our query is not welcome
	ErrProtocol    = errors.New("register: answer not understood")      // not the agreed interface
	ErrUnknown     = errors.New("register: no person by the reference") // ByReference only
)

// Reference names a person to this gateway alone: stable, opaque, and useless to others.
type Reference string

// Query is what a clerk typed: the stated data and the document on the desk.
type Query struct {
	// RequestID makes a repeated question recognisable: the same id gets the same trace number. Without one the
	// adapter makes one. It must not be derived from personal data.
	RequestID string `json:"-"`

	CurrentName identity.Name `json:"current_name"`
	identity.Core
	Address  identity.Address  `json:"address"`
	Document identity.Document `json:"document"`
}

// Record is a person as the register knows them now.
type Record struct {
	Person identity.Person `json:"person"`
	Status PersonStatus    `json:"status"`
}
