// Package pkcs11 owns the signing keys that a security module keeps (PKCS #11
// v2.40): it has them made there, and has the module sign. It refuses to take a
// private key out, to put one in, and to make keys for an algorithm that it
// cannot sign under.
//
// It needs cgo and the build tag pkcs11:
//
//	CGO_ENABLED=1 go build -tags pkcs11 ./cmd/kapu
//
// Any other build says so when it is asked for a module.
package pkcs11

import (
	"errors"

	"kapu/internal/keys/rotation"
)

// Config says which module, and how to enter it.
type Config struct {
	Module string // path of the shared library
	Token  string // label of the token
	PIN    string // of the token's user
}

// Module is a security module that is open. Close it after use.
type Module interface {
	rotation.Holder
	Close() error
}

// ErrNotBuilt is returned by a build that knows no security modules.
var ErrNotBuilt = errors.New("pkcs11: this build of kapu knows no security modules; build it with CGO_ENABLED=1 go build -tags pkcs11 ./cmd/kapu")
