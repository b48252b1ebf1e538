//go:build !pkcs11 || !cgo

package pkcs11

// Open errs with [ErrNotBuilt].
func Open(Config) (Module, error) { return nil, ErrNotBuilt }
